"""Filters that people keep for themselves."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

from hub.access.gate import standing_of
from hub.accounts.models import User


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Saved filters, by whose they are."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the person's own; none for one without a post."""
        standing = standing_of(user)
        return self.none() if standing is None else self.filter(user_id=standing.user_id)


class SavedFilter(models.Model):
    """A caseload somebody wants to come back to: a name, and the address's part after the question mark."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="saved_filters",
        db_index=False,
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=400)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="referrals_savedfilter_name_once")
        ]
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name
