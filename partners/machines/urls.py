"""Addresses of the tokens."""

from django.urls import path

from partners.machines import views

urlpatterns = [
    path("", views.tokens, name="partners-machines"),
    path("new/", views.new, name="partners-machine-new"),
    path("<int:number>/end/", views.end, name="partners-machine-end"),
]
