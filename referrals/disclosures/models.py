"""What left the hub, and what was asked for back: rows that are added and never changed."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from hub.access.gate import standing_of
from hub.access.models import ScopedQuerySet, hidden_in_request
from hub.access.rules import Permission
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.disclosures.rules import ANSWERS, BASES, KINDS

if TYPE_CHECKING:
    from hub.accounts.models import User


class DisclosureQuerySet(ScopedQuerySet["Disclosure"]):
    """Disclosures, by who may read of them (referrals/migrations/0023_disclosures_are_walled.py)."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep those of children whose whole case one sees, one's own, and for readers of the log the rest.

        An auditor, who sees no case, reads of every one in the partnership.
        """
        standing = standing_of(user)
        if standing is None:
            return self.none()
        number = standing.partnership_id
        rows = self if number is None else self.filter(partnership_id=number)
        reads, sees = standing.may(Permission.DISCLOSURES_READ), standing.may(Permission.CASES_VIEW)
        if reads and not sees:
            return rows
        shown = Q(child=None) | Q(child__in=Child.objects.visible_to(user).order_by())
        kept = Q(recorded_by=standing.user_id) & shown
        kept |= Q(child__isnull=False) if sees else Q(pk=None)
        kept |= Q(child=None) if reads else Q(pk=None)
        return rows.filter(kept).without_hidden(standing, hidden_in_request(user, standing))


class Disclosure(models.Model):
    """That something left the hub: about a child, or a whole report where `child` is empty.

    `reference` is the child's or the report's; `what` says which part, in words.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    child = models.ForeignKey(
        Child, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    what = models.CharField(max_length=500)
    recipient = models.CharField(max_length=200)
    basis = models.CharField(max_length=20, choices=list(BASES.items()))
    conditions = models.CharField(max_length=500, default="")
    disclosed_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["child", "disclosed_on"], name="referrals_disclosure_child"),
            models.Index(fields=["partnership", "disclosed_on"], name="referrals_disclosure_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.reference}"


class DisclosureRecallQuerySet(ScopedQuerySet["DisclosureRecall"]):
    """What was asked for back, by who may read of the disclosure."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep those of disclosures that the person may read of."""
        return self.filter(disclosure__in=Disclosure.objects.visible_to(user).order_by())


class DisclosureRecall(models.Model):
    """That it was asked for back, or what was answered since; the last one says where it stands."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="recalls")
    reason = models.CharField(max_length=500)
    answer = models.CharField(max_length=20, choices=list(ANSWERS.items()))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    objects = DisclosureRecallQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.answer} of {self.disclosure_id}"
