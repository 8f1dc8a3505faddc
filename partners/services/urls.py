"""Addresses of the partnership's settings."""

from django.urls import path

from partners.services import views

urlpatterns = [
    path("", views.settings, name="partners-settings"),
    path("reviews/", views.review_days, name="partners-review-days"),
    path("referrals/", views.terms, name="partners-terms"),
    path("days/", views.practice, name="partners-practice"),
    path("checks/", views.asking, name="partners-asking"),
    path("services/new/", views.service_new, name="partners-service-new"),
]
