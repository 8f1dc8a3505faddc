"""Addresses of the identifications and their reviews."""

from django.urls import path

from referrals.identities import views

urlpatterns = [
    path("", views.identifications, name="referrals-identifications"),
    path("<int:number>/", views.identification, name="referrals-identification"),
]
