"""Addresses of emergency access."""

from django.urls import path

from referrals.emergencies import views

urlpatterns = [
    path("", views.ask, name="referrals-emergency"),
    path("nothing/", views.nothing, name="referrals-emergency-nothing"),
    path("<int:number>/end/", views.end, name="referrals-emergency-end"),
    path("reviews/", views.reviews, name="referrals-emergency-reviews"),
    path("reviews/<int:number>/", views.review, name="referrals-emergency-review"),
]
