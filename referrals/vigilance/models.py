"""Findings of unusual access, and their reviews: each a row that is added and never changed.

A child is named by reference alone: whoever reviews sees no case.
"""

from typing import ClassVar

from django.db import models

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission
from referrals.oversight.models import Access, AccessQuerySet, Review
from referrals.vigilance.rules import REVIEWED_WITHIN, TITLES


class UnusualAccessQuerySet(AccessQuerySet["UnusualAccess"]):
    """Findings."""

    seen_with = Permission.ACCESS_REVIEW


class UnusualAccess(Access):
    """That a person's looking at records was unusual on a day, by which rule, and why in words.

    `record` is the child's reference, empty where the finding is about the whole day. `role` and `agency`
    are those of the trail: as what the person looked.
    """

    prefix = "UA"
    what = "unusual access"
    within = REVIEWED_WITHIN
    counted_from = "found_at"

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


class UnusualAccessReviewQuerySet(ScopedQuerySet["UnusualAccessReview"]):
    """Reviews."""

    seen_with = Permission.ACCESS_REVIEW


class UnusualAccessReview(Review):
    """How a finding was judged."""

    class Outcome(models.TextChoices):
        """What the reviewer found."""

        EXPLAINED = "explained", "Explained"
        TO_BE_ASKED = "to_be_asked", "The person is to be asked"
        BREACH = "breach", "Breach"

    access = models.OneToOneField(UnusualAccess, on_delete=models.PROTECT, related_name="review")
    outcome = models.CharField(max_length=20, choices=Outcome)

    objects = UnusualAccessReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.outcome} of {self.access_id}"
