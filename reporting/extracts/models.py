"""What an import leaves for a person to settle."""

from datetime import date
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission
from hub.facts.models import Fact, FactQuerySet, FactSource
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from reporting.extracts.rules import facts as rules
from reporting.extracts.rules.layout import FILE


class ConflictQuerySet(ScopedQuerySet["ImportConflict"]):
    """Conflicts between extracts and what the hub recorded; for those who import."""

    seen_with = Permission.EXTRACT_IMPORT


class ImportConflict(models.Model):
    """A row of an extract that says otherwise than a fact recorded in the hub; the hub's fact stands.

    `table` and `key` name the fact (`risk_levels`, `E-12 2016-03-01`); the same conflict is listed once.
    `fact_table` and `fact_id`: the hub's version that it meets, None in conflicts listed before this was
    kept. `child`: whom that is about, written by the database; a conflict is hidden with its child.
    `place`: the row's place among its equals. `label`, `imported_by`: which extract, brought by whom.
    Once it is settled, `stands` says what stands, and `in_hub` what the hub said until then.
    """

    class Stands(models.TextChoices):
        """What stands once a conflict is settled; names may stand side by side."""

        HUB = "hub", "The hub's record"
        EXTRACT = "extract", "The extract's value"
        BOTH = "both", "Both, side by side"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(
        FactSource, null=True, on_delete=models.PROTECT, related_name="conflicts"
    )
    table = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    in_extract = models.JSONField()
    in_hub = models.JSONField()
    fact_table = models.CharField(max_length=60, default="")
    fact_id = models.BigIntegerField(null=True)
    child = models.ForeignKey(
        Child, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    place = models.PositiveIntegerField(default=1)
    found_at = models.DateTimeField()
    label = models.CharField(max_length=100, default="")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    stands = models.CharField(max_length=10, choices=Stands.choices, default="")

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "table", "key", "in_extract"],
                condition=models.Q(settled_at__isnull=True),
                name="reporting_conflict_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"

    @property
    def fact(self) -> rules.Fact:
        """Which kind of fact it is about; KeyError where that was not kept yet."""
        return rules.FACT[self.fact_table]

    @property
    def listed_version(self) -> Fact | None:
        """The hub's version that the row met, whether it still stands or not."""
        if self.fact_id is None:
            return None
        facts: type[Fact] = apps.get_model(self.fact_table.replace("_", ".", 1))
        found: Fact = facts._default_manager.select_related("recorded_by").get(pk=self.fact_id)
        return found

    def hub_version(self) -> Fact | None:
        """Give the hub's version that the row meets as things stand, as an import would find it.

        None where the hub has none any more: it was taken back, or an extract's took its place.
        """
        listed = self.listed_version
        if listed is None:
            return None
        columns = (rules.STORED_AS.get(name, name) for name in (self.fact.subject, *self.fact.key))
        key = {column: getattr(listed, column) for column in columns}
        facts: FactQuerySet[Fact] = type(listed)._default_manager.all()  # type: ignore[assignment]  # all facts have it
        same = facts.known().filter(partnership=self.partnership_id, **key)
        same = same.select_related("recorded_by").order_by("-position")
        there = same.filter(position=self.place).first()
        found = there or same.filter(recorded_by__isnull=False).first()
        return found if found and found.recorded_by_id else None

    def said_by(self, version: Fact) -> dict[str, Any]:
        """Give what a version says in the columns of the extract's row, in the same form."""
        return {column: _said(self.fact, version, column) for column in self.in_extract}


def version_of(hub: Fact | None) -> str:
    """Name a version of the hub's, so that a form can say which one was seen; "" for none."""
    return str(hub.pk) if hub else ""


def _said(fact: rules.Fact, version: Fact, column: str) -> Any:
    if FILE[fact.file].column(column).refers:
        other = getattr(version, column.removesuffix("_id"))
        return other.reference if other else None
    value = getattr(version, column)
    return value.isoformat() if isinstance(value, date) else value
