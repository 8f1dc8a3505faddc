"""Addresses of who is away."""

from django.urls import path

from partners.staffing import views

urlpatterns = [
    path("", views.absences, name="partners-absences"),
    path("new/", views.new, name="partners-absence-new"),
    path("<int:number>/end/", views.end, name="partners-absence-end"),
]
