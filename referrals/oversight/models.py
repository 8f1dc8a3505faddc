"""What every access that is reviewed has, and every review: each a row that is added and never changed."""

from datetime import date, datetime
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models

from hub.access.models import ScopedQuerySet
from hub.accounts.models import User
from hub.days.rules import london_date
from partners.partnerships.models import Partnership
from referrals.oversight.rules import due_on

A_co = TypeVar("A_co", bound="Access", covariant=True)


class AccessQuerySet(ScopedQuerySet[A_co]):
    """Accesses that are reviewed."""

    def waiting_for(self, user: User) -> Self:
        """Keep those whose review is not closed, the oldest first, but for the reviewer's own."""
        waiting = self.filter(review__isnull=True).exclude(person=user)
        return waiting.order_by(self.model.counted_from, "pk")

    def closed(self) -> Self:
        """Keep those whose review is closed, the latest first."""
        done = self.filter(review__isnull=False).select_related("review")
        return done.order_by("-review__reviewed_at", "-pk")


class Access(models.Model):
    """That a person had, or sought, access to records in a way that somebody else reviews.

    `prefix` begins its number, `what` is what the trail calls it. Its review may take `within` working
    days, counted from the moment in the field `counted_from`. Each has a model of its own for its reviews,
    which point back by `access`.
    """

    prefix: ClassVar[str]
    what: ClassVar[str]
    within: ClassVar[int]
    counted_from: ClassVar[str]

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Its number, as the trail says it."""
        return f"{self.prefix}-{self.pk}"

    @property
    def review_due_on(self) -> date:
        """The last day on which its review is in time."""
        return due_on(getattr(self, self.counted_from), self.within)

    def overdue(self, now: datetime) -> bool:
        """Say whether its review, if it is not closed, is late."""
        return london_date(now) > self.review_due_on


class Review(models.Model):
    """How an access was judged, by somebody else than whom it is about; there is one, and it stays.

    Each model adds `access` and the outcomes to choose from.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    words = models.TextField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reviewed_at = models.DateTimeField()

    class Meta:
        abstract = True
