"""Addresses of the site itself."""

from django.urls import path

from hub.site import views

urlpatterns = [
    path("accessibility/", views.accessibility, name="hub-accessibility"),
    path("components/", views.components, name="hub-components"),
    path("health/", views.health, name="hub-health"),
    path("keys/", views.keys, name="hub-keys"),
    path("report-a-problem/", views.problem, name="hub-problem"),
]
