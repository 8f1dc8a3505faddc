"""Finding the children who may be the one that is to be registered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from hub.accounts.models import User
from referrals.children.models import Child, ChildDetails
from referrals.register.rules import MOST_SHOWN, Person, likeness, swapped
from referrals.search.queries import Found, aliases_of, episodes_of, is_called, row_of
from referrals.search.rules import plain


@dataclass(frozen=True)
class Alike:
    """The children who may be the same, the likeliest first; `more` are left out of the list."""

    rows: list[Found]
    more: int

    @property
    def key(self) -> str:
        """Write which children these are: what a person says of them counts of no others."""
        return " ".join(str(row.child_id) for row in self.rows)


def who_may_be(user: User, partnership_id: int, sought: Person, today: date) -> Alike:
    """Find the children of the partnership, among those the person may see, who may be the same."""
    children = list(_worth_a_look(user, partnership_id, sought))
    aliases, episodes = aliases_of(user, children), episodes_of(user, children)
    details = {
        row.child_id: row
        for row in ChildDetails.objects.visible_to(user).known().filter(child__in=children)
    }
    weighed = []
    for child in children:
        known = _person(child, details.get(child.pk), aliases.get(child.pk, []))
        weight, why = likeness(sought, known)
        if weight:
            weighed.append((-weight, row_of(child, episodes.get(child.pk, []), why, today)))
    rows = [row for _weight, row in sorted(weighed, key=lambda one: (one[0], one[1].name))]
    return Alike(rows[:MOST_SHOWN], max(0, len(rows) - MOST_SHOWN))


def _worth_a_look(user: User, partnership_id: int, sought: Person) -> "list[Child]":
    """Gather by the indexes: born on the day or the swapped one, a name that begins so, a number."""
    children = Child.objects.visible_to(user).filter(partnership=partnership_id)
    days = [day for day in (sought.born, swapped(sought.born)) if day]
    ways: list[QuerySet[Any, Any]] = [
        children.filter(date_of_birth__in=days).values("pk"),
        *(children.filter(way).values("pk") for way in _by_names(user, sought)),
        *_by_numbers(user, sought),
    ]
    return list(children.filter(pk__in=ways[0].union(*ways[1:])))


def _by_names(user: User, sought: Person) -> list[Q]:
    parts = (tuple(plain(name).split()) for name in sought.names)
    return [is_called(user, names) for names in parts if names]


def _by_numbers(user: User, sought: Person) -> list[QuerySet[Any, Any]]:
    details = ChildDetails.objects.visible_to(user).known()
    numbers = {"nhs_number": sought.nhs_number, "upn": sought.upn}
    return [
        details.filter(**{name: number}).values("child_id")
        for name, number in numbers.items()
        if number
    ]


def _person(child: Child, details: ChildDetails | None, aliases: list[str]) -> Person:
    return Person(
        name=f"{child.forenames} {child.surname}",
        born=child.date_of_birth,
        other_names=tuple(aliases),
        nhs_number=details.nhs_number if details else "",
        upn=details.upn if details else "",
    )
