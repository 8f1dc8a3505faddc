"""Which place may be put forward for which meeting, and how it is called in a line."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from hub.days.rules import is_working_day

LONGEST = 2_000
NO_PLACE = "This referral is not about a place. Give the number of one that is"
WITHDRAWN = "This referral was withdrawn. Nothing of it comes before a meeting"
NO_MEETING = "No meeting is held on that day. Give a working day, today or later."
ALREADY = "The place is put forward for that day already."
SPOKEN = "The meeting of that day has spoken of it already. Choose a later day, or correct what was said."
NO_PLACE_ANY_MORE = "Its referral is about somebody by now"
NOT_ON_THE_LIST = (
    "Its referral tells of no place any more, or was withdrawn: there is nothing to say of it."
)
NOT_THEN = "Choose a meeting that was held since the place was put forward"


@dataclass(frozen=True)
class Problem:
    """What is wrong, and beside which field the message belongs."""

    code: str
    message: str
    field: str


def forward_problem(*, because: str, for_day: date, today: date) -> Problem | None:
    """Say why a place cannot be put forward so, or None."""
    if not because.strip():
        return Problem("place.because", "Write why", "because")
    if for_day < today or not is_working_day(for_day):
        return Problem("place.day", NO_MEETING, "for_day")
    return None


def discussed_problem(*, came_of_it: str, on: date, held: Collection[date]) -> Problem | None:
    """Say why what the meeting of a day said cannot be recorded so, or None; `held`: the days it could be."""
    if not came_of_it.strip():
        return Problem("place.came_of_it", "Write what the meeting said of it", "came_of_it")
    if on not in held:
        return Problem("place.discussed_on", NOT_THEN, "discussed_on")
    return None


def called(*, address: str, postcode: str, description: str) -> str:
    """Say which place it is: where it lies, and what it is, in a line."""
    where = ", ".join(part for part in (address, postcode) if part)
    what = " ".join(description.split()).rstrip(".")
    return f"{where}: {what}" if where and what else where or what or "Not described"
