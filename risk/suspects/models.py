"""Suspects, the crimes they are linked to, and how the police manage them."""

from typing import ClassVar

from django.db import models

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission
from hub.facts.models import (
    Fact,
    FactQuerySet,
    PointQuerySet,
    Spell,
    SpellQuerySet,
    end_known,
    fact_meta_constraints,
    one_current,
)
from partners.partnerships.models import Partnership
from risk.crimes.models import Crime


class SuspectQuerySet(ScopedQuerySet["Suspect"]):
    """Suspects; the police's to show."""

    seen_with = Permission.POLICE_RECORDS_VIEW


class Suspect(models.Model):
    """A person suspected, by the police's reference; who it is are facts."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=60)

    objects = SuspectQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "reference"], name="risk_suspect_reference_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class SuspectFactQuerySet(FactQuerySet["SuspectDetails"]):
    """What was recorded of suspects."""

    seen_with = Permission.POLICE_RECORDS_VIEW


class SuspectDetails(Fact):
    """A suspect's details as they stood. `ethnicity` is a DfE or a police 16+1 code, or empty."""

    suspect = models.ForeignKey(
        Suspect, on_delete=models.PROTECT, related_name="details", db_index=False
    )
    forenames = models.CharField(max_length=120, default="")
    surname = models.CharField(max_length=120, default="")
    date_of_birth = models.DateField(null=True)
    gender = models.CharField(max_length=1, default="U")
    ethnicity = models.CharField(max_length=4, default="")

    objects = SuspectFactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_suspectdetails_current", "suspect")
        )

    def __str__(self) -> str:
        return f"details of {self.suspect_id}"


class CrimeSuspectQuerySet(FactQuerySet["CrimeSuspect"]):
    """Which suspects were linked to which crimes."""

    seen_with = Permission.POLICE_RECORDS_VIEW


class CrimeSuspect(Fact):
    """A link between a crime and a suspect."""

    crime = models.ForeignKey(
        Crime, on_delete=models.PROTECT, related_name="suspects", db_index=False
    )
    suspect = models.ForeignKey(Suspect, on_delete=models.PROTECT, related_name="crimes")

    objects = CrimeSuspectQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_crimesuspect_current", "crime", "suspect")
        )

    def __str__(self) -> str:
        return f"{self.crime_id} and {self.suspect_id}"


class SuspectOccurrence(models.Model):
    """A suspect-management occurrence by the police's reference; its course are facts."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=60)

    objects = SuspectQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "reference"], name="risk_occurrence_reference_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class OccurrenceFactQuerySet(SpellQuerySet["OccurrenceFact"]):
    """The course of suspect-management occurrences."""

    seen_with = Permission.POLICE_RECORDS_VIEW
    start_field = "created_on"
    end_field = "closed_on"


class OccurrenceFact(Spell):
    """An occurrence's course: whose, created on a day, closed on a day; open is under investigation."""

    occurrence = models.ForeignKey(
        SuspectOccurrence, on_delete=models.PROTECT, related_name="facts", db_index=False
    )
    suspect = models.ForeignKey(Suspect, on_delete=models.PROTECT, related_name="occurrences")
    created_on = models.DateField()
    closed_on = models.DateField(null=True)

    objects = OccurrenceFactQuerySet.as_manager()

    class Meta(Spell.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_occurrencefact_current", "occurrence"),
            end_known("risk_occurrencefact_end_known", "closed_on"),
        )
        indexes: ClassVar = [
            models.Index(fields=["partnership", "created_on"], name="risk_occurrence_created")
        ]

    def __str__(self) -> str:
        return f"{self.occurrence_id} created {self.created_on}"


class SuspectLevelQuerySet(PointQuerySet["SuspectLevel"]):
    """Levels of suspects' risk."""

    seen_with = Permission.POLICE_RECORDS_VIEW
    subject = "occurrence_id"
    day_field = "set_on"


class SuspectLevel(Fact):
    """A suspect's risk level, on the police's own scale, in force from that day until the next."""

    occurrence = models.ForeignKey(
        SuspectOccurrence, on_delete=models.PROTECT, related_name="levels", db_index=False
    )
    set_on = models.DateField()
    level = models.CharField(max_length=20)

    objects = SuspectLevelQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_suspectlevel_current", "occurrence", "set_on")
        )

    def __str__(self) -> str:
        return f"{self.level} on {self.occurrence_id} from {self.set_on}"
