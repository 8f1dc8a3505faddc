"""Reviews: when a child's level must be looked at again."""

from typing import ClassVar, Self

from django.db import models

from hub.access.rules import Standing
from hub.facts.models import Spell, SpellQuerySet, end_known, fact_meta_constraints, one_current
from referrals.episodes.models import Episode


class ReviewQuerySet(SpellQuerySet["Review"]):
    """Reviews due and done."""

    start_field = "due_on"
    end_field = "done_on"

    def shared_with(self, standing: Standing) -> Self:
        """Keep the reviews of the episodes that the person may see."""
        return self.filter(episode__in=Episode.objects.shared_with(standing))


class Review(Spell):
    """A review of an episode's level: due on a day, done on a day."""

    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="reviews", db_index=False
    )
    due_on = models.DateField()
    done_on = models.DateField(null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta(Spell.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_review_current", "episode", "due_on"),
            end_known("risk_review_end_known", "done_on"),
        )

    def __str__(self) -> str:
        return f"review of {self.episode_id} due {self.due_on}"
