"""Disagreements on episodes, each step a version that stays readable for ever."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from hub.access.rules import Standing
from hub.facts.models import Fact, FactQuerySet, fact_meta_constraints, one_current
from partners.agencies.models import Agency
from referrals.children.models import Child
from referrals.disagreements.rules import LEVELS, OPEN, STATES
from referrals.episodes.models import Episode
from referrals.grants.models import Sight


class DisagreementQuerySet(FactQuerySet["Disagreement"]):
    """Disagreements. Who sees whole cases sees all; a charity, those it raised with the hub itself."""

    def shared_with(self, standing: Standing) -> Self:
        """Keep what the own agency raised from outside, on episodes that are shown to the person."""
        shown = Sight.objects.shared_with(standing).order_by()
        mine = self.filter(raised_by=standing.agency_id, outside=True)
        return mine.filter(episode__in=shown.exclude(episode=None).values("episode_id"))

    def open(self) -> Self:
        """Keep those that stand and are not settled."""
        return self.known().filter(state=OPEN)

    def of(self, agency_id: int | None) -> Self:
        """Keep those in which an agency is a party."""
        return self.filter(Q(raised_by=agency_id) | Q(against=agency_id))


class Disagreement(Fact):
    """That one agency disagrees with another on an episode: about what, by when, how it ended.

    Taken up or settled, a new version supersedes the old one, whose words (`reason`) stay. `number` is the
    same in all versions, from 1 on each episode; 0 has the database give the next one. A level is a key of
    LEVELS (rules). `outside`: raised with the hub by an agency that sees a part of the case, whose workers
    read every version of it.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="disagreements", db_index=False
    )
    number = models.PositiveIntegerField(help_text="of the episode's own, from 1")
    issue = models.TextField()
    raised_by = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    against = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    outside = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=OPEN)

    objects = DisagreementQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_disagreement_current", "episode", "number"),
            models.CheckConstraint(
                condition=Q(level__in=list(LEVELS)), name="referrals_disagreement_at_a_level"
            ),
        )
        indexes: ClassVar = [
            models.Index(fields=["child"], name="referrals_disagreement_child"),
            models.Index(
                fields=["partnership", "due_on"],
                condition=Q(superseded_at__isnull=True, state=OPEN),
                name="referrals_disagreement_open",
            ),
        ]

    def __str__(self) -> str:
        return f"disagreement {self.number} at level {self.level}"
