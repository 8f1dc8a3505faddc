"""Missing episodes and the interviews after them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hub.facts.models import Spell, SpellQuerySet, end_known, fact_meta_constraints, one_current
from referrals.children.models import Child


class MissingEpisodeQuerySet(SpellQuerySet["MissingEpisode"]):
    """When children were missing; the start and end are moments, not days."""

    start_field = "missing_from"
    end_field = "found_at"


class MissingEpisode(Spell):
    """A time in which a child was missing, and the return home interview afterwards.

    The interview is known from `interview_known_from`, later than the return.
    """

    reference = models.CharField(max_length=60)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="missing_episodes")
    missing_from = models.DateTimeField()
    found_at = models.DateTimeField(null=True)
    category = models.CharField(max_length=60, default="")
    return_interview_on = models.DateField(null=True)
    return_interview_accepted = models.BooleanField(null=True)
    interview_known_from = models.DateTimeField(null=True)

    objects = MissingEpisodeQuerySet.as_manager()

    class Meta(Spell.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_missing_current", "partnership", "reference"),
            end_known("referrals_missing_end_known", "found_at"),
            end_known(
                "referrals_missing_interview_known", "return_interview_on", "interview_known_from"
            ),
        )
        indexes: ClassVar = [
            models.Index(fields=["partnership", "missing_from"], name="referrals_missing_from"),
            models.Index(
                fields=["partnership", "missing_from"],
                condition=Q(found_at__isnull=True, superseded_at__isnull=True),
                name="referrals_missing_now",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
