"""The address at which the interface describes itself."""

from django.urls import path

from hub.interface import api

urlpatterns = [path("schema", api.Schema.as_view(), name="api-schema")]
