"""Addresses of the cases by reference: a child by its number, never by a name or a reference."""

from django.urls import path

from risk.references import views

urlpatterns = [
    path("", views.find, name="risk-references"),
    path("<int:child_id>/", views.child, name="risk-reference-case"),
    path("<int:child_id>/identify/", views.who, name="risk-reference-identify"),
    path("<int:child_id>/end/", views.end, name="risk-reference-end"),
]
