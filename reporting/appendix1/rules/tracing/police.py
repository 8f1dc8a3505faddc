"""Behind the crimes of the year, the missing episodes and the suspects' occurrences."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from hub.codes.rules import code_list, ethnic_groups
from hub.days.rules import age_on
from reporting.appendix1.rules.cases import Cases, CrimeCase, MissingCase, OccurrenceCase
from reporting.appendix1.rules.counting import OFFENDER_BANDS, SUSPECT_BANDS, band
from reporting.appendix1.rules.labels import label
from reporting.appendix1.rules.parameters import Parameters
from reporting.appendix1.rules.police import in_time, is_of_child
from reporting.appendix1.rules.tracing.behind import (
    Behind,
    Id,
    Traced,
    and_then,
    day,
    number,
    numbered,
    split,
)

Crimes = Mapping[Id, CrimeCase]
Link = tuple[CrimeCase, int]
Say = Callable[[OccurrenceCase], str]


def crimes(cases: Cases, _asked: Parameters) -> Iterator[Traced]:
    """Give the crimes, and the links with suspects, behind each figure of the crimes."""
    offences = code_list("offence_codes")
    listed = _numbered(c for c in cases.crimes if c.offence_code in offences)
    counted = {found: case for found, case in listed.items() if is_of_child(case)}
    cse = {found: case for found, case in counted.items() if case.cse_tag}
    unknown = {found: case for found, case in listed.items() if case.victim_born is None}
    outside = _numbered(c for c in cases.crimes if c.cse_tag and c.offence_code not in offences)
    for path, behind in (
        ("sexual_offences_under_18", Behind(counted, _offence)),
        ("victim_age_unknown", Behind(unknown, _age_unknown)),
        ("tagged_outside_list", Behind(outside, _outside)),
        ("cse", Behind(cse, _tagged)),
        *_outcomes(cse),
        *_suspects(cse),
    ):
        yield f"crimes.{path}", behind


def _numbered(cases: Iterable[CrimeCase]) -> dict[Id, CrimeCase]:
    return numbered(cases, lambda case: case.crime)


def _victim_age(case: CrimeCase) -> int | None:
    return None if case.victim_born is None else age_on(case.victim_born, case.offence_date)


def _when(case: CrimeCase) -> str:
    return f"Offence (code {case.offence_code}) of {day(case.offence_date)}"


def _offence(case: CrimeCase) -> str:
    return f"{_when(case)}; the victim was {_victim_age(case)} on that day."


def _tagged(case: CrimeCase) -> str:
    return f"{_when(case)}, tagged as CSE; the victim was {_victim_age(case)} on that day."


def _age_unknown(case: CrimeCase) -> str:
    return f"{_when(case)}, on the list, but no date of birth of the victim is known."


def _outside(case: CrimeCase) -> str:
    return f"{_when(case)}, tagged as CSE, but the code is not on the list of sexual offences."


GROUPS = {"open": "under_investigation", "cancelled": "cancelled"}


def _outcomes(cse: Crimes) -> Iterator[Traced]:
    codes = code_list("crime_outcomes")

    def why(case: CrimeCase) -> str:
        return f"{_tagged(case)} Outcome: {label(case.outcome, 'crime_outcomes')}."

    yield from split("by_outcome", cse.items(), lambda c: c.outcome, why)
    for name in ("under_investigation", "cancelled", "finalised"):
        found = {
            number: case
            for number, case in cse.items()
            if GROUPS.get(codes[case.outcome].group, "finalised") == name
        }
        yield name, Behind(found, why)


def _suspects(cse: Crimes) -> Iterator[Traced]:
    linked = {found: case for found, case in cse.items() if case.suspects_born}
    links: dict[Id, Link] = {
        (case.crime, place): (case, place)
        for case in linked.values()
        for place in range(1, len(case.suspects_born) + 1)
    }
    males = {found: case for found, case in cse.items() if case.victim_gender == "M"}
    yield "male_victims", Behind(males, lambda c: f"{_tagged(c)} The victim is male.")
    yield "with_suspect", Behind(linked, _linked)
    yield from split("by_number_of_suspects", linked.items(), _number, _linked)
    yield "suspect_links", Behind(links, _link)
    yield from split("offender_age_bands", links.items(), _band, _link)
    yield from split(
        "victim_age_by_offender_age_band",
        links.items(),
        lambda link: f"{_victim_age(link[0])}.{_band(link)}",
        lambda link: f"{_link(link)} The victim was {_victim_age(link[0])}.",
    )


def _number(case: CrimeCase) -> int:
    return len(case.suspects_born)


def _linked(case: CrimeCase) -> str:
    return f"{_tagged(case)} {number(_number(case), 'suspect is', 'suspects are')} linked to it."


def _band(link: Link) -> str:
    case, place = link
    return band(case.suspects_born[place - 1], case.offence_date, OFFENDER_BANDS)


def _link(link: Link) -> str:
    case, place = link
    suspect = f"Suspect {place} of {_number(case)} linked to the crime"
    return f"{suspect}: {_aged(case.suspects_born[place - 1], case.offence_date)}."


def _aged(born: date | None, on: date) -> str:
    return f"{'age not known' if born is None else age_on(born, on)} on {day(on)}"


def missing(cases: Cases, _asked: Parameters) -> Iterator[Traced]:
    """Give the missing episodes, and the children, behind each figure of the missing."""
    found = numbered(cases.missing, lambda case: case.missing)
    children: dict[Id, list[MissingCase]] = {}
    for case in cases.missing:
        children.setdefault((case.child,), []).append(case)

    def some(wanted: Callable[[MissingCase], bool]) -> Behind[MissingCase]:
        return Behind({key: case for key, case in found.items() if wanted(case)}, _missing)

    yield "missing.episodes", Behind(found, _missing)
    yield "missing.children", Behind(children, _times_missing)
    yield "missing.found", some(lambda case: case.found_on is not None)
    yield "missing.interviewed", some(lambda case: case.interviewed_on is not None)
    yield "missing.interviewed_in_time", some(in_time)


def _times_missing(cases: list[MissingCase]) -> str:
    return f"Missing {number(len(cases), 'time', 'times')} from a day of the year."


def _missing(case: MissingCase) -> str:
    found = f"found on {day(case.found_on)}" if case.found_on else "not recorded as found"
    seen = "no return interview"
    if case.interviewed_on:
        seen = f"return interview on {day(case.interviewed_on)}"
    return f"Began on a day of the year: {found}, {seen}."


def suspect_management(cases: Cases, asked: Parameters) -> Iterator[Traced]:
    """Give the occurrences behind each figure of the suspects' management."""
    found = numbered(cases.occurrences, lambda case: case.occurrence)
    last = asked.suspects_to
    still = {key: c for key, c in found.items() if c.closed_on is None or c.closed_on > last}
    for path, behind in (
        ("occurrences", Behind(found, _created)),
        ("under_investigation", Behind(still, lambda c: f"{_created(c)} Open on {day(last)}.")),
        *_suspects_by(found),
    ):
        yield f"suspect_management.{path}", behind


def _created(case: OccurrenceCase) -> str:
    return f"Created on {day(case.created_on)}, within the window."


def _suspects_by(found: Mapping[Id, OccurrenceCase]) -> Iterator[Traced]:
    def age_band(case: OccurrenceCase) -> str:
        return band(case.born, case.created_on, SUSPECT_BANDS)

    def group(case: OccurrenceCase) -> str:
        return ethnic_groups(case.ethnicity)[0]

    cells: tuple[tuple[str, Say, Say], ...] = (
        ("by_age_band", age_band, lambda c: f"Suspect: {_aged(c.born, c.created_on)}."),
        ("by_gender", lambda c: c.gender, lambda c: f"Suspect: {label(c.gender).lower()}."),
        ("by_ethnic_group", group, lambda c: f"Suspect's group: {label(group(c))}."),
    )
    for path, key, said in cells:
        yield from split(path, found.items(), key, and_then(_created, said))
