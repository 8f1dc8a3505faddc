"""Random full reports of realistic size, from random episodes, children, crimes and suspects.

Made row by row, so that every sum of the Appendix 1 definitions holds in them.
"""

import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

LEVELS = ["HIGH", "MEDIUM", "LOW", "NO_RISK", "NOT_SET"]
COLUMNS = [*LEVELS, "CLOSED"]
GENDERS = ["F", "M", "U"]
STATUSES = ["LAC", "CP", "CIN", "PREVIOUS", "NEVER"]
GROUPS = ["White", "Asian", "Mixed", "Black", "Other", "NOT_RECORDED"]
OFFENDERS = ["under_18", "18_24", "25_35", "36_45", "over_45", "NOT_RECORDED"]
OCCURRENCES = ["under_18", "18_35", "36_45", "over_45", "NOT_RECORDED"]
REASONS = ["RISK_REDUCED", "NO_CSE_RISK", "TURNED_18", "MOVED", "TRANSFERRED", "NOT_RECORDED"]
SOURCES = ["6", "5A", "2A", "3E", "1A", "8", "3C", "5D", "10", "1C", "3A"]
OUTCOMES = ["NEW", "15A", "18", "16", "1A", "14", "10", "NB", "8B", "20"]
GEOGRAPHY = {
    f"{area} ward {number}": area
    for area in ("Eastfield", "Northgate", "Southmoor", "Westbrook", "Millholme")
    for number in range(1, 7)
}
PARAMETERS = {
    "year_start": "2015-04-01",
    "year_end": "2016-03-31",
    "snapshot": "2016-03-29",
    "movement_to": "2016-08-01",
    "suspects_from": "2015-07-01",
    "suspects_to": "2016-06-30",
    "known_at": None,
    "disclosure": "full",
    "types": ["CSE"],
    "partnerships": ["bradford"],
    "definitions": 1,
}


