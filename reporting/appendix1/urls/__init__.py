"""Addresses of the Appendix 1 report: dates and paths of figures, nothing personal."""

from django.urls import path

from reporting.appendix1 import views

urlpatterns = [
    path("", views.report, name="appendix1"),
    path("publish/", views.publish, name="appendix1-publish"),
    path("download/", views.download, name="appendix1-download"),
    path("figure/", views.figure, name="appendix1-figure"),
]
