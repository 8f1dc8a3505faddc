"""Address of the session's clock."""

from django.urls import path

from hub.sessions import views

urlpatterns = [path("session/", views.session, name="hub-session")]
