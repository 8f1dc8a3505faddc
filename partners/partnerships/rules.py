"""The partnerships that ship with the project, each with its own settings.

Sources: Bradford's hub as its report of September 2016 describes it; Kirklees' as its overview of
July 2016 does. Review intervals are the project's defaults: no source states any, only that a higher
level is reviewed more often.
"""

import re
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


@dataclass(frozen=True)
class Terms:
    """How referrals are taken in: working days to the decision and the word, whose addresses get a link."""

    decision_days: int
    feedback_days: int
    domains: tuple[str, ...] = ()


# One working day is the guidance's (Working Together to Safeguard Children, chapter 1); a hub that allows
# itself a working week or a month more does not decide at all (this project's ceilings).
LONGEST_DECISION, LONGEST_FEEDBACK = 5, 28
DOMAIN = re.compile(r"(?=.{4,120}\Z)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


# Who talks about a professional disagreement, level by level. Bradford's arrangements of 2019 (appendix B,
# section 8) ask for levels; neither they nor the report of 2016 name them or their days.
LADDER = ("Practitioners", "Team managers", "Heads of service", "The safeguarding partnership")


@dataclass(frozen=True)
class Practice:
    """How early and how long the hub looks at things: no law says so, and each partnership says it anew.

    `adult_weeks`: from so many weeks before the 18th birthday a child's pages and the caseload say so.
    `missing_days`: over so many days a meeting counts how often a child went missing. `interview_days`: so
    many days after a return an interview that is owed stays on the coordinator's list. `link_days`: so long a
    one-time link opens its form. `level_1_days` and so on: the working days within which each level of LADDER
    answers a professional disagreement.
    """

    adult_weeks: int = 26
    missing_days: int = 90
    interview_days: int = 28
    link_days: int = 7
    level_1_days: int = 2
    level_2_days: int = 3
    level_3_days: int = 5
    level_4_days: int = 10

    @property
    def ladder(self) -> list[tuple[str, int]]:
        """Who answers at each level, the lowest first, and within how many working days."""
        days = (self.level_1_days, self.level_2_days, self.level_3_days, self.level_4_days)
        return list(zip(LADDER, days, strict=True))


# The least and the most of each (this project's bounds: beyond them a number is a slip of the keyboard).
BOUNDS: Mapping[str, tuple[int, int, str]] = {
    "adult_weeks": (4, 104, "weeks"),
    "missing_days": (7, 366, "days"),
    "interview_days": (3, 182, "days"),
    "link_days": (1, 28, "days"),
    **{f"level_{number}_days": (1, 20, "working days") for number in range(1, len(LADDER) + 1)},
}


def out_of_bounds(field: str) -> str:
    """Say which numbers a field takes."""
    least, most, unit = BOUNDS[field]
    return f"Enter a number of {unit} from {least} to {most}"


def practice_problem(practice: Practice) -> tuple[str, str] | None:
    """Say which field cannot be, and why; None where all can."""
    for field, (least, most, _unit) in BOUNDS.items():
        if not least <= getattr(practice, field) <= most:
            return field, out_of_bounds(field)
    return None


def domains_of(typed: str) -> tuple[str, ...]:
    """Give the domains that were typed, each once, in order: one a line, with or without an @."""
    said = (word.lower().removeprefix("@") for word in typed.replace(",", " ").split())
    return tuple(sorted(set(said) - {""}))


def terms_problem(terms: Terms) -> tuple[str, str] | None:
    """Say which field cannot be, and why; None where all can."""
    if not 1 <= terms.decision_days <= LONGEST_DECISION:
        return "decision_days", f"Enter a number of working days from 1 to {LONGEST_DECISION}"
    if not 1 <= terms.feedback_days <= LONGEST_FEEDBACK:
        return "feedback_days", f"Enter a number of working days from 1 to {LONGEST_FEEDBACK}"
    if terms.feedback_days < terms.decision_days:
        return (
            "feedback_days",
            "The referrer is told after the decision: enter as many days at least",
        )
    wrong = [domain for domain in terms.domains if not DOMAIN.fullmatch(domain)]
    if wrong:
        return "domains", f"“{wrong[0]}” is no domain. Enter them like school.example, one a line"
    return None


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
