"""A person's way in anew: their telephone is lost, or they are new."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from hub.access.gate import standing_of
from hub.access.rules import Permission, Role

if TYPE_CHECKING:
    from hub.accounts.models import User


class RenewalQuerySet(models.QuerySet["Renewal"]):
    """Ways in anew, by who looks after them."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep those of the people whom an administrator looks after, except their own."""
        standing = standing_of(user)
        if standing is None or not standing.may(Permission.PEOPLE_MANAGE):
            return self.none()
        others = self.exclude(user_id=standing.user_id)
        if standing.partnership_id is None:
            return others
        mine = others.filter(partnership_id=standing.partnership_id)
        if standing.role is Role.AGENCY_ADMINISTRATOR:
            return mine.filter(user__posts__agency_id=standing.agency_id).distinct()
        return mine

    def waiting(self) -> Self:
        """Keep those that nobody has approved or taken back yet."""
        return self.filter(approved_at__isnull=True, withdrawn_at__isnull=True)

    def good(self, now: datetime) -> Self:
        """Keep those whose code can still be used."""
        return self.filter(ends_at__gt=now, used_at__isnull=True, withdrawn_at__isnull=True)


class Renewal(models.Model):
    """One way in anew: asked for by one administrator, approved by another, used once by the person.

    `first`: the person is new, so nothing is there to be taken over and who opens the account gives the code.
    Of the code its digest alone is kept.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="renewals"
    )
    partnership = models.ForeignKey(
        "partners.Partnership", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    first = models.BooleanField(default=False)
    reason = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
    )
    approved_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, default="")
    ends_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
    )

    objects = RenewalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    approved_at__isnull=True,
                    approved_by__isnull=True,
                    ends_at__isnull=True,
                    digest="",
                )
                | Q(approved_at__isnull=False, approved_by__isnull=False, ends_at__isnull=False)
                & ~Q(digest=""),
                name="partners_renewal_approved_whole",
            ),
            models.CheckConstraint(
                condition=Q(first=True)
                | Q(approved_by__isnull=True)
                | ~Q(approved_by=F("asked_by")),
                name="partners_renewal_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("user"))
                & (Q(approved_by__isnull=True) | ~Q(approved_by=F("user"))),
                name="partners_renewal_not_ones_own",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, used_at__isnull=True),
                name="partners_renewal_withdrawn_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked_at:%Y-%m-%d %H:%M}"
