"""Dissent: what an agency said against what the panel settled. It is kept, and said with the decision."""

from collections.abc import Iterable
from datetime import datetime

from hub.accounts.models import User
from hub.templatetags.hub import LOOKS
from risk.meetings.models import MeetingDecision
from risk.proposals.queries import Opined, opined_of
from risk.proposals.rules import Settling


def settled_by(said: MeetingDecision | None) -> str | None:
    """Give the level that a decision settled, empty for a closing; None where it settled nothing."""
    if said is None or said.proposal is None:
        return None
    if said.outcome == Settling.RATIFY:
        return said.proposal.to_level
    if said.outcome == Settling.OTHER_LEVEL and said.level is not None:
        return said.level.level
    return None


def dissent_of(
    decisions: Iterable[MeetingDecision], user: User, known_at: datetime | None = None
) -> dict[int, list[str]]:
    """Say of each proposal that was settled, by its number, who stood against it, in one query."""
    settled = {
        said.proposal_id: level
        for said in decisions
        if said.proposal_id is not None and (level := settled_by(said)) is not None
    }
    opined = opined_of(settled, user, settled, known_at)
    return {
        number: [in_words(view) for view in views if view.dissents]
        for number, views in opined.items()
    }


def in_words(view: Opined) -> str:
    """Write a view as a sentence."""
    look = LOOKS.get(view.level)
    level = f": {look.label if look else view.level}" if view.level else ""
    words = f". {view.words}" if view.words else ""
    return f"{view.agency} {view.says[0].lower()}{view.says[1:]}{level}{words}"
