"""Address of what one's own agency was asked."""

from django.urls import path

from referrals.checks import views

urlpatterns = [path("answered/", views.answered, name="referrals-checks-answered")]
