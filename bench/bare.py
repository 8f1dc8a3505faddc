"""Django as `startproject` leaves it, with one view that says "ok": what the hub's memory is measured by."""

import os
import secrets

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from hub.engines.rules import parse_database_url

settings.configure(
    SECRET_KEY=secrets.token_hex(),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            **parse_database_url(os.environ["DATABASE_URL"]),
        }
    },
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)


def ok(request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse("ok")


def admin_urls() -> list[object]:
    """Give the one address that `startproject` begins with, read as Django reads it."""
    from django.contrib import admin

    return [path("admin/", admin.site.urls)]


application = get_wsgi_application()
urlpatterns = [path("", ok), *admin_urls()]
