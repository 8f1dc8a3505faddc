"""New information on an open episode: what kind it is, and who told it.

Levels are looked at again on new information (the hub's report of September 2016, appendix 1), so it is more
than a note: it stands on the list of the next meeting until the agencies have decided.
"""

from dataclasses import dataclass

from hub.codes.rules import code_list
from referrals.notes.rules import Problem

KINDS = {
    "told": "What the child told",
    "concern": "Concern of a professional",
    "family": "Concern of the family",
    "sighting": "Seen with somebody, or somewhere",
    "online": "Contact online",
    "gifts": "Gifts or money",
    "health": "Health or injury",
    "education": "Absence from school",
    "place": "A place or an address",
    "other": "Something else",
}


@dataclass(frozen=True)
class Told:
    """What kind of information it is, and who told it: a code of the list of referral sources."""

    kind: str
    source: str


def told_problem(told: Told) -> Problem | None:
    """Say what is wrong with it, or None."""
    if told.kind not in KINDS:
        return Problem("what", "Choose what kind of information it is.")
    if told.source not in code_list("referral_sources"):
        return Problem("source", "Choose who told it. If nobody knows, choose Unknown.")
    return None
