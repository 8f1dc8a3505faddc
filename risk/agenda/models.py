"""Suspects put forward for a day's meeting; the police's to show."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef

from hub.access.rules import Permission
from hub.facts.models import Fact, FactQuerySet, fact_meta_constraints, one_current
from risk.suspects.models import Suspect, SuspectLevel


class PutForwardQuerySet(FactQuerySet["PutForward"]):
    """Suspects put forward."""

    seen_with = Permission.POLICE_RECORDS_VIEW

    def undecided(self) -> Self:
        """Keep those of whom no level was recorded since they were put forward."""
        level = SuspectLevel.objects.known().filter(occurrence__facts__suspect=OuterRef("suspect"))
        return self.known().filter(~Exists(level.filter(known_from__gt=OuterRef("known_from"))))


class PutForward(Fact):
    """That a suspect is put forward for the meeting of a day, with the reason; it stands until decided."""

    suspect = models.ForeignKey(Suspect, on_delete=models.PROTECT, related_name="+", db_index=False)
    for_day = models.DateField()
    because = models.TextField()

    objects = PutForwardQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_putforward_current", "suspect", "for_day")
        )
        indexes: ClassVar = [
            models.Index(
                fields=["partnership", "for_day"],
                condition=models.Q(superseded_at__isnull=True),
                name="risk_putforward_stands",
            )
        ]

    def __str__(self) -> str:
        return f"{self.suspect_id} for {self.for_day}"
