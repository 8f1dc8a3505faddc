"""Addresses of the notes of all children together; those of one child are on the child's pages."""

from django.urls import path

from referrals.notes import views

urlpatterns = [path("", views.ours, name="referrals-our-notes")]
