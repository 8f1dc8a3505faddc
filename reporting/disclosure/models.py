"""The register of what was published: the next release is checked against it."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from hub.access.gate import standing_of
from hub.access.rules import Permission
from partners.partnerships.models import Partnership

if TYPE_CHECKING:
    from hub.accounts.models import User


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases, by who may read them and what they speak of."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the releases that speak of the person's own partnership alone, for who may publish."""
        standing = standing_of(user)
        if standing is None or not standing.may(Permission.REPORT_PUBLISH):
            return self.none()
        own = Partnership.objects.visible_to(user).values_list("code", flat=True)
        return self.filter(partnerships__contained_by=list(own))

    def overlapping(self, partnerships: Sequence[str], first: date, last: date) -> Self:
        """Keep the releases that share a partnership and a day with a new one."""
        return self.filter(
            partnerships__overlap=list(partnerships), covers_from__lte=last, covers_to__gte=first
        )


class Release(models.Model):
    """A published report: its parameters and all its figures, as they left the hub."""

    partnerships = ArrayField(models.CharField(max_length=40))
    parameters = models.JSONField()
    published = models.JSONField()
    covers_from = models.DateField()
    covers_to = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["covers_from", "covers_to"])]

    def __str__(self) -> str:
        return f"{', '.join(self.partnerships)} {self.covers_from} to {self.covers_to}"
