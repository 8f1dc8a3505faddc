"""Addresses of printing a case: a sheet by a number of its own, known to the session that asked for it."""

from django.urls import path

from risk.printing import views

urlpatterns = [
    path("<int:child_id>/print/", views.ask, name="risk-child-print"),
    path("print/<str:number>/", views.sheet, name="risk-sheet"),
]
