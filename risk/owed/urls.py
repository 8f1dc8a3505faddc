"""Address of what a person owes."""

from django.urls import path

from risk.owed import views

urlpatterns = [path("", views.mine, name="risk-my-work")]
