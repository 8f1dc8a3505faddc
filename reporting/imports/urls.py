"""Addresses of imports."""

from django.urls import path

from reporting.imports import views

urlpatterns = [
    path("", views.imports, name="reporting-imports"),
    path("upload/", views.upload, name="reporting-import-upload"),
    path("conflicts/", views.conflicts, name="reporting-conflicts"),
    path("conflicts/<int:number>/", views.conflict, name="reporting-conflict"),
    path("<int:number>/", views.one_import, name="reporting-import"),
    path("<int:number>/confirm/", views.confirm_import, name="reporting-import-confirm"),
    path("<int:number>/cancel/", views.cancel_import, name="reporting-import-cancel"),
    path("<int:number>/faults/", views.faults, name="reporting-import-faults"),
    path("<int:number>/faults.csv", views.faults_file, name="reporting-import-faults-file"),
]
