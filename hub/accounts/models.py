"""People who sign in."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Upper

from hub.access.rules import Standing


class UserManager(BaseUserManager["User"]):
    """Finds people by the name they sign in with, whatever its capitals: telephones write some."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Give the account of that name; no two differ by capitals alone."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person with an account. What they may do comes from their posts (partners), never from a flag.

    `is_operator` marks the one account as which commands on the server act; nobody signs in as it.
    `home_area` is the beginning of the postcode at which they live, where they or their administrator say it:
    by it the night finds who looked at a child of the own neighbourhood (referrals/vigilance).
    """

    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    conduct_accepted_on = models.DateField(null=True, help_text="the code of conduct, last time")
    home_area = models.CharField(max_length=6, default="", db_default="", blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()
    standing_here: Standing | None
    hidden_here: list[int]
    within_a_request: bool
    chosen_post: int | None = None

    class Meta:
        app_label = "hub"
        constraints: ClassVar = [
            models.UniqueConstraint(Upper("username"), name="hub_user_name_in_any_case"),
            models.UniqueConstraint(
                fields=["is_operator"],
                condition=models.Q(is_operator=True),
                name="hub_one_operator",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RememberedApart:
    """Leads Django's cache in the database to its own connection, and nothing else."""

    def db_for_read(self, model: type[models.Model], **_told: object) -> str | None:
        """Name the connection of the cache's rows."""
        return settings.REMEMBERED_IN if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **_told: object) -> bool | None:
        """Migrate by the usual connection alone: it is the same database."""
        return None if db == "default" else False


class Remembered(models.Model):
    """What sign-in must not forget when Redis does: attempts of late, and one-time codes that were used.

    The table of Django's cache in the database, which reads and writes it (`CACHES`).
    """

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "hub"
        db_table = "hub_remembered"

    def __str__(self) -> str:
        return self.cache_key
