"""Police intelligence about children, graded, and its releases to agencies."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from hub.access.gate import standing_of
from hub.access.rules import Permission, Standing
from hub.facts.models import Fact, FactQuerySet, fact_meta_constraints, one_current
from partners.agencies.models import Agency
from partners.sharing.rules import INTELLIGENCE
from referrals.children.models import Child
from referrals.grants.models import Sight
from risk.intelligence.rules import (
    ASSESSMENTS,
    CONDITIONAL,
    CONDITIONS_LONGEST,
    HANDLING,
    PERMITTED,
    SOURCES,
)
from risk.suspects.models import Suspect

if TYPE_CHECKING:
    from hub.accounts.models import User


class LogQuerySet(FactQuerySet["IntelligenceLog"]):
    """Intelligence logs: the police's, and what their handling code or a release lets out.

    The database's own policy says the same (risk/migrations/0008_intelligence_is_walled.py).
    """

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the logs about children whom the person sees that are for them."""
        standing = standing_of(user)
        rows = super().visible_to(user)
        if standing is None or standing.may(Permission.POLICE_RECORDS_VIEW):
            return rows
        released = IntelligenceRelease.objects.released_to(standing).values("log_id")
        let_out = Q(pk__in=released)
        if standing.may(Permission.CASES_VIEW):
            let_out |= Q(handling=PERMITTED)
        return rows.filter(let_out, superseded_at__isnull=True)

    def shared_with(self, standing: Standing) -> Self:
        """Keep the logs about children who are shown to one who does not see whole cases."""
        return self.filter(child__in=_shown_children(standing))


class ReleaseQuerySet(FactQuerySet["IntelligenceRelease"]):
    """Releases: the police's, and to each agency its own that stand."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the releases that the person may know of."""
        standing = standing_of(user)
        rows = super().visible_to(user)
        if standing is None or standing.may(Permission.POLICE_RECORDS_VIEW):
            return rows
        return rows.released_to(standing)

    def shared_with(self, standing: Standing) -> Self:
        """Keep the releases about children who are shown to one who does not see whole cases."""
        return self.filter(child__in=_shown_children(standing))

    def released_to(self, standing: Standing) -> Self:
        """Keep those to the person's agency that stand."""
        return self.filter(superseded_at__isnull=True, agency=standing.agency_id)


def _shown_children(standing: Standing) -> models.QuerySet[Sight, Any]:
    """The children shown to a person, if their agency's sharing agreement has intelligence."""
    if INTELLIGENCE not in standing.categories:
        return Sight.objects.none().values("child_id")
    return Sight.objects.shared_with(standing).order_by().values("child_id")


class IntelligenceLog(Fact):
    """What the police know of a child, and perhaps of a suspect, with its 3x5x2 grading (rules).

    The words are sanitised: who the source was is held by the police elsewhere, never here.
    """

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="intelligence", db_index=False
    )
    suspect = models.ForeignKey(
        Suspect, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    happened_on = models.DateField()
    text = models.TextField()
    evaluation = models.CharField(max_length=1)
    assessment = models.CharField(max_length=1)
    handling = models.CharField(max_length=1)
    conditions = models.CharField(max_length=CONDITIONS_LONGEST, default="")
    agency = models.ForeignKey(
        Agency, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = LogQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_intelligencelog_current", "child"),
            models.CheckConstraint(
                condition=Q(evaluation__in=list(SOURCES), assessment__in=list(ASSESSMENTS))
                & Q(handling__in=list(HANDLING)),
                name="risk_intelligencelog_graded",
            ),
            models.CheckConstraint(
                condition=~Q(handling=CONDITIONAL, conditions=""),
                name="risk_intelligencelog_conditions",
            ),
        )

    def __str__(self) -> str:
        return f"intelligence {self.position} of {self.child_id}"


class IntelligenceRelease(Fact):
    """A log let out to one agency: by whom, why, under which conditions, until it is recalled.

    It is of one version: what is corrected is released anew, or not. `child` is the log's, so that a
    record that is hidden hides its releases.
    """

    log = models.ForeignKey(IntelligenceLog, on_delete=models.PROTECT, related_name="releases")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    because = models.TextField()
    conditions = models.CharField(max_length=CONDITIONS_LONGEST)

    objects = ReleaseQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_intelligencerelease_current", "log", "agency")
        )
        indexes: ClassVar = [
            models.Index(
                fields=["agency", "log"],
                condition=Q(superseded_at__isnull=True),
                name="risk_release_stands",
            )
        ]

    def __str__(self) -> str:
        return f"{self.log_id} to {self.agency_id}"
