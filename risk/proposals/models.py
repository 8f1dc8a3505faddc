"""Changes that wait for the panel, and what each agency says of them."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When

from hub.access.models import ScopedQuerySet
from hub.facts.models import Fact, FactQuerySet, fact_meta_constraints, one_current
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.episodes.models import Episode
from risk.proposals.rules import ORDER, Kind, Opinion, State


class ProposalQuerySet(ScopedQuerySet["Proposal"]):
    """Proposals, for those who see whole cases."""

    def open(self) -> Self:
        """Keep those that wait for the panel."""
        return self.filter(state=State.OPEN)

    def in_panel_order(self) -> Self:
        """Sort as the panel takes them: urgent rises, then falls, then closings; the oldest first."""
        place = Case(
            *(When(kind=kind, then=Value(order)) for kind, order in ORDER.items()),
            output_field=models.IntegerField(),
        )
        return self.order_by(place, "proposed_at", "pk")


class Proposal(models.Model):
    """A change of an episode that the panel settles: a rise in force already, a fall, a closing.

    `from_level` is the level at the time, `to_level` the one proposed; of a closing it is empty, and
    `closure_reason` a code of the hub's list. A fall and a closing come with their exit plan (Bradford
    report 2016, Appendix 4, recommendation 12). `state` moves as GOES_TO allows (rules).
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="proposals", db_index=False
    )
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    from_level = models.CharField(max_length=20, default="")
    to_level = models.CharField(max_length=20, default="")
    closure_reason = models.CharField(max_length=20, default="")
    words = models.TextField(help_text="the proposer's reason")
    exit_plan = models.TextField(default="")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(state=State.OPEN),
                name="risk_proposal_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN, settled_at__isnull=True)
                | (~Q(state=State.OPEN) & Q(settled_at__isnull=False)),
                name="risk_proposal_settled",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.CLOSING, to_level="") & ~Q(closure_reason="")
                | (~Q(kind=Kind.CLOSING) & ~Q(to_level="") & Q(closure_reason="")),
                name="risk_proposal_level_or_closing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["partnership", "proposed_at"],
                condition=Q(state=State.OPEN),
                name="risk_proposal_open",
            ),
            models.Index(fields=["episode", "proposed_at"], name="risk_proposal_of_episode"),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @property
    def in_force(self) -> bool:
        """Whether it holds already: an urgent rise."""
        return self.kind == Kind.RISE


class AgencyViewQuerySet(FactQuerySet["AgencyView"]):
    """What agencies say of proposals, for those who see whole cases."""


class AgencyView(Fact):
    """What one agency says of a proposal; a changed view is a new version, the old one stays readable.

    One that stands against what the panel settles is dissent, and is kept for ever.
    """

    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="views", db_index=False
    )
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    opinion = models.CharField(max_length=10, choices=[(o.value, o.value) for o in Opinion])
    level = models.CharField(max_length=20, default="")
    words = models.TextField(default="")

    objects = AgencyViewQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_agencyview_current", "proposal", "agency")
        )

    def __str__(self) -> str:
        return f"{self.agency_id} on proposal {self.proposal_id}"
