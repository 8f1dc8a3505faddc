"""The report's address for machines."""

from django.urls import path

from reporting.appendix1 import api

urlpatterns = [path("reports/appendix1", api.ReadReport.as_view(), name="api-appendix1")]
