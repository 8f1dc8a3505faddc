"""The partnerships that ship with the project, each with its own settings.

Sources: Bradford's hub as its report of September 2016 describes it; Kirklees' as its overview of
July 2016 does. Review intervals are the project's defaults: no source states any, only that a higher
level is reviewed more often.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType


@dataclass(frozen=True)
class Preset:
    """What a partnership starts with; `wards` names the data file of its geography."""

    code: str
    name: str
    district: str
    wards: str
    review_days: MappingProxyType[str, int]


# No level goes without a review for half a year: a child's plan is looked at twice a year at least, whoever
# leads it (this project's ceiling: no source states one).
LONGEST_REVIEW = 182
# The hub met each weekday morning (its report of September 2016); agencies answer an hour before.
MEETS_AT, CHECKS_DUE_AT = time(9, 30), time(8, 30)
LEVELS = {"HIGH": "High", "MEDIUM": "Medium", "LOW": "Low"}

REVIEW_DAYS = MappingProxyType({"HIGH": 28, "MEDIUM": 42, "LOW": 84})

PRESETS: dict[str, Preset] = {
    "bradford": Preset("bradford", "Bradford", "Bradford", "wards", REVIEW_DAYS),
    "kirklees": Preset(
        "kirklees",
        "Kirklees",
        "Kirklees",
        "wards_kirklees",
        # Medium and high cases come to the monthly meeting, all of them.
        MappingProxyType({"HIGH": 28, "MEDIUM": 28, "LOW": 84}),
    ),
}


def review_days_problem(days: Mapping[str, int]) -> tuple[str, str] | None:
    """Say which level's days cannot be, and why; None where all can."""
    for level, label in LEVELS.items():
        if not 1 <= days[level] <= LONGEST_REVIEW:
            return level, f"{label}: enter a number of days from 1 to {LONGEST_REVIEW}"
    for higher, lower in (("HIGH", "MEDIUM"), ("MEDIUM", "LOW")):
        if days[higher] > days[lower]:
            said = f"{LEVELS[higher]} must be reviewed at least as often as {LEVELS[lower].lower()}"
            return higher, said
    return None
