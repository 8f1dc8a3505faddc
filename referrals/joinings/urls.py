"""Address of the list of joined records."""

from django.urls import path

from referrals.joinings import views

urlpatterns = [path("", views.joinings, name="referrals-joinings")]
