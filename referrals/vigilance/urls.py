"""Addresses of the findings of unusual access."""

from django.urls import path

from referrals.vigilance import views

urlpatterns = [
    path("", views.findings, name="referrals-findings"),
    path("<int:number>/", views.finding, name="referrals-finding"),
]
