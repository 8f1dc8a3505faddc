"""Addresses of the search."""

from django.urls import path

from referrals.search import views

urlpatterns = [
    path("", views.search, name="referrals-search"),
    path("<str:number>/", views.results, name="referrals-search-results"),
]
