"""Addresses of signing in and out."""

from django.urls import path

from hub.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="hub-sign-in"),
    path("sign-out/", views.sign_out, name="hub-sign-out"),
]
