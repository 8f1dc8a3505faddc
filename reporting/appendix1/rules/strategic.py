"""The year's episodes: dealt with, new, closed, repeated, by quarter, age and gender."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hub.days.rules import add_months, age_on
from reporting.appendix1.rules.cases import EpisodeCase
from reporting.appendix1.rules.counting import GENDERS, every, mode, occurring, one_decimal
from reporting.appendix1.rules.parameters import Parameters

RE_REFERRED_WITHIN = timedelta(366)
NO_RISK = "NO_RISK"


def strategic(episodes: Sequence[EpisodeCase], asked: Parameters) -> dict[str, Any]:
    """Give the strategic table: counts of episodes unless a key says children."""
    dealt = [case for case in episodes if dealt_with(case, asked)]
    new = [case for case in dealt if case.referred_on >= asked.year_start]
    before = [c for c in episodes if asked.previous_start <= c.referred_on < asked.year_start]
    return {
        **_flow(episodes, dealt, new, asked),
        **_children(dealt),
        "re_referred_within_12_months": len(re_referred(episodes, new)),
        "new_by_referral_source": occurring(case.referral_source for case in new),
        **_pace(new, before, asked),
        **_ages(new),
    }


def dealt_with(case: EpisodeCase, asked: Parameters) -> bool:
    """Say whether an episode was dealt with in the year."""
    open_into_it = case.closed_on is None or case.closed_on >= asked.year_start
    return case.referred_on <= asked.year_end and open_into_it


def open_at(case: EpisodeCase, day: date) -> bool:
    """Say whether an episode was open at the end of a day."""
    return case.referred_on <= day and (case.closed_on is None or case.closed_on > day)


def _flow(
    episodes: Sequence[EpisodeCase],
    dealt: Sequence[EpisodeCase],
    new: Sequence[EpisodeCase],
    asked: Parameters,
) -> dict[str, Any]:
    closed = [c for c in episodes if c.closed_on is not None and asked.in_year(c.closed_on)]
    return {
        "episodes": len(dealt),
        "already_open": len(dealt) - len(new),
        "new": len(new),
        "closed": len(closed),
        "open_at_end": sum(open_at(case, asked.year_end) for case in episodes),
        "closed_by_reason": occurring(case.closure_reason for case in closed),
        "not_at_risk_at_referral": sum(case.first_level == NO_RISK for case in dealt),
        "not_at_risk_at_referral_of_new": sum(case.first_level == NO_RISK for case in new),
    }


def _children(dealt: Sequence[EpisodeCase]) -> dict[str, int]:
    per_child = Counter(case.child for case in dealt)
    repeated = sum(count >= 2 for count in per_child.values())
    return {"children": len(per_child), "children_repeated": repeated}


def re_referred(episodes: Sequence[EpisodeCase], new: Sequence[EpisodeCase]) -> list[EpisodeCase]:
    """Keep the new episodes whose child had an earlier one closed in the 366 days up to the referral."""
    earlier = defaultdict(list)
    for case in episodes:
        if case.closed_on is not None:
            earlier[case.child].append((case.referred_on, case.closed_on))
    return [case for case in new if _follows(case.referred_on, earlier[case.child])]


def _follows(referred_on: date, earlier: list[tuple[date, date]]) -> bool:
    return any(
        began < referred_on and timedelta(0) <= referred_on - closed <= RE_REFERRED_WITHIN
        for began, closed in earlier
    )


def _pace(
    new: Sequence[EpisodeCase], before: Sequence[EpisodeCase], asked: Parameters
) -> dict[str, Any]:
    return {
        "mean_new_per_month": mean_per_month(len(new)),
        "new_by_quarter": _quarters(new, asked.year_start),
        "previous_year": {
            "new": len(before),
            "new_by_quarter": _quarters(before, asked.previous_start),
            "mean_new_per_month": mean_per_month(len(before)),
        },
        "change_in_new_percent": change_percent(len(before), len(new)),
    }


def mean_per_month(new: int) -> float:
    """Divide a year's new episodes by its twelve months: one decimal, half up."""
    return one_decimal(Decimal(new) / 12)


def change_percent(before: int, now: int) -> float | None:
    """Give the change from one year to the next; None if the first had none."""
    return one_decimal(Decimal(100 * (now - before)) / before) if before else None


def _quarters(cases: Sequence[EpisodeCase], start: date) -> list[int]:
    edges = [add_months(start, months) for months in (3, 6, 9)]
    counts = [0, 0, 0, 0]
    for case in cases:
        counts[sum(case.referred_on >= edge for edge in edges)] += 1
    return counts


def _ages(new: Sequence[EpisodeCase]) -> dict[str, Any]:
    by_gender: dict[str, list[int]] = {gender: [] for gender in GENDERS}
    for case in new:
        by_gender[case.gender].append(age_on(case.born, case.referred_on))
    everyone = [age for ages in by_gender.values() for age in ages]
    return {
        "new_by_gender": every((case.gender for case in new), GENDERS),
        "new_by_age_and_gender": {gender: occurring(ages) for gender, ages in by_gender.items()},
        "peak_age": {"all": mode(everyone), **{gender: mode(a) for gender, a in by_gender.items()}},
    }
