"""How long a grant lasts, and what it must say."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.days.rules import LONDON, noon
from hub.errors import RuleBroken

USUAL_DAYS = 90
LONGEST_DAYS = 366
NO_REASON = "Write why: it is read by whoever reviews who sees this child"


@dataclass(frozen=True)
class Terms:
    """Why somebody may see a child, and the last day on which they may, that day included."""

    because: str
    until: date


def usual_end(today: date) -> date:
    """Give the last day that a new grant is offered: 90 days from today."""
    return today + timedelta(days=USUAL_DAYS)


def check_terms(terms: Terms, today: date) -> None:
    """Refuse a grant without a reason, one that has ended already, and one that lasts over a year."""
    check_reason(terms.because)
    if terms.until < today:
        raise RuleBroken("grant.past", "The last day must be today or later", "until")
    if terms.until > today + timedelta(days=LONGEST_DAYS):
        message = "The last day must be within a year: a grant that is still needed is given again"
        raise RuleBroken("grant.too_long", message, "until")


def check_reason(because: str) -> None:
    """Refuse an empty reason."""
    if not because.strip():
        raise RuleBroken("grant.reason", NO_REASON, "because")


def end_of(day: date) -> datetime:
    """Give the moment at which a last day is over, in London."""
    return datetime.combine(noon(day).date() + timedelta(days=1), datetime.min.time(), LONDON)


def last_day(expires_at: datetime) -> date:
    """Give the last day of a grant that ends at a moment."""
    return (expires_at.astimezone(LONDON) - timedelta(microseconds=1)).date()
