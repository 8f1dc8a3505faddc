"""Addresses of the trail's search."""

from django.urls import path

from hub.trail import views

urlpatterns = [
    path("", views.search, name="hub-trail"),
    path("<str:number>/", views.results, name="hub-trail-results"),
]
