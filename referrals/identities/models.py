"""That somebody who works by reference saw who a child was: why, from when, until when."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission
from hub.accounts.models import User
from partners.partnerships.models import Partnership
from referrals.children.models import Child


class IdentificationQuerySet(ScopedQuerySet["Identification"]):
    """Identifications: each person's own; the auditor reads of them on the trail."""

    seen_with = Permission.CASES_BY_REFERENCE

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the person's own."""
        return super().visible_to(user).filter(person_id=user.pk)

    def in_force(self) -> Self:
        """Keep those that show somebody now; an hour's end needs nobody's doing."""
        return self.filter(ended_at__isnull=True, ends_at__gt=Now())


class Identification(models.Model):
    """For an hour at most; `ended_at` where the person ended it before, or went on to another child."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    because = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = IdentificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + timedelta(hours=1)),
                name="referrals_identification_an_hour",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["person", "ends_at"],
                condition=Q(ended_at__isnull=True),
                name="referrals_identified_by",
            )
        ]

    def __str__(self) -> str:
        return f"identification of {self.child_id}"
