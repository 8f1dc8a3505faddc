"""Addresses of the log of disclosures."""

from django.urls import path

from referrals.disclosures import views

urlpatterns = [path("", views.log, name="referrals-disclosures")]
