"""Addresses of the manager's pages on who sees what."""

from django.urls import path

from referrals.granted import views

urlpatterns = [
    path("", views.desk, name="referrals-granted"),
    path("people/<int:number>/", views.colleague, name="referrals-granted-person"),
]
