"""Addresses of children for machines: by their reference, never by a name."""

from django.urls import path

from referrals.children import api

urlpatterns = [
    path("children", api.ListChildren.as_view(), name="api-children"),
    path("children/<str:reference>", api.ReadChild.as_view(), name="api-child"),
]
