"""Dated facts: what was true when, and what was known when (docs/architecture.md, "Time").

A fact is never changed and never deleted. A correction is a new fact; the old one keeps its row and
learns when it was superseded. A database trigger refuses everything else
(hub/migrations/0002_facts_are_kept.py).
"""

from datetime import date, datetime
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hub.access.models import ScopedQuerySet


class FactSource(models.Model):
    """One import of an extract: the event that the facts which it brought point back to.

    `published_at` is the one moment from which everything in it counts as known; `files` maps a
    file's name to its SHA-256 and its counts of rows. Facts recorded in the hub have no source.
    """

    partnership_code = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    first = models.BooleanField(
        help_text="the partnership's first import: its facts are back-dated"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    files = models.JSONField(default=dict)

    class Meta:
        app_label = "hub"
        ordering: ClassVar[list[str]] = ["-published_at"]
        indexes: ClassVar = [models.Index(fields=["partnership_code", "published_at"])]

    def __str__(self) -> str:
        return f"{self.label} ({self.partnership_code})"


F_co = TypeVar("F_co", bound="Fact", covariant=True)


class FactQuerySet(ScopedQuerySet[F_co]):
    """Facts, filtered by what was known at a moment (None: what is known now)."""

    def known(self, at: datetime | None = None) -> Self:
        """Keep the versions that stood at that moment, the moment included."""
        if at is None:
            return self.filter(superseded_at__isnull=True)
        still = Q(superseded_at__isnull=True) | Q(superseded_at__gt=at)
        return self.filter(still, known_from__lte=at)

    def as_at(self, day: date, known_at: datetime | None = None) -> Self:
        """Keep what held at the end of that day, as known at that moment."""
        raise NotImplementedError


class PointQuerySet(FactQuerySet[F_co]):
    """Point facts: each holds from its date until the next one of its subject."""

    subject: ClassVar[str]
    day_field: ClassVar[str]

    def as_at(self, day: date, known_at: datetime | None = None) -> Self:
        """Keep each subject's latest fact up to that day; among equals the last in order."""
        order = (self.subject, f"-{self.day_field}", "-position")
        rows = self.known(known_at).filter(**{f"{self.day_field}__lte": day})
        return rows.order_by(*order).distinct(self.subject)


class SpellQuerySet(FactQuerySet[F_co]):
    """Spells: each holds from its start, the day included, to its end, the day excluded."""

    start_field: ClassVar[str] = "from_date"
    end_field: ClassVar[str] = "to_date"

    def as_at(self, day: date, known_at: datetime | None = None) -> Self:
        """Keep the spells that held at the end of that day; an end not yet known did not end it."""
        on_going = Q(**{f"{self.end_field}__isnull": True}) | Q(**{f"{self.end_field}__gt": day})
        if known_at is not None:
            on_going |= Q(to_known_from__gt=known_at)
        return self.known(known_at).filter(on_going, **{f"{self.start_field}__lte": day})


def end_known(name: str, end: str, known: str = "to_known_from") -> models.CheckConstraint:
    """Constrain what goes together: an end that is recorded is known from a moment."""
    condition = Q(**{f"{end}__isnull": True}) | Q(**{f"{known}__isnull": False})
    return models.CheckConstraint(condition=condition, name=name)


class Fact(models.Model):
    """What every dated fact carries besides its own columns.

    `known_from`: from when it counts as known. `superseded_at`: from when it no longer does.
    `position`: its order among facts of one subject and date (the last stands).
    `source` or `recorded_by`: the import that brought it, or the person who recorded it in the hub.
    `reason`: why it was corrected, on the correction. `written_at`: when the row was written.
    """

    partnership = models.ForeignKey(
        "partners.Partnership", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.PositiveIntegerField(default=1)
    known_from = models.DateTimeField()
    source = models.ForeignKey(
        FactSource, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    reason = models.TextField(default="", db_default="")
    superseded_at = models.DateTimeField(null=True)
    superseded_source = models.ForeignKey(
        FactSource, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    superseded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(source__isnull=False) ^ Q(recorded_by__isnull=False),
                name="%(app_label)s_%(class)s_brought_or_recorded",
            ),
            models.CheckConstraint(
                condition=Q(
                    superseded_at__isnull=True,
                    superseded_source__isnull=True,
                    superseded_by__isnull=True,
                )
                | (
                    Q(superseded_at__isnull=False)
                    & (Q(superseded_source__isnull=False) ^ Q(superseded_by__isnull=False))
                ),
                name="%(app_label)s_%(class)s_superseded_by_whom",
            ),
        ]


class Spell(Fact):
    """A fact with a start and an end; the end is a fact of its own, known from `to_known_from`."""

    to_known_from = models.DateTimeField(null=True)

    class Meta(Fact.Meta):
        abstract = True


def one_current(name: str, *key: str) -> models.UniqueConstraint:
    """Constrain a fact's key: one version stands, and each older one ended at a moment of its own."""
    return models.UniqueConstraint(
        fields=[*key, "position", "superseded_at"], name=name, nulls_distinct=False
    )


def fact_meta_constraints(*own: Any) -> list[Any]:
    """Join a fact's own constraints to those that every fact has."""
    return [*Fact.Meta.constraints, *own]
