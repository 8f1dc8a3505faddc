"""Addresses of one's own account."""

from django.urls import path

from hub.preferences import views

urlpatterns = [
    path("account/", views.account, name="hub-account"),
    path("account/settings/", views.settings, name="hub-settings"),
    path("account/keys/", views.keys, name="hub-switch-keys"),
]
