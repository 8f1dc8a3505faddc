"""That somebody who works by reference saw who a child was: why, from when, until when; and its review."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission, Standing
from hub.accounts.models import User
from hub.days.rules import london_date
from referrals.children.models import Child
from referrals.identities.rules import REVIEWED_WITHIN
from referrals.oversight.models import Access, AccessQuerySet, Review


class IdentificationQuerySet(AccessQuerySet["Identification"]):
    """Identifications: the partnership's for a reviewer, for who works by reference their own."""

    seen_with = Permission.ACCESS_REVIEW

    def shared_with(self, standing: Standing) -> Self:
        """Keep the person's own."""
        own = self.filter(person=standing.user_id)
        return own if standing.may(Permission.CASES_BY_REFERENCE) else self.none()

    def without_hidden(self, standing: Standing, listed: list[int] | None = None) -> Self:
        """A reviewer reads of every child, by its reference alone; for the others hidden is absent."""
        reviews = standing.may(self.seen_with)
        return self if reviews else super().without_hidden(standing, listed)

    def of(self, user: User) -> Self:
        """Keep one person's."""
        return self.filter(person=user)

    def in_force(self) -> Self:
        """Keep those that show somebody now; an hour's end needs nobody's doing."""
        return self.filter(ended_at__isnull=True, ends_at__gt=Now())


class Identification(Access):
    """For an hour at most; `ended_at` where the person ended it before, or went on to another child.

    `record` is the child's reference, which the database itself writes: a reviewer reads no row of a child.
    """

    prefix = "ID"
    what = "identification"
    within = REVIEWED_WITHIN
    counted_from = "starts_at"

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    record = models.CharField(max_length=60, default="", db_default="")
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
            ),
            models.Index(fields=["partnership", "starts_at"], name="referrals_identified_when"),
        ]

    @property
    def day(self) -> date:
        """The day on which it was opened."""
        return london_date(self.starts_at)

    @property
    def until(self) -> datetime:
        """When it ended, or ends."""
        return self.ended_at or self.ends_at


class IdentificationReviewQuerySet(ScopedQuerySet["IdentificationReview"]):
    """Reviews."""

    seen_with = Permission.ACCESS_REVIEW


class IdentificationReview(Review):
    """How an identification was judged."""

    class Outcome(models.TextChoices):
        """What the reviewer found."""

        JUSTIFIED = "justified", "Justified"
        TO_BE_ASKED = "to_be_asked", "The person is to be asked"
        BREACH = "breach", "Breach"

    access = models.OneToOneField(Identification, on_delete=models.PROTECT, related_name="review")
    outcome = models.CharField(max_length=20, choices=Outcome)

    objects = IdentificationReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.outcome} of {self.access_id}"
