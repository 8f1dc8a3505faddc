"""Joinings: that two records are of one child, from a moment on, until somebody takes them apart."""

from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from hub.access.rules import Standing
from hub.facts.models import Fact, FactQuerySet, fact_meta_constraints, one_current
from referrals.children.models import Child


class JoiningQuerySet(FactQuerySet["Joining"]):
    """Joinings; there for whoever sees both records alone: of a hidden record nothing may be learnt."""

    def shared_with(self, standing: Standing) -> Self:
        """Keep those of which both children are shown to the person."""
        shown = Child.objects.shared_with(standing).values("pk")
        return self.filter(child__in=shown, kept__in=shown)

    def without_hidden(self, standing: Standing, listed: list[int] | None = None) -> Self:
        """Leave out those of which either record is hidden from the person."""
        if standing.partnership_id is None or listed == []:
            return self
        if listed is not None:
            return self.exclude(Q(child__in=listed) | Q(kept__in=listed))
        hidden: Any = apps.get_model("referrals", "Restriction")._default_manager
        either = Q(child=OuterRef("child")) | Q(child=OuterRef("kept"))
        return self.filter(~Exists(hidden.hidden_from(standing).filter(either).order_by()))


class Joining(Fact):
    """That the record `child` is read with the record `kept`; `reason` says why they are one child.

    Neither record's rows move: reading combines them, for whoever sees both (decision 26). It has one
    version: it is withdrawn where the two are taken apart.
    """

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="joinings", db_index=False
    )
    kept = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="joined")

    objects = JoiningQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_joining_current", "child"),
            models.CheckConstraint(
                condition=~Q(child=F("kept")), name="referrals_joining_of_two_records"
            ),
        )

    def __str__(self) -> str:
        return f"{self.child_id} joined to {self.kept_id}"
