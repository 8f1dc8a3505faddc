"""The addresses of what waits for the panel."""

from django.urls import path

from risk.proposals import views

urlpatterns = [
    path("", views.proposals, name="risk-proposals"),
    path("<int:number>/view/", views.view, name="risk-proposal-view"),
]
