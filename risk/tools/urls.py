"""Addresses of the assessment tools, among the partnership's settings."""

from django.urls import path

from risk.tools import views

urlpatterns = [
    path("", views.tools, name="risk-tools"),
    path("new/", views.new, name="risk-tool-new"),
    path("<int:number>/versions/new/", views.version_new, name="risk-tool-version-new"),
    path("<int:number>/end/", views.end, name="risk-tool-end"),
    path("versions/<int:number>/take-back/", views.take_back, name="risk-tool-version-take-back"),
]
