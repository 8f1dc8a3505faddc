"""Crimes as the police record them, and how they came out."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission
from hub.facts.models import Fact, FactQuerySet, PointQuerySet, fact_meta_constraints, one_current
from partners.partnerships.models import Partnership
from referrals.children.models import Child


class CrimeQuerySet(ScopedQuerySet["Crime"]):
    """Crimes; the police's to show."""

    seen_with = Permission.POLICE_RECORDS_VIEW


class Crime(models.Model):
    """A crime by its police reference; what was recorded of it are facts."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=60)

    objects = CrimeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "reference"], name="risk_crime_reference_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class CrimeFactQuerySet(FactQuerySet["CrimeFact"]):
    """What was recorded of crimes."""

    seen_with = Permission.POLICE_RECORDS_VIEW


class CrimeFact(Fact):
    """What was recorded of a crime: offence, dates, tag and victim (by own details or as a known child)."""

    crime = models.ForeignKey(Crime, on_delete=models.PROTECT, related_name="facts", db_index=False)
    offence_code = models.CharField(max_length=20)
    offence_date = models.DateField()
    recorded_on = models.DateField(null=True)
    cse_tag = models.BooleanField()
    victim_ref = models.CharField(max_length=60, default="")
    victim_child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="+")
    victim_date_of_birth = models.DateField(null=True)
    victim_gender = models.CharField(max_length=1, default="")

    objects = CrimeFactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_crimefact_current", "crime")
        )
        indexes: ClassVar = [
            models.Index(fields=["partnership", "offence_date"], name="risk_crimefact_offence")
        ]

    def __str__(self) -> str:
        return f"{self.crime_id} {self.offence_code}"


class CrimeOutcomeQuerySet(PointQuerySet["CrimeOutcome"]):
    """How crimes came out."""

    seen_with = Permission.POLICE_RECORDS_VIEW
    subject = "crime_id"
    day_field = "outcome_on"

    def as_at(self, day: date, known_at: datetime | None = None) -> Self:
        """Keep each crime's latest outcome up to that day; one without a date holds from the start."""
        held = Q(outcome_on__isnull=True) | Q(outcome_on__lte=day)
        latest = F("outcome_on").desc(nulls_last=True)
        rows = self.known(known_at).filter(held)
        return rows.order_by(self.subject, latest, "-position").distinct(self.subject)


class CrimeOutcome(Fact):
    """An outcome of a crime (Home Office code); without a date it holds from the start."""

    crime = models.ForeignKey(
        Crime, on_delete=models.PROTECT, related_name="outcomes", db_index=False
    )
    outcome = models.CharField(max_length=4)
    outcome_on = models.DateField(null=True)

    objects = CrimeOutcomeQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_crimeoutcome_current", "crime")
        )

    def __str__(self) -> str:
        return f"{self.crime_id} outcome {self.outcome}"
