"""The address of an episode's levels for machines."""

from django.urls import path

from risk.levels import api

urlpatterns = [
    path("episodes/<str:reference>/levels", api.ListLevels.as_view(), name="api-levels"),
]
