"""Addresses of the triage desk: a referral by its number."""

from django.urls import path

from referrals.triage import views
from referrals.triage.views import deeds

urlpatterns = [
    path("<int:number>/", views.candidates, name="referrals-triage-match"),
    path("<int:number>/same/<int:child_id>/", deeds.same, name="referrals-triage-same"),
    path("<int:number>/new/", deeds.none_of_these, name="referrals-triage-new"),
    path("<int:number>/undo/", deeds.undo, name="referrals-triage-undo"),
]
