"""Addresses of places put forward."""

from django.urls import path

from risk.places import views

urlpatterns = [
    path("new/", views.new, name="risk-place-new"),
    path("<int:number>/back/", views.take_back, name="risk-place-take-back"),
]
