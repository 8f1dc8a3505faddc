"""Recorded sexual offences against children: those tagged as exploitation, and the others."""

from collections.abc import Iterator
from datetime import date

from hub.days.rules import age_on
from reporting.demo.rules.chance import Chance, Table, chance, table
from reporting.demo.rules.days import after, between, weekdays_of
from reporting.demo.rules.district import District
from reporting.demo.rules.facts import Child, Crime, Episode
from reporting.demo.rules.people import born_at_age
from reporting.demo.rules.suspects import some_known_before

STREAM = 2
PER_EPISODE = 0.28
TAGGED = 0.9

OFFENCES: dict[tuple[str, str], Table[str]] = {
    ("F", "child"): table({"20B": 50, "21": 30, "19E": 15, "86": 5}),
    ("F", "young"): table({"20A": 30, "22B": 28, "19D": 16, "88A": 12, "86": 10, "71": 4}),
    ("F", "older"): table({"20A": 45, "19C": 35, "22A": 8, "86": 8, "71": 4}),
    ("M", "child"): table({"17B": 55, "21": 30, "19H": 15}),
    ("M", "young"): table({"17A": 35, "22B": 30, "19G": 10, "88A": 13, "86": 12}),
    ("M", "older"): table({"17A": 60, "19F": 25, "86": 15}),
}
# As the 2016 report printed them, apart from what was still open; with and without a suspect.
SOLVED = table({"15A": 25, "16": 12, "1A": 7, "10": 2, "8B": 1, "22": 1})
UNSOLVED = table({"18": 14, "14": 5, "NB": 2})
SUSPECTS = table({0: 34, 1: 59, 2: 8, 3: 5})
VICTIM_AGES = table({4: 2, 6: 3, 8: 4, 10: 5, 11: 7, 12: 10, 13: 15, 14: 18, 15: 18, 16: 10, 17: 8})


def offence_code(draw: Chance, gender: str, years: int) -> str:
    """Draw an offence code that fits the victim's gender and age."""
    stage = "child" if years < 13 else "young" if years < 16 else "older"
    return draw.of(OFFENCES["M" if gender == "M" else "F", stage])


def against(draw: Chance, district: District, child: Child) -> Iterator[Crime]:
    """Draw the crimes against a child around its episodes, but none in a planned year."""
    for episode in child.episodes:
        if not episode.at_risk or not draw.happens(PER_EPISODE):
            continue
        offence = _around(draw, episode)
        if age_on(child.born, offence) < 18 and not _planned(district, offence):
            yield _crime_against(draw, district, child, offence)


def _planned(district: District, day: date) -> bool:
    year = district.planned_year
    return year is not None and year[0] <= day <= year[1]


def _around(draw: Chance, episode: Episode) -> date:
    days = min(between(episode.referred_on, episode.closed_on), 200)
    return after(episode.referred_on, draw.between(-40, days))


def _crime_against(draw: Chance, district: District, child: Child, offence: date) -> Crime:
    crime = Crime(
        ref="",
        offence_code=offence_code(draw, child.gender, age_on(child.born, offence)),
        offence_date=offence,
        recorded_on=max(after(offence, draw.wait(12)), child.known_from),
        cse=draw.happens(TAGGED),
        outcome="NEW",
        outcome_on=None,
        suspects=some_known_before(draw, district, offence, draw.of(SUSPECTS)),
    )
    decide(draw, crime)
    return crime


def decide(draw: Chance, crime: Crime) -> None:
    """Give a crime its outcome in time: four in five within a year, the rest much later."""
    wait = 30 + draw.wait(120) if draw.happens(0.8) else 200 + draw.wait(400)
    crime.outcome = draw.of(SOLVED if crime.suspects else UNSOLVED)
    crime.outcome_on = after(crime.recorded_on, wait)


def number_crimes(child: Child) -> None:
    """Put a child's crimes in order and give them their references."""
    child.crimes.sort(key=lambda crime: (crime.recorded_on, crime.offence_date))
    for number, crime in enumerate(child.crimes, 1):
        crime.ref = f"{child.id}-C{number}"


def other_offences(district: District, month: int, count: int) -> list[Crime]:
    """Make a month's untagged offences, against children whom the hub does not know."""
    return [_other(district, month, number) for number in range(count)]


def _other(district: District, month: int, number: int) -> Crime:
    draw = chance(district.seed, STREAM, month, number)
    offence = draw.pick(weekdays_of(month // 12, month % 12 + 1))
    gender, years = "M" if draw.happens(0.24) else "F", draw.of(VICTIM_AGES)
    key = f"{district.prefix}X{month // 12 % 100:02}{month % 12 + 1:02}{number + 1:03}"
    crime = Crime(
        ref=f"{key}-C1",
        offence_code=offence_code(draw, gender, years),
        offence_date=offence,
        recorded_on=after(offence, draw.wait(12)),
        cse=False,
        outcome="NEW",
        outcome_on=None,
        suspects=[],
        victim_ref=f"{key}-V",
        victim_born=born_at_age(draw, offence, years),
        victim_gender=gender,
    )
    decide(draw, crime)
    return crime
