"""Figures made from published counts alone (Appendix 1 definitions, disclosure rule 4)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .categories import AGES, GENDERS
from .cells import HIDDEN


def with_derived(published: dict[str, Any]) -> dict[str, Any]:
    """The published report with means, change and peak ages; "c" where a part is hidden."""
    strategic = published["strategic"]
    before = strategic["previous_year"]
    strategic["mean_new_per_month"] = _mean(strategic["new"])
    before["mean_new_per_month"] = _mean(before["new"])
    strategic["change_in_new_percent"] = _change(before["new"], strategic["new"])
    strategic["peak_age"] = _peaks(strategic["new_by_age_and_gender"])
    return published


def _one_decimal(number: Decimal) -> float:
    return float(number.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def _mean(count: Any) -> Any:
    return _one_decimal(Decimal(count) / 12) if isinstance(count, int) else HIDDEN


def _change(before: Any, now: Any) -> Any:
    if not isinstance(before, int) or not isinstance(now, int):
        return HIDDEN
    return _one_decimal(Decimal(100 * (now - before)) / before) if before else None


def _peaks(rows: Mapping[str, Mapping[str, Any]] | None) -> dict[str, Any]:
    """The published age with most new episodes, of each gender and of all; the lowest of equals."""
    if rows is None:
        return dict.fromkeys(("all", *GENDERS), HIDDEN)
    every = [rows[gender] for gender in GENDERS]
    return {"all": _peak(every), **{gender: _peak([rows[gender]]) for gender in GENDERS}}


def _peak(rows: list[Mapping[str, Any]]) -> Any:
    if any(row[age] == HIDDEN for row in rows for age in AGES):
        return HIDDEN
    sums = {age: sum(row[age] for row in rows) for age in AGES}
    most = max(sums.values())
    peak = next(age for age in AGES if sums[age] == most)
    if not most:
        return None
    return int(peak) if peak.isdigit() else peak
