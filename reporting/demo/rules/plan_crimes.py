"""The crimes of April 2015 to March 2016 that the report of 2016 counts, and who is suspected.

109 are tagged as exploitation, 75 of them with a suspect; 103 links of crime and suspect fall into
the report's bands of age. The rules on victims' ages, on boys and on women suspects are the report's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from hub.days.rules import age_on
from reporting.demo.rules.chance import Chance
from reporting.demo.rules.crimes import offence_code
from reporting.demo.rules.days import after, between
from reporting.demo.rules.facts import Child, Crime, Suspect
from reporting.demo.rules.people import born_at_age
from reporting.demo.rules.plan_slots import YEAR_END, YEAR_START

SOLVED = {"10": 2, "15A": 25, "16": 12, "1A": 7, "8B": 1, "NEW": 28}
UNSOLVED = {"14": 5, "18": 14, "NB": 2, "NEW": 13}
BAND_AGES = {"under_18": (13, 17), "18_24": (18, 24), "25_35": (25, 35), "36_45": (36, 45),
             "over_45": (46, 66)}  # fmt: skip
# Without the eight links of the pairs (six) and of the other two women, which are made by hand.
BANDS = {"under_18": 20, "18_24": 34, "25_35": 18, "36_45": 12, "over_45": 11}
SUSPECTS_OF_CRIME = {1: 51, 2: 8, 3: 7, 7: 1}
PAIRS = 3
OTHER_BOYS = 5
UNKNOWN_VICTIMS = 15
LAST_OUTCOME = date(2016, 7, 29)


@dataclass
class Planned:
    """What the plan of crimes gives: who is suspected of which, and crimes against others."""

    links: list[tuple[Crime, Suspect]] = field(default_factory=list)
    others: list[Crime] = field(default_factory=list)

    def suspect(self, crime: Crime, suspect: Suspect) -> None:
        """Link a suspect, who is known from the first crime recorded."""
        suspect.known_from = min(suspect.known_from, crime.recorded_on)
        self.links.append((crime, suspect))


def planned_crimes(draw: Chance, children: Sequence[Child]) -> Planned:
    """Make the 109 tagged crimes: those against children of the hub hang on them afterwards."""
    planned = Planned()
    solved = draw.shuffled(_listed(SOLVED))
    for _ in range(PAIRS):
        _pair(draw, children, planned, solved.pop(), solved.pop())
    _by_young_woman(draw, children, planned, solved.pop())
    _by_woman(draw, children, planned, solved.pop())
    _by_men(draw, children, planned, solved)
    return planned


def _listed(counts: dict[str, int]) -> list[str]:
    return [thing for thing, count in counts.items() for _ in range(count)]


def _victim(
    draw: Chance, children: Sequence[Child], gender: str, low: int, high: int
) -> tuple[Child, date]:
    """Draw a child and a day of the year, near one of its episodes, on which its age fits."""
    while True:
        child = draw.pick(children)
        episode = draw.pick(child.episodes)
        day = after(episode.referred_on, draw.between(-40, 120))
        fits = YEAR_START <= day <= YEAR_END and low <= age_on(child.born, day) <= high
        if fits and child.gender == gender:
            return child, day


def _crime(draw: Chance, victim: Child, day: date, outcome: str, code: str = "") -> Crime:
    recorded = max(after(day, draw.wait(10)), victim.known_from)
    crime = Crime(
        ref="",
        offence_code=code or offence_code(draw, victim.gender, age_on(victim.born, day)),
        offence_date=day,
        recorded_on=recorded,
        cse=True,
        outcome=outcome,
        outcome_on=_decided(draw, recorded, outcome),
        suspects=[],
    )
    victim.crimes.append(crime)
    return crime


def _decided(draw: Chance, recorded: date, outcome: str) -> date | None:
    if outcome == "NEW":
        return None
    return max(recorded, min(after(recorded, 20 + draw.wait(70)), LAST_OUTCOME))


def _pair(
    draw: Chance, children: Sequence[Child], planned: Planned, first: str, second: str
) -> None:
    """Two under-age parties share images of themselves: two crimes, each victim of the other."""
    boy, day = _victim(draw, children, "M", 13, 15)
    girl = boy
    while girl.gender != "F" or not 13 <= age_on(girl.born, day) <= 15:
        girl = draw.pick(children)
    for victim, other, outcome in ((boy, girl, first), (girl, boy, second)):
        crime = _crime(draw, victim, day, outcome, code="86")
        crime.recorded_on = max(crime.recorded_on, boy.known_from, girl.known_from)
        planned.suspect(crime, _same_person(other))


def _same_person(child: Child) -> Suspect:
    return Suspect(
        "", date.max, child.gender, child.born, child.ethnicity, child.forenames, child.surname
    )


def _by_young_woman(
    draw: Chance, children: Sequence[Child], planned: Planned, outcome: str
) -> None:
    boy, day = _victim(draw, children, "M", 14, 14)
    crime = _crime(draw, boy, day, outcome)
    planned.suspect(crime, Suspect("", date.max, "F", born_at_age(draw, day, 18)))


def _by_woman(draw: Chance, children: Sequence[Child], planned: Planned, outcome: str) -> None:
    girl, day = _victim(draw, children, "F", 14, 16)
    crime = _crime(draw, girl, day, outcome)
    planned.suspect(crime, Suspect("", date.max, "F", born_at_age(draw, day, 27)))


def _by_men(
    draw: Chance, children: Sequence[Child], planned: Planned, solved: Sequence[str]
) -> None:
    """The other 67 crimes with suspects, and the 34 without; five of the victims are boys."""
    bands, runs = _listed(BANDS), []
    for count in draw.shuffled([n for n, times in SUSPECTS_OF_CRIME.items() for _ in range(times)]):
        runs.append(bands[:count])
        del bands[:count]
    crimes = [*zip(solved, draw.shuffled(runs), strict=True)]
    crimes += [(outcome, []) for outcome in _listed(UNSOLVED)]
    crimes = draw.shuffled(crimes)
    for number, (outcome, offenders) in enumerate(crimes):
        gender = "M" if number < OTHER_BOYS else "F"
        child, day = _victim(draw, children, gender, *_victim_ages(offenders))
        crime = _crime(draw, child, day, outcome)
        if OTHER_BOYS <= number < OTHER_BOYS + UNKNOWN_VICTIMS:
            _make_unknown(planned, child, crime, number)
        for band in offenders:
            planned.suspect(crime, _offender(draw, planned, crime, band))


def _victim_ages(offenders: Sequence[str]) -> tuple[int, int]:
    if "under_18" in offenders:
        return 11, 15
    return (11, 17) if "18_24" in offenders else (10, 17)


def _make_unknown(planned: Planned, child: Child, crime: Crime, number: int) -> None:
    """Let the victim be someone of this age whom the hub does not know."""
    child.crimes.remove(crime)
    crime.ref, crime.victim_ref = f"BXP{number:03}-C1", f"BXP{number:03}-V"
    crime.victim_born, crime.victim_gender = child.born, child.gender
    planned.others.append(crime)


def _offender(draw: Chance, planned: Planned, crime: Crime, band: str) -> Suspect:
    """Draw a man of the band on the day; one in eight is already suspected of another crime."""
    low, high = BAND_AGES[band]
    if draw.happens(0.125) and (known := _suspected_before(planned, crime, low, high)):
        return draw.pick(known)
    born = born_at_age(draw, crime.offence_date, draw.between(low, high))
    return Suspect("", date.max, "M", born)


def _suspected_before(planned: Planned, crime: Crime, low: int, high: int) -> list[Suspect]:
    """List men of these ages who are suspected of a crime not long before or after this one."""
    here = [person for other, person in planned.links if other is crime]
    return [
        person
        for other, person in planned.links
        if person.gender == "M" and not person.surname and person not in here
        and low <= age_on(person.born, crime.offence_date) <= high
        and abs(between(other.offence_date, crime.offence_date)) < 200
    ]  # fmt: skip
