"""What a risk level needs before it stands, and what follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hub.errors import RuleBroken

NO_RISK = "NO_RISK"
DAILY = "daily"
FALLS = (
    "A daily meeting proposes a fall, and the panel ratifies it: the level stands until then. "
    "Propose it at the meeting, or say that the panel agreed it."
)
NO_REASON = "Write the reason for this level: it is read again when new information comes."
IN_FUTURE = "The level's date lies in the future. Give the day of the meeting that set it."
TOO_EARLY = "The level's date lies before the referral. Give a day on or after it."
TOO_LATE = "The episode was closed before this day. Give an earlier day, or correct the closing."


@dataclass(frozen=True)
class Decision:
    """A level as a meeting set it; `agreed` is the code of that meeting, empty where it is not recorded.

    `tool` is the number of the version of the assessment tool on which it rests, None: on none.
    """

    level: str
    set_on: date
    rationale: str
    agreed: str = ""
    tool: int | None = None


def check_decision(
    decision: Decision, *, referred_on: date, closed_on: date | None, today: date
) -> None:
    """Raise RuleBroken for a level without a reason, or on a day that cannot be.

    The reason is always recorded (Bradford report 2016, Appendix 1: every decision with its rationale).
    An extract may have a level after its episode's closing; by hand none is recorded there.
    """
    day = decision.set_on
    if not decision.rationale.strip():
        raise RuleBroken("level.reason", NO_REASON, "rationale")
    if day > today:
        raise RuleBroken("level.ahead", IN_FUTURE, "set_on")
    if day < referred_on:
        raise RuleBroken("level.before_referral", TOO_EARLY, "set_on")
    if closed_on is not None and day > closed_on:
        raise RuleBroken("level.after_closing", TOO_LATE, "set_on")


def check_may_fall(agreed: str, rank: int, rank_now: int | None) -> None:
    """Raise RuleBroken for a fall that a daily meeting is said to have set: it proposes, the panel decides.

    (Bradford report 2016, Appendix 1: changes of level are the weekly meeting's.)
    """
    if agreed == DAILY and rank_now is not None and rank < rank_now:
        raise RuleBroken("level.falls", FALLS, "agreed")


def review_due(set_on: date, level: str, review_days: dict[str, int]) -> date | None:
    """Give the review date that a level brings, by the partnership's settings; None where it brings none."""
    days = review_days.get(level)
    return set_on + timedelta(days) if days else None


def chosen_review(due: date | None, chosen: date | None, set_on: date) -> date | None:
    """Give the review date that counts: the chosen one, if it is not later than the level asks for.

    Raises RuleBroken for one that is later, not after the level, or asked of a level that brings none.
    """
    if chosen is None:
        return due
    if due is None:
        raise RuleBroken("review.none", "This level brings no review. Leave the date empty.", FIELD)
    if chosen > due:
        latest = f"{due.day} {due:%B %Y}"
        raise RuleBroken("review.late", f"This level is reviewed by {latest} at the latest.", FIELD)
    if chosen <= set_on:
        raise RuleBroken(
            "review.early", "The review lies before the level. Give a later day.", FIELD
        )
    return chosen


FIELD = "review_on"


def closes_at_once(level: str, earlier: Iterable[str]) -> bool:
    """Say whether a level closes its episode: no risk, where no risk was ever found.

    "No risk at the outset" is recorded and closed the same day (Bradford report 2016, Appendix 1).
    """
    return level == NO_RISK and all(before == NO_RISK for before in earlier)
