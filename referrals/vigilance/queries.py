"""Reading a day of the trail, by the index of its partnership and in the month's partition alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Min, OuterRef, Subquery
from django.db.models.functions import TruncDate

from hub.accounts.models import User
from hub.audit.models import AuditEvent, Verb
from hub.days.rules import LONDON
from referrals.children.models import Address, Child
from referrals.vigilance.rules import HABIT, Look

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hub.audit.models import AuditEventQuerySet

LOOKING = (Verb.CONSULTATION, Verb.DISCLOSURE)


@dataclass(frozen=True)
class PersonsDay:
    """What one person looked at on a day, and as what."""

    person_id: int
    role: str
    agency: str
    looks: list[Look]


def days_of_people(by: User, partnership: int, day: date) -> Iterator[PersonsDay]:
    """Give each person's looks of a day, one statement for all; the database groups them by record."""
    children = Child.objects.visible_to(by).filter(
        partnership=partnership, reference=OuterRef("reference")
    )
    looked = _looks(by, day, day).filter(partnership_id=partnership, user_id__isnull=False)
    rows = (
        looked.values("user_id", "reference")
        .annotate(
            first=Min("at"),
            last=Max("at"),
            times=Count("pk"),
            as_role=Max("role"),
            of_agency=Max("agency"),
            surname=Subquery(children.order_by().values("surname")[:1]),
            postcode=Subquery(_where(by, partnership, day)),
        )
        .order_by("user_id", "reference")
        .values_list(
            "user_id", "reference", "first", "last", "times", "as_role", "of_agency", "surname",
            "postcode",
            named=True,
        )
    )  # fmt: skip
    known = (row for row in rows.iterator() if row.surname is not None)
    for person, of_person in groupby(known, key=attrgetter("user_id")):
        yield _day_of(person, list(of_person))


def _where(by: User, partnership: int, day: date) -> "QuerySet[Address, str]":
    """Where the child lived on that day; not where that is confidential: a finding would tell of it."""
    lived = Address.objects.visible_to(by).as_at(day).filter(partnership=partnership)
    theirs = lived.filter(child__reference=OuterRef("reference"), confidential=False)
    return theirs.order_by("-from_date", "-position").values_list("postcode", flat=True)[:1]


def _day_of(person: int, rows: list[Any]) -> PersonsDay:
    looks = [
        Look(row.reference, row.surname, row.first, row.last, row.times, row.postcode or "")
        for row in rows
    ]
    return PersonsDay(person, rows[0].as_role, rows[0].of_agency, looks)


def usual_days(by: User, partnership: int, person: int, day: date) -> list[int]:
    """Count the children of each day before that had any, by the index of the person; asked only for few."""
    looked = _looks(by, day - HABIT, day - timedelta(days=1))
    mine = looked.filter(user_id=person, partnership_id=partnership)
    counted = mine.annotate(on=TruncDate("at", tzinfo=LONDON)).values("on")
    return list(
        counted.annotate(children=Count("reference", distinct=True)).values_list(
            "children", flat=True
        )
    )


def _looks(by: User, first: date, last: date) -> "AuditEventQuerySet":
    """The events that show one child's record, from a London day to another."""
    return AuditEvent.objects.visible_to(by).filter(
        at__gte=_start(first),
        at__lt=_start(last + timedelta(days=1)),
        what="child",
        verb__in=LOOKING,
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)
