"""The fixed, wider categories of published tables, and a full report folded into them.

Appendix 1 definitions, "Disclosure control", rule 1: a category is published with 0 or with its
count because the list has it, never because somebody falls into it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

GENDERS = ("F", "M", "U")
LEVELS = ("HIGH", "MEDIUM", "LOW", "NO_RISK")  # NO_RISK holds NOT_SET too
STATUSES = ("LAC", "CP", "CIN", "PREVIOUS", "NEVER")
GROUPS = ("White", "Asian", "Mixed", "Black", "Other", "NOT_RECORDED")
AGES = ("11 or under", "12", "13", "14", "15", "16", "17", "18 or over")
VICTIM_AGES = ("12 or under", "13 to 15", "16 to 17")
SUSPECTS_OF_A_CRIME = ("1", "2", "3 or more")
OFFENDER_BANDS = ("under_18", "18_24", "25_35", "36_45", "over_45", "NOT_RECORDED")
OCCURRENCE_BANDS = ("under_18", "18_35", "36_45", "over_45", "NOT_RECORDED")
MOVES = ("unchanged", "decreased", "increased", "not_comparable")
NOT_WARDS = ("OUT_OF_AREA", "CONFIDENTIAL", "NOT_RECORDED")
OTHER_WARDS = "Other wards"
SMALLEST_WARD = 10  # a ward with fewer children stands in Other wards

REASONS = (
    "RISK_REDUCED", "NO_CSE_RISK", "TURNED_18", "MOVED", "TRANSFERRED", "DIED", "ERROR", "OTHER",
    "NOT_RECORDED",
)  # fmt: skip
SOURCES = (
    "1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3C", "3D", "3E", "3F", "4", "5A", "5B", "5C",
    "5D", "6", "7", "8", "9", "10", "NOT_RECORDED",
)  # fmt: skip
# The column `group` of the Home Office outcome list; the first four together are "finalised".
OUTCOME_GROUPS = {
    "charged": ("1", "1A", "4"),
    "out_of_court": ("2", "2A", "3", "3A", "6", "7", "8", "8A", "8B", "22"),
    "no_further_action": (
        "5", "9", "10", "11", "12", "13", "14", "15", "15A", "15B", "16", "17", "18", "21",
    ),
    "transferred": ("19", "20"),
    "cancelled": ("NB",),
    "open": ("0", "NEW"),
}  # fmt: skip
FINALISED = ("charged", "out_of_court", "no_further_action", "transferred")
_OUTCOME_GROUP = {code: group for group, codes in OUTCOME_GROUPS.items() for code in codes}

Counts = Mapping[str, int]


def age_group(age: str) -> str:
    """The published age at referral of an age in whole years."""
    years = int(age)
    return AGES[0] if years <= 11 else AGES[-1] if years >= 18 else str(years)


def victim_age_group(age: str) -> str:
    """The published age of a victim, who is under 18 by definition."""
    years = int(age)
    return VICTIM_AGES[0] if years <= 12 else VICTIM_AGES[1] if years <= 15 else VICTIM_AGES[2]


def _level(level: str) -> str:
    return "NO_RISK" if level == "NOT_SET" else level


def _suspects(number: str) -> str:
    return number if number in SUSPECTS_OF_A_CRIME else SUSPECTS_OF_A_CRIME[-1]


def _outcome_group(code: str) -> str:
    return _OUTCOME_GROUP.get(code, code)


def _same(key: str) -> str:
    return key


def fold(
    counts: Counts, fixed: Iterable[str], into: Callable[[str], str] = _same
) -> dict[str, int]:
    """The counts by the fixed categories, in their order; ValueError for one outside them."""
    sums: Counter[str] = Counter()
    for key, count in counts.items():
        sums[into(key)] += count
    table = {category: sums.pop(category, 0) for category in fixed}
    if sums:
        raise ValueError(f"not in the fixed categories: {', '.join(sums)}")
    return table


def coarsened(full: Mapping[str, Any], *, geography: Mapping[str, str]) -> dict[str, Any]:
    """The full report with the keys and categories of a published one, every count still true.

    `geography` gives each ward's constituency, both by name.
    """
    return {
        "parameters": {**full["parameters"], "disclosure": "published"},
        "strategic": _strategic(full["strategic"]),
        "tactical": _tactical(full["tactical"], geography),
        "movement": _movement(full["movement"]),
        "crimes": _crimes(full["crimes"]),
        "missing": dict(full["missing"]),
        "suspect_management": dict(full["suspect_management"]),
        "left_out": [],
    }


def _strategic(full: Mapping[str, Any]) -> dict[str, Any]:
    ages = full["new_by_age_and_gender"]
    return {
        **full,
        "closed_by_reason": fold(full["closed_by_reason"], REASONS),
        "new_by_referral_source": fold(full["new_by_referral_source"], SOURCES),
        "new_by_quarter": list(full["new_by_quarter"]),
        "new_by_age_and_gender": {g: fold(ages.get(g, {}), AGES, age_group) for g in GENDERS},
    }


def _tactical(full: Mapping[str, Any], geography: Mapping[str, str]) -> dict[str, Any]:
    genders, statuses = full["by_level_and_gender"], full["by_status_and_level"]
    constituencies = (*sorted(set(geography.values())), *NOT_WARDS)
    return {
        **full,
        "by_level": fold(full["by_level"], LEVELS, _level),
        "by_level_and_gender": {level: fold(_summed(genders, level), GENDERS) for level in LEVELS},
        "by_status_and_level": {s: fold(statuses.get(s, {}), LEVELS, _level) for s in STATUSES},
        "by_constituency": fold(full["by_constituency"], constituencies),
        "by_ward_and_level": _wards(full["by_ward_and_level"]),
    }


def _summed(rows: Mapping[str, Counts], level: str) -> Counter[str]:
    """The row of a published level: of NOT_SET and NO_RISK together for the latter."""
    total: Counter[str] = Counter()
    for name, row in rows.items():
        if _level(name) == level:
            total.update(row)
    return total


def _wards(full: Mapping[str, Counts]) -> dict[str, dict[str, int]]:
    """Rows by ward in the order of their names: an order by size would tell hidden totals."""
    shown = sorted(n for n, row in full.items() if row["total"] >= SMALLEST_WARD)
    listed = [name for name in shown if name not in NOT_WARDS]
    rows: dict[str, Counter[str]] = {name: Counter() for name in (*listed, OTHER_WARDS, *NOT_WARDS)}
    for name, row in full.items():
        rows[name if name in rows else OTHER_WARDS].update(row)
    return {name: fold(row, (*LEVELS, "total"), _level) for name, row in rows.items()}


def _movement(full: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if full is None:
        return None
    columns = (*LEVELS, "CLOSED")
    matrix = {level: fold(_summed(full["matrix"], level), columns, _level) for level in LEVELS}
    return {"matrix": matrix, **{move: full[move] for move in MOVES}}


def _crimes(full: Mapping[str, Any]) -> dict[str, Any]:
    ages: dict[str, Counter[str]] = {age: Counter() for age in VICTIM_AGES}
    for age, row in full["victim_age_by_offender_age_band"].items():
        ages[victim_age_group(age)].update(row)
    number = full["by_number_of_suspects"]
    return {
        **full,
        "by_outcome": fold(full["by_outcome"], OUTCOME_GROUPS, _outcome_group),
        "by_number_of_suspects": fold(number, SUSPECTS_OF_A_CRIME, _suspects),
        "victim_age_by_offender_age_band": {
            age: fold(row, OFFENDER_BANDS) for age, row in ages.items()
        },
    }
