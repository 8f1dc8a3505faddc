"""Addresses of the sharing agreements."""

from django.urls import path

from partners.sharing import views

urlpatterns = [
    path("", views.agreements, name="partners-sharing"),
    path("new/", views.new, name="partners-sharing-new"),
    path("<int:number>/end/", views.end, name="partners-sharing-end"),
]
