"""Addresses of hiding the screen."""

from django.urls import path

from hub.cover import views

urlpatterns = [
    path("hide/", views.hide, name="hub-hide"),
    path("show/", views.show, name="hub-show"),
]
