"""Crimes of the year, missing episodes, and suspects under management."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hub.codes.rules import code_list, ethnic_groups
from hub.days.rules import age_on
from reporting.appendix1.rules.cases import CrimeCase, MissingCase, OccurrenceCase
from reporting.appendix1.rules.counting import (
    GENDERS,
    GROUPS,
    OFFENDER_BANDS,
    SUSPECT_BANDS,
    every,
    in_bands,
    occurring,
)

INTERVIEW_WITHIN = timedelta(
    3
)  # statutory guidance on missing children: within 72 hours of the return


def crimes(cases: Sequence[CrimeCase]) -> dict[str, Any]:
    """Give the crimes table: crimes of the sexual-offences list with a victim under 18."""
    offences = code_list("offence_codes")
    listed = [case for case in cases if case.offence_code in offences]
    of_children = [case for case in listed if is_of_child(case)]
    cse = [case for case in of_children if case.cse_tag]
    return {
        "sexual_offences_under_18": len(of_children),
        "victim_age_unknown": sum(case.victim_born is None for case in listed),
        "cse": len(cse),
        **_outcomes(cse),
        "tagged_outside_list": sum(c.cse_tag and c.offence_code not in offences for c in cases),
        **_suspects(cse),
        "male_victims": sum(case.victim_gender == "M" for case in cse),
        **_offender_ages(cse),
    }


def is_of_child(case: CrimeCase) -> bool:
    """Say whether the victim was under 18 on the offence date; an unknown age is not."""
    return case.victim_born is not None and age_on(case.victim_born, case.offence_date) < 18


def _outcomes(cse: Sequence[CrimeCase]) -> dict[str, Any]:
    codes = code_list("crime_outcomes")
    groups = Counter(codes[case.outcome].group for case in cse)
    return {
        "by_outcome": occurring(case.outcome for case in cse),
        "finalised": len(cse) - groups["open"] - groups["cancelled"],
        "under_investigation": groups["open"],
        "cancelled": groups["cancelled"],
    }


def _suspects(cse: Sequence[CrimeCase]) -> dict[str, Any]:
    numbers = [len(case.suspects_born) for case in cse if case.suspects_born]
    return {
        "with_suspect": len(numbers),
        "suspect_links": sum(numbers),
        "by_number_of_suspects": occurring(numbers),
    }


def _offender_ages(cse: Sequence[CrimeCase]) -> dict[str, Any]:
    by_victim_age: dict[int, list[tuple[date | None, date]]] = defaultdict(list)
    for case in cse:
        if case.victim_born and case.suspects_born:
            links = [(born, case.offence_date) for born in case.suspects_born]
            by_victim_age[age_on(case.victim_born, case.offence_date)] += links
    everyone = [link for links in by_victim_age.values() for link in links]
    return {
        "offender_age_bands": in_bands(everyone, OFFENDER_BANDS),
        "victim_age_by_offender_age_band": {
            str(age): in_bands(by_victim_age[age], OFFENDER_BANDS) for age in sorted(by_victim_age)
        },
    }


def missing(cases: Sequence[MissingCase]) -> dict[str, int]:
    """Give the missing table: episodes, but for `children`."""
    return {
        "episodes": len(cases),
        "children": len({case.child for case in cases}),
        "found": sum(case.found_on is not None for case in cases),
        "interviewed": sum(case.interviewed_on is not None for case in cases),
        "interviewed_in_time": sum(in_time(case) for case in cases),
    }


def in_time(case: MissingCase) -> bool:
    """Say whether the return interview came at most three days after the day of being found."""
    if case.found_on is None or case.interviewed_on is None:
        return False
    return case.interviewed_on - case.found_on <= INTERVIEW_WITHIN


def suspect_management(cases: Sequence[OccurrenceCase], last_day: date) -> dict[str, Any]:
    """Give the suspects table: one count for each occurrence, ages on its creation."""
    return {
        "occurrences": len(cases),
        "under_investigation": sum(c.closed_on is None or c.closed_on > last_day for c in cases),
        "by_age_band": in_bands(((c.born, c.created_on) for c in cases), SUSPECT_BANDS),
        "by_gender": every((case.gender for case in cases), GENDERS),
        "by_ethnic_group": every((ethnic_groups(case.ethnicity)[0] for case in cases), GROUPS),
    }
