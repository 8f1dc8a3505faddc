"""Places put forward for a day's meeting, each by the referral that tells of it."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from hub.facts.models import Fact, FactQuerySet, fact_meta_constraints, one_current
from referrals.intake.models import Referral
from referrals.intake.rules import PLACE

if TYPE_CHECKING:
    from hub.accounts.models import User


class PlaceForwardQuerySet(FactQuerySet["PlaceForward"]):
    """Places put forward, for those who see whole cases."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep those of which the person sees the referral that tells of the place."""
        told = Referral.objects.visible_to(user).order_by()
        return super().visible_to(user).filter(referral__in=told)

    def waiting(self, day: date) -> Self:
        """Keep those for a day's meeting, or for an earlier one, of which no meeting has spoken."""
        return self.of_places().known().filter(for_day__lte=day, discussed_on=None)

    def of_places(self) -> Self:
        """Leave out those whose referral was withdrawn, or is about somebody after all."""
        return self.filter(referral__about=PLACE, referral__withdrawn_at=None)

    def discussed(self, day: date) -> Self:
        """Keep those of which a day's meeting has spoken."""
        return self.known().filter(discussed_on=day)

    def in_order(self) -> Self:
        """Sort by the day for which each was put forward."""
        return self.select_related("referral", "recorded_by").order_by("for_day", "pk")


class PlaceForward(Fact):
    """That a place is put forward for the meeting of a day, with the reason; it stands until discussed.

    The place is what a referral tells of (its address, its description). `came_of_it` is what the meeting of
    `discussed_on` said of it: a version of its own, as every change of a fact.
    """

    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    for_day = models.DateField()
    because = models.TextField()
    discussed_on = models.DateField(null=True)
    came_of_it = models.TextField(default="", db_default="")

    objects = PlaceForwardQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_placeforward_current", "referral", "for_day"),
            models.CheckConstraint(
                condition=Q(discussed_on=None, came_of_it="")
                | Q(discussed_on__isnull=False) & ~Q(came_of_it=""),
                name="risk_placeforward_discussed_whole",
            ),
        )
        indexes: ClassVar = [
            models.Index(
                fields=["partnership", "for_day"],
                condition=Q(superseded_at__isnull=True),
                name="risk_placeforward_stands",
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} for {self.for_day}"
