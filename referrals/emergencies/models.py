"""Emergency accesses, their alerts, and their reviews: each a row that is added and never changed.

The database alone adds the first two (referrals/migrations/0016_emergency_access.py): whoever asks cannot
write them, and may read their own only while a record is open to them by it, so that hidden and absent
look alike (docs/decisions/0013-emergency-access.md).
"""

from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission, Standing
from partners.partnerships.models import Partnership
from referrals.emergencies.rules import HOURS, REVIEWED_WITHIN
from referrals.grants.models import PersonGrant
from referrals.oversight.models import Access, AccessQuerySet, Review


class EmergencyAccessQuerySet(AccessQuerySet["EmergencyAccess"]):
    """Emergency accesses: the partnership's for a reviewer, for others their own that opened a record."""

    seen_with = Permission.EMERGENCY_REVIEW

    def shared_with(self, standing: Standing) -> Self:
        """Keep the person's own that opened a record: of the others they learn nothing."""
        return self.filter(person=standing.user_id, grant__isnull=False)

    def in_force(self) -> Self:
        """Keep those by which a record is open now."""
        return self.filter(ends_at__gt=Now(), grant__ended_at__isnull=True)


class EmergencyAccess(Access):
    """That a person asked for a record in an emergency, why, for how long, and what came of it.

    `record` is the reference of the record that was asked for, where there is one; `grant` opens it until
    `ends_at`, and is empty where nothing was opened. By its number the trail marks what was done meanwhile.
    """

    prefix = "EA"
    what = "emergency"
    within = REVIEWED_WITHIN
    counted_from = "asked_at"

    class Outcome(models.TextChoices):
        """What came of it, for the reviewer alone."""

        OPENED = "opened", "A hidden record was opened"
        SEEN = "seen", "The person could see this record anyway"
        NOTHING = "nothing", "No record answers"
        SEVERAL = "several", "Several records answer, so none was opened"
        SHUT_OUT = "shut_out", "The person is shut out of this record, so it was not opened"

    asked_at = models.DateTimeField()
    hours = models.PositiveSmallIntegerField()
    because = models.TextField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    record = models.CharField(max_length=60, default="", db_default="")
    grant = models.OneToOneField(
        PersonGrant, null=True, on_delete=models.PROTECT, related_name="emergency_access"
    )
    ends_at = models.DateTimeField(null=True)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hours__in=HOURS), name="referrals_emergencyaccess_hours"
            ),
            models.CheckConstraint(
                condition=Q(outcome="opened", grant__isnull=False, ends_at__isnull=False)
                | (~Q(outcome="opened") & Q(grant__isnull=True, ends_at__isnull=True)),
                name="referrals_emergencyaccess_opened",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["person", "ends_at"],
                condition=Q(grant__isnull=False),
                name="referrals_emergency_of",
            ),
            models.Index(fields=["partnership", "asked_at"], name="referrals_emergency_asked"),
        ]


class EmergencyAlertQuerySet(ScopedQuerySet["EmergencyAlert"]):
    """Alerts."""

    seen_with = Permission.EMERGENCY_REVIEW

    def to_be_sent(self) -> Self:
        """Keep those that have not gone out, of emergency accesses that still await their review."""
        unsent = self.filter(sent_at__isnull=True, emergency__review__isnull=True)
        return unsent.order_by("pk")


class EmergencyAlert(models.Model):
    """An e-mail that must go out: an emergency access awaits review. It names nobody.

    The row is there before anything is sent; a mail that goes out twice bears the same `message`.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    emergency = models.OneToOneField(EmergencyAccess, on_delete=models.PROTECT)
    message = models.UUIDField(default=uuid4, db_default=RandomUUID(), unique=True)
    sent_at = models.DateTimeField(null=True)

    objects = EmergencyAlertQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["id"], condition=Q(sent_at__isnull=True), name="referrals_alert_unsent"
            )
        ]

    def __str__(self) -> str:
        return f"alert of {self.emergency_id}"


class EmergencyReviewQuerySet(ScopedQuerySet["EmergencyReview"]):
    """Reviews."""

    seen_with = Permission.EMERGENCY_REVIEW


class EmergencyReview(Review):
    """How an emergency access was judged."""

    class Outcome(models.TextChoices):
        """What the reviewer found."""

        JUSTIFIED = "justified", "Justified"
        NOT_JUSTIFIED = "not_justified", "Not justified"
        NEEDS_ACTION = "needs_action", "Needs action"

    access = models.OneToOneField(EmergencyAccess, on_delete=models.PROTECT, related_name="review")
    outcome = models.CharField(max_length=20, choices=Outcome)

    objects = EmergencyReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.outcome} of {self.access_id}"
