"""Addresses of episodes for machines."""

from django.urls import path

from referrals.episodes import api

urlpatterns = [
    path("episodes", api.ListEpisodes.as_view(), name="api-episodes"),
    path("episodes/<str:reference>", api.ReadEpisode.as_view(), name="api-episode"),
]
