"""How far a review may be moved."""

from collections.abc import Mapping
from datetime import date, timedelta

from hub.errors import RuleBroken

FIELD = "due_on"


def latest_review(level: str, review_days: Mapping[str, int], today: date) -> date:
    """Give the last day to which a review may be moved today.

    It is as far ahead as the partnership's settings put the review of that level; of a level that asks for
    none (or where none is set), as the rarest of them.
    """
    return today + timedelta(review_days.get(level) or max(review_days.values(), default=0))


def check_move(due_on: date, present: date | None, latest: date, today: date) -> None:
    """Raise RuleBroken for a review that would stay where it is, lie behind or too far ahead."""
    if due_on == present:
        raise RuleBroken("review.same", "The review is due on this day already.", FIELD)
    if due_on < today:
        raise RuleBroken("review.past", "The day lies behind. Give today or a later day.", FIELD)
    if due_on > latest:
        words = f"{latest.day} {latest:%B %Y}"
        message = f"At this level a review is moved to {words} at the latest."
        raise RuleBroken("review.ceiling", message, FIELD)
