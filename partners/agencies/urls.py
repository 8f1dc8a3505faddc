"""Address of the choice between one's own posts."""

from django.urls import path

from partners.agencies import views

urlpatterns = [path("account/post/", views.choose, name="partners-post")]
