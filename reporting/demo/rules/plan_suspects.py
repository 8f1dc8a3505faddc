"""The 135 suspect-management occurrences of July 2015 to June 2016, of which 126 were open after.

Some of these people are the suspects of the planned crimes; the counts of ages, gender and
ethnicity are the report's (suspects managed by the police).
"""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from hub.days.rules import age_on
from reporting.demo.rules.chance import Chance
from reporting.demo.rules.days import after, weekday_until, weekdays_of
from reporting.demo.rules.district import District, in_month, month_number
from reporting.demo.rules.facts import Suspect
from reporting.demo.rules.people import born_at_age
from reporting.demo.rules.plan_crimes import Planned
from reporting.demo.rules.suspects import GROUPS, describe, occurrence, suspect_id

K = TypeVar("K")

FIRST, LAST = date(2015, 7, 1), date(2016, 6, 30)
AGES = {(13, 17): 20, (18, 35): 87, (36, 45): 14, (46, 66): 14}
GENDERS = {"F": 11, "M": 124}
ETHNIC_GROUPS = {"Asian": 65, "White": 49, "NOT_RECORDED": 16, "Other": 5}
CLOSED_BY_THE_END = 9


def planned_suspects(draw: Chance, district: District, planned: Planned) -> list[Suspect]:
    """Make the year's suspects, and write their ids into the planned crimes."""
    free = _distinct(person for _, person in planned.links)
    managed = _managed(draw, district, free)
    for number, person in enumerate(free, 1):
        person.id = f"{district.prefix}SP{number:03}"
        if not person.surname:
            describe(draw, person, draw.of(GROUPS))
    for crime, person in planned.links:
        crime.suspects.append(person.id)
    return managed + free


def _distinct(people: Iterable[Suspect]) -> list[Suspect]:
    found: dict[int, Suspect] = {id(person): person for person in people}
    return list(found.values())


def _managed(draw: Chance, district: District, free: list[Suspect]) -> list[Suspect]:
    """Fill the 135 places month by month; people taken from `free` leave it."""
    days = _days(draw, district)
    kinds = zip(_drawn(draw, AGES), _drawn(draw, GENDERS), _drawn(draw, ETHNIC_GROUPS), strict=True)
    closed = set(draw.shuffled(range(80))[:CLOSED_BY_THE_END])
    managed = []
    for place, ((created, key), (ages, gender, group)) in enumerate(zip(days, kinds, strict=True)):
        person = _person(draw, free, created, ages, gender)
        person.id, person.known_from = key, min(person.known_from, created)
        describe(draw, person, group)
        ends = _ends(draw, created, place in closed)
        person.occurrences = [occurrence(draw, f"{key}-O1", created, ends)]
        managed.append(person)
    return managed


def _days(draw: Chance, district: District) -> list[tuple[date, str]]:
    days = []
    for month in range(month_number(FIRST), month_number(LAST) + 1):
        for number in range(in_month(district.suspects, district, month)):
            day = draw.pick(weekdays_of(month // 12, month % 12 + 1))
            days.append((day, suspect_id(district, month, number)))
    return days


def _drawn(draw: Chance, counts: dict[K, int]) -> list[K]:
    return draw.shuffled([kind for kind, count in counts.items() for _ in range(count)])


def _ends(draw: Chance, created: date, closed: bool) -> date:
    if closed:
        return weekday_until(after(created, draw.between(50, 120)))
    return after(LAST, 20 + draw.wait(350))


def _person(
    draw: Chance, free: list[Suspect], created: date, ages: tuple[int, int], gender: str
) -> Suspect:
    """Take a crime's suspect of this age and gender, known by then, or make someone new."""
    low, high = ages
    fitting = [
        person
        for person in free
        if person.gender == gender and not person.surname and person.known_from <= created
        and low <= age_on(person.born, created) <= high
    ]  # fmt: skip
    if fitting and draw.happens(0.5):
        person = draw.pick(fitting)
        free.remove(person)
        return person
    return Suspect("", created, gender, born_at_age(draw, created, draw.between(low, high)))
