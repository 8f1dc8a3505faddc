"""Address of what one's own agency was asked."""

from django.urls import path

from referrals.checks import views

urlpatterns = [path("", views.asked, name="referrals-checks")]
