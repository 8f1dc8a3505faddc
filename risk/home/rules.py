"""What the home page of each role counts, and in which words."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from hub.access.rules import Permission, Role, Standing
from referrals.caseload.rules import (
    AT_RISK,
    DUE_SOON,
    NO_PLAN,
    NO_REVIEW,
    OVERDUE,
    WITHOUT_SERVICE,
    Filters,
)

MOST_NEEDS = 7
MOST_RECENT = 5
_CHILD = re.compile(r"/(?:children|by-reference)/(\d{1,18})/")


@dataclass(frozen=True)
class Counted:
    """Something to be counted among the open episodes; `words` follow the number."""

    words: str
    filters: Filters


def work_of(standing: Standing, today: date) -> list[Counted]:
    """Give what everybody who sees cases wants to know: the reviews, and what is new."""
    since = Filters(since=today - timedelta(days=1))
    if not standing.may(Permission.CASES_VIEW):
        return []
    return [
        Counted("reviews overdue", Filters(review=OVERDUE)),
        Counted("reviews due within 7 days", Filters(review=DUE_SOON)),
        Counted("referred since yesterday", since),
    ]


def exceptions_of(standing: Standing) -> list[Counted]:
    """Give what should be empty and a manager looks after."""
    if standing.role is not Role.HUB_MANAGER:
        return []
    return [
        Counted(
            "medium, and no service supports the child",
            Filters(level="MEDIUM", service=WITHOUT_SERVICE),
        ),
        Counted(
            "high, medium or low, and no review is planned",
            Filters(level=AT_RISK, review=NO_REVIEW),
        ),
        Counted("no CSE risk, and still open", Filters(level="NO_RISK")),
        Counted("17 or older, and no transition plan", Filters(age=NO_PLAN)),
    ]


def child_in(address: str) -> int | None:
    """Give the number of the child whom an address tells of, or None."""
    found = _CHILD.match(address)
    return int(found[1]) if found else None
