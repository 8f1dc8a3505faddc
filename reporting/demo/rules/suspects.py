"""People of concern to the police, drawn month by month, and the occurrences that manage them."""

from datetime import date

from reporting.demo.rules.chance import Chance, Table, chance, table
from reporting.demo.rules.days import after, weekdays_of
from reporting.demo.rules.district import District, in_month, month_number
from reporting.demo.rules.facts import Occurrence, Suspect
from reporting.demo.rules.people import born_at_age, name

STREAM = 3

GROUPS = table({"Asian": 65, "White": 49, "NOT_RECORDED": 16, "Other": 5})
# Police 16+1 codes; both "not stated" and an empty cell are not recorded.
CODES: dict[str, Table[str]] = {
    "Asian": table({"A2": 75, "A3": 10, "A9": 10, "A1": 5}),
    "White": table({"W1": 85, "W9": 15}),
    "NOT_RECORDED": table({"NS": 60, "": 40}),
    "Other": table({"O9": 1}),
}
AGES = table({(13, 17): 20, (18, 35): 87, (36, 45): 14, (46, 67): 14})
FIRST_LEVELS = table({"HIGH": 18, "MEDIUM": 40, "LOW": 30, "UNSUBSTANTIATED": 12})
MOVES = {
    "HIGH": table({"HIGH": 55, "MEDIUM": 45}),
    "MEDIUM": table({"HIGH": 12, "MEDIUM": 50, "LOW": 38}),
    "LOW": table({"MEDIUM": 15, "LOW": 65, "UNSUBSTANTIATED": 20}),
    "UNSUBSTANTIATED": table({"UNSUBSTANTIATED": 90, "LOW": 10}),
}


def suspect_id(district: District, month: int, number: int) -> str:
    """Make the id of the suspect so numbered among those of a month."""
    return f"{district.prefix}S{month // 12 % 100:02}{month % 12 + 1:02}{number + 1:03}"


def suspects_of(district: District, month: int) -> list[Suspect]:
    """Make the suspects who came under management in a month, each from its own stream."""
    count = in_month(district.suspects, district, month)
    return [_suspect(district, month, number) for number in range(count)]


def some_known_before(draw: Chance, district: District, day: date, count: int) -> list[str]:
    """Draw ids of people who came under management in the four months before a day's month."""
    ids: list[str] = []
    for _ in range(count):
        month = month_number(day) - draw.between(1, 4)
        among = in_month(district.suspects, district, month)
        found = suspect_id(district, month, draw.between(0, among - 1)) if among else ""
        if found and found not in ids:
            ids.append(found)
    return ids


def _suspect(district: District, month: int, number: int) -> Suspect:
    draw = chance(district.seed, STREAM, month, number)
    created = draw.pick(weekdays_of(month // 12, month % 12 + 1))
    gender = "F" if draw.happens(0.08) else "M"
    born = born_at_age(draw, created, draw.between(*draw.of(AGES)))
    suspect = Suspect(suspect_id(district, month, number), created, gender, born)
    describe(draw, suspect, draw.of(GROUPS))
    closed = after(created, 120 + draw.wait(400))
    suspect.occurrences = [occurrence(draw, f"{suspect.id}-O1", created, closed)]
    return suspect


def describe(draw: Chance, suspect: Suspect, group: str) -> None:
    """Give a suspect a name and an ethnicity code of a report group."""
    suspect.ethnicity = draw.of(CODES[group])
    suspect.forenames, suspect.surname = name(draw, group, suspect.gender)


def occurrence(draw: Chance, key: str, created: date, closed: date) -> Occurrence:
    """Make an occurrence with its levels over time."""
    levels = [(created, draw.of(FIRST_LEVELS))]
    day = after(created, 60 + draw.wait(90))
    while day < closed:
        levels.append((day, draw.of(MOVES[levels[-1][1]])))
        day = after(day, 60 + draw.wait(120))
    return Occurrence(key, created, closed, levels)
