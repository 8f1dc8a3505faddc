"""What a sharing agreement may open, and how its days go."""

from dataclasses import dataclass
from datetime import date

# What stays without an agreement: who a shared child is, that it was referred to the agency, what the agency
# wrote itself, and that an address is confidential.
EPISODES, ADDRESSES, NOTES, INTELLIGENCE = "episodes", "addresses", "notes", "intelligence"
CATEGORIES = {
    EPISODES: "Episodes: their levels and reviews, and who leads",
    ADDRESSES: "Addresses that are not confidential",
    NOTES: "Notes whose marking lets the agency read them",
    INTELLIGENCE: "Police intelligence that was released to the agency",
}
REASON_LONGEST = 500


@dataclass(frozen=True)
class Agreed:
    """What an agreement says: the categories, and its first and last day. `basis` names the paper signed."""

    categories: tuple[str, ...]
    starts_on: date
    ends_on: date
    basis: str


@dataclass(frozen=True)
class Problem:
    """What is wrong, and beside which field the message belongs."""

    field: str
    message: str


def problem_with(agreed: Agreed, *, today: date) -> Problem | None:
    """Say what is wrong with an agreement to be entered, or None."""
    if not agreed.categories or not set(agreed.categories) <= set(CATEGORIES):
        return Problem("categories", "Tick what is shared.")
    if not agreed.basis.strip():
        return Problem("basis", "Write which agreement was signed.")
    if agreed.ends_on < agreed.starts_on:
        return Problem("ends_on", "The last day lies before the first. Check both.")
    if agreed.ends_on < today:
        return Problem("ends_on", "The last day has gone. Enter an agreement that is in force.")
    return None


def state_of(starts_on: date, ends_on: date, ended_on: date | None, today: date) -> str:
    """Say in a word how an agreement stands on a day."""
    if ended_on is not None:
        return "Ended"
    if today > ends_on:
        return "Ran out"
    return "To come" if today < starts_on else "In force"
