"""Episodes: from a concern that was referred to its closing, and who holds it meanwhile."""

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from hub.access.models import ScopedQuerySet
from hub.access.rules import Standing
from hub.facts.models import Spell, SpellQuerySet, end_known, fact_meta_constraints, one_current
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership
from partners.sharing.rules import EPISODES
from referrals.children.models import Child


class EpisodeQuerySet(ScopedQuerySet["Episode"]):
    """Episodes, by who may see them and how they stand."""

    def open(self) -> Self:
        """Keep the episodes that are open now."""
        return self.filter(closed_on__isnull=True)

    def shared_with(self, standing: Standing) -> Self:
        """Keep the episodes that a grant shows to the person, the own agency or one of its services.

        And with them what is recorded of each: as far as the agency's sharing agreement has episodes.
        """
        if EPISODES not in standing.categories:
            return self.none()
        shown = Episode._meta.apps.get_model("referrals", "Sight").objects.shared_with(standing)
        shown = shown.filter(episode__isnull=False)
        return self.filter(pk__in=shown.order_by().values("episode_id"))

    def in_caseload_order(self) -> Self:
        """Sort by what needs looking at first: the earliest review, then those without one."""
        return self.order_by(F("review_due_on").asc(nulls_last=True), "pk")


class Episode(models.Model):
    """One concern about a child, from its referral to its closing: the "CSE episode".

    The columns besides are the current values, kept by whoever writes the facts: EpisodeFact, the
    levels and reviews (risk) and the allocation. `level` is empty where none was ever set, which is
    not the same as NO_RISK. `child_born` and `child_reference` are the child's own, kept by the database.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=60)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="episodes")
    referred_on = models.DateField()
    closed_on = models.DateField(null=True)
    level = models.CharField(max_length=20, default="")
    level_set_on = models.DateField(null=True)
    review_due_on = models.DateField(null=True)
    lead_worker = models.CharField(max_length=120, default="")
    child_born = models.DateField(null=True, editable=False)
    child_reference = models.CharField(max_length=60, default="", db_default="", editable=False)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "reference"], name="referrals_episode_reference_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                # With all that the caseload counts, narrows and sorts by: it need not read the rows.
                fields=["partnership", "review_due_on", "id"],
                include=[
                    "level",
                    "level_set_on",
                    "referred_on",
                    "lead_worker",
                    "reference",
                    "child",
                    "child_born",
                    "child_reference",
                ],
                condition=Q(closed_on__isnull=True),
                name="referrals_episode_open",
            ),
            models.Index(
                fields=["partnership", "id"],
                condition=Q(closed_on__isnull=True, level=""),
                name="referrals_episode_undecided",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class EpisodeFactQuerySet(SpellQuerySet["EpisodeFact"]):
    """What was recorded of episodes."""

    start_field = "referred_on"
    end_field = "closed_on"

    def shared_with(self, standing: Standing) -> Self:
        """Keep what was recorded of the episodes that the person may see."""
        return self.filter(episode__in=Episode.objects.shared_with(standing))


class EpisodeFact(Spell):
    """What was recorded of an episode: whose it is, when it was referred, by whom, why it was closed.

    `exploitation_types` is empty where the record names none: it then counts as CSE.
    """

    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="facts", db_index=False
    )
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    referred_on = models.DateField()
    referral_source = models.CharField(max_length=4, default="")
    referring_agency = models.CharField(max_length=120, default="")
    exploitation_types = ArrayField(models.CharField(max_length=40), default=list)
    closed_on = models.DateField(null=True)
    closure_reason = models.CharField(max_length=20, default="")

    objects = EpisodeFactQuerySet.as_manager()

    class Meta(Spell.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_episodefact_current", "episode"),
            end_known("referrals_episodefact_end_known", "closed_on"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("referred_on")),
                name="referrals_episodefact_closed_after_referred",
            ),
        )
        indexes: ClassVar = [
            models.Index(fields=["partnership", "referred_on"], name="referrals_epfact_referred"),
            models.Index(fields=["partnership", "closed_on"], name="referrals_epfact_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id} referred {self.referred_on}"


class AllocationQuerySet(SpellQuerySet["Allocation"]):
    """Who held episodes."""

    def still_held(self, day: date) -> Self:
        """Keep those whose time had not ended by the end of that day, whenever it began."""
        return self.filter(Q(to_date__isnull=True) | Q(to_date__gt=day))

    def with_agency(self) -> Self:
        """Add `agency_name` and `agency_telephone` of the worker's agency, empty where it is not known."""
        agency = Agency.objects.filter(
            partnership=OuterRef("partnership"), code=OuterRef("agency")
        ).order_by()
        return self.annotate(
            agency_name=Coalesce(Subquery(agency.values("name")), Value("")),
            agency_telephone=Coalesce(Subquery(agency.values("telephone")), Value("")),
        )

    def shared_with(self, standing: Standing) -> Self:
        """Keep who leads the episodes that the person may see: the one to call."""
        return self.filter(lead=True, episode__in=Episode.objects.shared_with(standing))


class Allocation(Spell):
    """A worker who holds an episode, from a day to a day; one of them leads."""

    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="allocations", db_index=False
    )
    worker = models.CharField(
        max_length=80, help_text="a user name here, or the staff reference that an extract has"
    )
    worker_name = models.CharField(max_length=120, default="")
    agency = models.CharField(max_length=120, default="")
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    lead = models.BooleanField(default=False)

    agency_name: str  # by with_agency
    agency_telephone: str

    objects = AllocationQuerySet.as_manager()

    class Meta(Spell.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_allocation_current", "episode", "worker", "from_date"),
            end_known("referrals_allocation_end_known", "to_date"),
        )
        indexes: ClassVar = [
            models.Index(
                fields=["partnership", "worker"],
                condition=Q(superseded_at__isnull=True),
                name="referrals_allocation_mine",
            )
        ]

    def __str__(self) -> str:
        return f"{self.worker} on {self.episode_id} from {self.from_date}"
