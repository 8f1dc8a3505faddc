"""Addresses of disagreements."""

from django.urls import path

from referrals.disagreements import views

urlpatterns = [
    path("", views.disagreements, name="referrals-disagreements"),
    path("<int:number>/", views.disagreement, name="referrals-disagreement"),
    path("<int:number>/up/", views.up, name="referrals-disagreement-take-up"),
    path("<int:number>/settle/", views.settle, name="referrals-disagreement-settle"),
]
