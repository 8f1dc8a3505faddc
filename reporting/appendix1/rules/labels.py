"""The words and figures of the documents: labels of codes, dates, counts, percentages."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hub.codes.rules import code_list
from partners.partnerships.rules import PRESETS

HIDDEN = "c"
LARGEST_HIDDEN = 5  # counts from 1 to this are hidden in a published report

WORDS = {
    "HIGH": "High",
    "MEDIUM": "Medium",
    "LOW": "Low",
    "NO_RISK": "No CSE risk",
    "NOT_SET": "Not set",
    "CLOSED": "Closed",
    "F": "Female",
    "M": "Male",
    "U": "Not known",
    "all": "All",
    "LAC": "Looked after (LAC)",
    "CP": "Child protection plan (CP)",
    "CIN": "Child in need (CIN)",
    "PREVIOUS": "Previously any of these",
    "NEVER": "Never any of these",
    "OUT_OF_AREA": "Out of area",
    "CONFIDENTIAL": "Confidential",
    "NOT_RECORDED": "Not recorded",
    "under_18": "Under 18",
    "18_24": "18 to 24",
    "18_35": "18 to 35",
    "25_35": "25 to 35",
    "36_45": "36 to 45",
    "over_45": "Over 45",
    "charged": "Charged",
    "out_of_court": "Dealt with out of court",
    "no_further_action": "No further action",
    "transferred": "Transferred",
    "cancelled": "Cancelled",
    "open": "Under investigation",
}

LAST = ("OUT_OF_AREA", "CONFIDENTIAL", "NOT_RECORDED")


def label(code: str, codes: str = "", *, published: bool = False) -> str:
    """Give the words for a code, of the code list named or of the report's own.

    What has no words of its own (a ward, an age) stands as it is.
    """
    entry = code_list(codes).get(code) if codes else None
    if entry is not None:
        return entry.label if codes == "closure_reasons" else f"{entry.label} ({code})"
    if code == "NO_RISK" and published:
        return "No CSE risk or not set"  # the published category holds both
    return WORDS.get(code, code)


def place_in(codes: str, code: str) -> int:
    """Give a code's place among rows: as in its list, what is no entry (no ward, not recorded) last."""
    places = list(code_list(codes)) if codes else []
    if code in LAST:
        return len(places) + 1 + LAST.index(code)
    return places.index(code) if code in places else len(places)


def partnership_name(code: str) -> str:
    """Give a partnership's name; of one that the project does not ship, its code."""
    return PRESETS[code].name if code in PRESETS else code


def long_day(iso: str) -> str:
    """Write an ISO date as 29 March 2016."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def window(first: str, last: str) -> str:
    """Write two ISO dates, both included, as one window."""
    return f"{long_day(first)} to {long_day(last)}"


def moment(iso: str | None) -> str:
    """Write the moment of knowledge, in the offset the report carries."""
    if iso is None:
        return "As known when made"
    when = datetime.fromisoformat(iso)
    return f"{when.day} {when:%B %Y, %H:%M}" + (f":{when:%S}" if when.second else "")


def written(value: Any) -> str:
    """Write a figure: thousands by commas, hidden as it is, none where there is nothing to give."""
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def share(part: Any, whole: Any, others: Sequence[Any] = (), *, published: bool = False) -> str:
    """Write a share as `73.0% (27 of 37)`, half away from zero; empty where it cannot be given.

    In a published report a share whose complement is small, or is made of hidden `others` alone, would
    tell what was hidden (definitions, disclosure rule 4).
    """
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return ""
    if published and (1 <= whole - part <= LARGEST_HIDDEN or _all_hidden(others)):
        return ""
    percent = (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{percent}% ({part:,} of {whole:,})"


def _all_hidden(others: Sequence[Any]) -> bool:
    return HIDDEN in others and all(other in (HIDDEN, 0) for other in others)
