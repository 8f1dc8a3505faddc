"""Addresses of the manager's view of the team."""

from django.urls import path

from risk.team import views

urlpatterns = [
    path("", views.team, name="risk-team"),
    path("unallocated/", views.allocate_several, name="risk-team-unallocated"),
]
