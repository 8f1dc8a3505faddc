"""Address of the list of children referred several times."""

from django.urls import path

from risk.repeats import views

urlpatterns = [path("", views.repeats, name="risk-repeats")]
