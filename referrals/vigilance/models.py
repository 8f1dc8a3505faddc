"""Findings of unusual access, and their reviews: each a row that is added and never changed.

A child is named by reference alone: whoever reviews sees no case.
"""

from datetime import date, datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission
from hub.days.rules import london_date
from partners.partnerships.models import Partnership
from referrals.vigilance.rules import TITLES, review_due_on


class UnusualAccessQuerySet(ScopedQuerySet["UnusualAccess"]):
    """Findings."""

    seen_with = Permission.ACCESS_REVIEW

    def waiting(self) -> Self:
        """Keep those whose review is not closed, the oldest first."""
        return self.filter(unusualaccessreview__isnull=True).order_by("found_at", "pk")

    def closed(self) -> Self:
        """Keep those whose review is closed, the latest first."""
        done = self.filter(unusualaccessreview__isnull=False)
        return done.order_by("-unusualaccessreview__reviewed_at", "-pk")


class UnusualAccess(models.Model):
    """That a person's looking at records was unusual on a day, by which rule, and why in words.

    `record` is the child's reference, empty where the finding is about the whole day. `role` and `agency`
    are those of the trail: as what the person looked.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.CharField(max_length=40)
    agency = models.CharField(max_length=120)
    rule = models.CharField(
        max_length=10, choices=[(rule.value, title) for rule, title in TITLES.items()]
    )
    day = models.DateField()
    record = models.CharField(max_length=120)
    why = models.TextField()
    found_at = models.DateTimeField()

    objects = UnusualAccessQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "day", "person", "rule", "record"],
                name="referrals_unusualaccess_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["partnership", "found_at"], name="referrals_unusual_found")
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Its number, as the trail says it."""
        return f"UA-{self.pk}"

    @property
    def review_due_on(self) -> date:
        """The last day on which its review is in time."""
        return review_due_on(self.found_at)

    def overdue(self, now: datetime) -> bool:
        """Say whether its review, if it is not closed, is late."""
        return london_date(now) > self.review_due_on


class UnusualAccessReviewQuerySet(ScopedQuerySet["UnusualAccessReview"]):
    """Reviews."""

    seen_with = Permission.ACCESS_REVIEW


class UnusualAccessReview(models.Model):
    """How a finding was judged, by somebody else than whom it is about; there is one, and it stays."""

    class Outcome(models.TextChoices):
        """What the reviewer found."""

        EXPLAINED = "explained", "Explained"
        TO_BE_ASKED = "to_be_asked", "The person is to be asked"
        BREACH = "breach", "Breach"

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    finding = models.OneToOneField(
        UnusualAccess, on_delete=models.PROTECT, related_name="unusualaccessreview"
    )
    outcome = models.CharField(max_length=20, choices=Outcome)
    words = models.TextField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reviewed_at = models.DateTimeField()

    objects = UnusualAccessReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.outcome} of {self.finding_id}"