class Dice:
    """Draws from lists in which the first entries are the likeliest, at times by far.

    Lopsided dice draw some lists nearly evenly and from others hardly anything but the first, so
    that reports come out with empty columns and with rows that stand in one cell.
    """

    def __init__(self, seed: int, *, lopsided: bool = False) -> None:
        self.random = random.Random(seed)
        self.slants = random.Random(seed)
        self.slant: dict[str, float] | None = {} if lopsided else None

    def pick(self, values: list[Any], fall: float = 0.6) -> Any:
        """One value, each less likely than the one before by the factor `fall`."""
        # Levels are headlines: a report in which one of them is small is refused, and no test.
        if self.slant is not None and values[0] != "MEDIUM":
            fall *= self.slant.setdefault(
                str(values), self.slants.choice([0.01, 0.05, 0.2, 0.5, 1, 1.5])
            )
        return self.random.choices(values, [fall**i for i in range(len(values))])[0]

    def some(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def chance(self, share: float) -> bool:
        return self.random.random() < share


def every(values: Iterable[Any], keys: list[str]) -> dict[str, int]:
    counts = Counter(values)
    return {key: counts[key] for key in keys}


def occurring(values: Iterable[Any]) -> dict[str, int]:
    return {str(key): count for key, count in sorted(Counter(values).items())}


def random_full(
    seed: int, *, episodes: tuple[int, int] = (200, 800), lopsided: bool = False
) -> dict[str, Any]:
    """One full report; the same seed gives the same."""
    dice = Dice(seed, lopsided=lopsided)
    size = dice.some(*episodes)
    return {
        "parameters": dict(PARAMETERS),
        "strategic": strategic(dice, size),
        **snapshot(dice, max(30, int(size * dice.random.uniform(0.3, 0.5)))),
        "crimes": crimes(dice, max(12, size // dice.some(5, 9))),
        "missing": missing(dice, dice.some(0, size // 3)),
        "suspect_management": occurrences(dice, max(12, size // dice.some(4, 8))),
    }


def strategic(dice: Dice, size: int) -> dict[str, Any]:
    gender_fall = dice.random.uniform(0.05, 0.4)
    rows = []
    for _ in range(size):
        new = dice.chance(0.9)
        rows.append(
            {
                "child": dice.some(1, int(size * 0.85)),
                "new": new,
                "closed": dice.chance(0.6),
                "reason": dice.pick(REASONS, 0.4),
                "none": dice.chance(0.3),
                "again": new and dice.chance(0.15),
                "source": dice.pick(SOURCES),
                "quarter": dice.some(0, 3),
                "gender": dice.pick(GENDERS, gender_fall),
                "age": dice.pick([15, 14, 16, 13, 17, 12, 11, 10, 9, 18]),
            }
        )
    new_rows = [row for row in rows if row["new"]]
    children = Counter(row["child"] for row in rows)
    ages = {g: [row["age"] for row in new_rows if row["gender"] == g] for g in GENDERS}
    return {
        "episodes": size,
        "already_open": size - len(new_rows),
        "new": len(new_rows),
        "closed": sum(row["closed"] for row in rows),
        "open_at_end": sum(not row["closed"] for row in rows),
        "closed_by_reason": occurring(row["reason"] for row in rows if row["closed"]),
        "not_at_risk_at_referral": sum(row["none"] for row in rows),
        "not_at_risk_at_referral_of_new": sum(row["none"] for row in new_rows),
        "children": len(children),
        "children_repeated": sum(n > 1 for n in children.values()),
        "re_referred_within_12_months": sum(row["again"] for row in rows),
        "new_by_referral_source": occurring(row["source"] for row in new_rows),
        "mean_new_per_month": round(len(new_rows) / 12, 1),
        "new_by_quarter": [sum(row["quarter"] == q for row in new_rows) for q in range(4)],
        **year_before(dice, size, len(new_rows)),
        "new_by_gender": {g: len(ages[g]) for g in GENDERS},
        "new_by_age_and_gender": {g: occurring(ages[g]) for g in GENDERS},
        "peak_age": {
            "all": mode([age for g in GENDERS for age in ages[g]]),
            **{g: mode(ages[g]) for g in GENDERS},
        },
    }


def year_before(dice: Dice, size: int, new: int) -> dict[str, Any]:
    before = [dice.some(0, 3) for _ in range(dice.some(3, size))]
    return {
        "previous_year": {
            "new": len(before),
            "new_by_quarter": [before.count(q) for q in range(4)],
            "mean_new_per_month": round(len(before) / 12, 1),
        },
        "change_in_new_percent": round(100 * (new - len(before)) / len(before), 1),
    }


def mode(ages: list[int]) -> int | None:
    counts = Counter(ages)
    return min(counts, key=lambda age: (-counts[age], age), default=None)


def snapshot(dice: Dice, size: int) -> dict[str, Any]:
    gender_fall = dice.random.uniform(0.02, 0.4)
    unset = dice.chance(0.5)
    wards = dice.random.sample(sorted(GEOGRAPHY), len(GEOGRAPHY))
    areas = [wards[0], "OUT_OF_AREA", *wards[1:6], "CONFIDENTIAL", *wards[6:], "NOT_RECORDED"]
    rows = []
    for _ in range(size):
        traveller = dice.chance(0.05)
        group = "Other" if traveller else dice.pick(GROUPS, 0.5)
        rows.append(
            {
                "level": dice.pick(["MEDIUM", "LOW", "HIGH", "NO_RISK"], 0.7)
                if not unset or dice.chance(0.97)
                else "NOT_SET",
                "now": dice.pick(["", "CLOSED", *LEVELS], 0.4),
                "gender": dice.pick(GENDERS, gender_fall),
                "group": group,
                "census": "White" if traveller else group,
                "status": dice.pick(["NEVER", "CIN", "LAC", "CP", "PREVIOUS"], 0.7),
                "area": dice.pick(areas, 0.93),
                "several": dice.chance(0.04),
                "adult": dice.chance(0.02),
                "disability": dice.chance(0.08),
            }
        )
    return {"tactical": tactical(rows), "movement": movement(rows)}


def tactical(rows: list[dict[str, Any]]) -> dict[str, Any]:
    def levels(name: str, value: str) -> dict[str, int]:
        return every((row["level"] for row in rows if row[name] == value), LEVELS)

    present = sorted({row["area"] for row in rows})
    return {
        "open": len(rows),
        "open_with_several_episodes": sum(row["several"] for row in rows),
        "aged_18_or_over": sum(row["adult"] for row in rows),
        "with_learning_disability": sum(row["disability"] for row in rows),
        "by_level": every((row["level"] for row in rows), LEVELS),
        "by_level_and_gender": {
            level: every((row["gender"] for row in rows if row["level"] == level), GENDERS)
            for level in LEVELS
        },
        "by_ethnic_group": every((row["group"] for row in rows), GROUPS),
        "by_census_group": every((row["census"] for row in rows), GROUPS),
        "by_status": every((row["status"] for row in rows), STATUSES),
        "by_status_and_level": {status: levels("status", status) for status in STATUSES},
        "by_constituency": occurring(GEOGRAPHY.get(row["area"], row["area"]) for row in rows),
        "by_ward_and_level": {
            area: {**levels("area", area), "total": sum(levels("area", area).values())}
            for area in present
        },
    }


def movement(rows: list[dict[str, Any]]) -> dict[str, Any]:
    pairs = [(row["level"], row["now"] or row["level"]) for row in rows]
    kinds = Counter(moved(*pair) for pair in pairs)
    return {
        "matrix": {
            then: every((now for before, now in pairs if before == then), COLUMNS)
            for then in LEVELS
        },
        **{k: kinds[k] for k in ("unchanged", "decreased", "increased", "not_comparable")},
    }


def moved(then: str, now: str) -> str:
    height = {"CLOSED": 0, "NO_RISK": 1, "LOW": 2, "MEDIUM": 3, "HIGH": 4}
    if "NOT_SET" in (then, now):
        return "not_comparable"
    if then == now or (then, now) == ("NO_RISK", "CLOSED"):
        return "unchanged"
    return "increased" if height[now] > height[then] else "decreased"


def crimes(dice: Dice, size: int) -> dict[str, Any]:
    rows = [
        {
            "outcome": dice.pick(OUTCOMES, 0.7),
            "male": dice.chance(0.1),
            "age": dice.pick([14, 15, 13, 16, 12, 17, 11, 9], 0.75),
            "suspects": [
                dice.pick(OFFENDERS, 0.75) for _ in range(dice.pick([1, 0, 2, 3, 5], 0.5))
            ],
        }
        for _ in range(size)
    ]
    groups = Counter(
        {"NEW": "open", "NB": "cancelled"}.get(row["outcome"], "finalised") for row in rows
    )
    ages = sorted({row["age"] for row in rows if row["suspects"]})
    return {
        "sexual_offences_under_18": size + dice.some(0, 4 * size),
        "victim_age_unknown": dice.some(0, 8),
        "cse": size,
        "by_outcome": occurring(row["outcome"] for row in rows),
        "finalised": groups["finalised"],
        "under_investigation": groups["open"],
        "cancelled": groups["cancelled"],
        "tagged_outside_list": dice.some(0, 9),
        "with_suspect": sum(bool(row["suspects"]) for row in rows),
        "suspect_links": sum(len(row["suspects"]) for row in rows),
        "by_number_of_suspects": occurring(len(r["suspects"]) for r in rows if r["suspects"]),
        "male_victims": sum(row["male"] for row in rows),
        "offender_age_bands": every((band for r in rows for band in r["suspects"]), OFFENDERS),
        "victim_age_by_offender_age_band": {
            str(age): every(
                (band for r in rows if r["age"] == age for band in r["suspects"]), OFFENDERS
            )
            for age in ages
        },
    }


def missing(dice: Dice, size: int) -> dict[str, int]:
    rows = [
        (dice.some(1, size), dice.chance(0.97), dice.chance(0.8), dice.chance(0.9))
        for _ in range(size)
    ]
    return {
        "episodes": size,
        "children": len({child for child, *_ in rows}),
        "found": sum(found for _, found, _, _ in rows),
        "interviewed": sum(seen for _, _, seen, _ in rows),
        "interviewed_in_time": sum(found and seen and soon for _, found, seen, soon in rows),
    }


def occurrences(dice: Dice, size: int) -> dict[str, Any]:
    return {
        "occurrences": size,
        "under_investigation": sum(dice.chance(0.9) for _ in range(size)),
        "by_age_band": every(
            (
                dice.pick(["18_35", "under_18", "36_45", "over_45", "NOT_RECORDED"])
                for _ in range(size)
            ),
            OCCURRENCES,
        ),
        "by_gender": every((dice.pick(["M", "F", "U"], 0.1) for _ in range(size)), GENDERS),
        "by_ethnic_group": every((dice.pick(GROUPS, 0.6) for _ in range(size)), GROUPS),
    }
