"""Addresses of the day's list."""

from django.urls import path

from risk.agenda import views

urlpatterns = [
    path("", views.agenda, name="risk-agenda"),
    path("suspects/new/", views.forward_new, name="risk-agenda-forward"),
    path("suspects/<int:number>/back/", views.forward_back, name="risk-agenda-take-back"),
]
