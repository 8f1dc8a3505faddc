"""The address at which a child is registered."""

from django.urls import path

from referrals.register import views

urlpatterns = [path("", views.new_child, name="referrals-child-new")]
