"""The address of the home page."""

from django.urls import path

from risk.home import views

urlpatterns = [path("", views.home, name="hub-home")]
