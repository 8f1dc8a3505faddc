"""Measures on episodes, each a dated fact."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hub.facts.models import Fact, PointQuerySet, fact_meta_constraints, one_current
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.measures.rules import MATTERS


class MeasureQuerySet(PointQuerySet["Measure"]):
    """Measures; of each matter of an episode the latest stands. Those who see whole cases see them."""

    subject = "episode_id"
    day_field = "on"

    def latest_first(self) -> "MeasureQuerySet":
        """Sort each episode's matters, the one that stands in front."""
        return self.order_by("episode", "matter", "-on", "-position", "-pk")


class Measure(Fact):
    """How a matter stands on an episode from a day on: social care, a strategy discussion, a step.

    `state` is a code of `STATES` (rules). `agencies` are the numbers of those who took part. `position`
    orders what is of one day.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="measures", db_index=False
    )
    matter = models.CharField(max_length=20, choices=list(MATTERS.items()))
    state = models.CharField(max_length=20)
    on = models.DateField()
    because = models.TextField(default="")
    agencies = ArrayField(models.BigIntegerField(), default=list, db_default=[])

    objects = MeasureQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_measure_current", "episode", "matter", "on")
        )

    def __str__(self) -> str:
        return f"{self.matter} of {self.episode_id}: {self.state}"
