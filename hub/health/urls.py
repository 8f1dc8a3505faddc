"""Address of the readiness page."""

from django.urls import path

from hub.health import views

urlpatterns = [path("ready/", views.ready, name="hub-ready")]
