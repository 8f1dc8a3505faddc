"""Addresses of the caseload and of the filters kept for it."""

from django.urls import path

from referrals.caseload import views

urlpatterns = [
    path("", views.caseload, name="referrals-caseload"),
    path("filters/save/", views.save, name="referrals-filter-save"),
    path("filters/delete/", views.delete, name="referrals-filter-delete"),
]
