"""A change that waits for the panel: how it may be settled, by whom, and what each agency says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hub.errors import RuleBroken


class Kind(StrEnum):
    """What is proposed."""

    RISE = "rise"  # in force already
    FALL = "fall"
    CLOSING = "closing"


class State(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    RATIFIED = "ratified"
    CHANGED = "changed"  # the panel set another level
    REPLACED = "replaced"  # a later proposal or level took its place
    TAKEN_BACK = "taken_back"  # by a correction at the meeting that made it


class Settling(StrEnum):
    """What the panel does with a proposal."""

    RATIFY = "RATIFY"
    OTHER_LEVEL = "OTHER_LEVEL"
    NOT_YET = "NOT_YET"


class Opinion(StrEnum):
    """What an agency says of a proposal beforehand."""

    AGREE = "agree"
    OTHER = "other"
    NONE = "none"


# Urgent rises, in force already, come first; then what carries most risk of error.
ORDER = {Kind.RISE: 0, Kind.FALL: 1, Kind.CLOSING: 2}
WORDS = {
    Kind.RISE: "Urgent rise, in force already",
    Kind.FALL: "Fall proposed",
    Kind.CLOSING: "Closing proposed",
}
OPINIONS = {
    Opinion.AGREE: "Agrees",
    Opinion.OTHER: "Would set another level",
    Opinion.NONE: "Has no view",
}

# From where a proposal may go where. What the panel settled, or a later decision replaced, is open again only
# where that decision is taken back before its meeting ends.
GOES_TO: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.RATIFIED, State.CHANGED, State.REPLACED, State.TAKEN_BACK}),
    State.RATIFIED: frozenset({State.OPEN}),
    State.CHANGED: frozenset({State.OPEN}),
    State.REPLACED: frozenset({State.OPEN}),
    State.TAKEN_BACK: frozenset(),
}
SETTLED_AS = {Settling.RATIFY: State.RATIFIED, Settling.OTHER_LEVEL: State.CHANGED}

SETTLED = "This proposal is settled already. Look at what was decided."
ALONE = (
    "You proposed this, so somebody else records what the panel decides. Let a colleague take over."
)
NO_REASON = "Write the panel's reason: it is read again when new information comes."
NO_LEVEL = "Choose the level that the panel sets instead."
SAME_LEVEL = "This is the level that was proposed. Ratify it, or choose another."
NO_VIEW = "Choose what your agency says."
NO_WORDS = "Write why your agency would set another level."
NO_OTHER = "Choose the level that your agency would set."


@dataclass(frozen=True)
class Verdict:
    """What the panel decided of a proposal: `level` is the one it sets instead, empty otherwise."""

    settling: Settling
    reason: str
    level: str = ""


def check_verdict(verdict: Verdict, *, proposed: str, proposer: bool, state: State) -> None:
    """Raise RuleBroken for a verdict on what is settled, by its proposer, without a reason or a level."""
    if state is not State.OPEN:
        raise RuleBroken("proposal.settled", SETTLED)
    if proposer and verdict.settling is not Settling.NOT_YET:
        raise RuleBroken("proposal.alone", ALONE)
    if not verdict.reason.strip():
        raise RuleBroken("proposal.reason", NO_REASON, "rationale")
    if verdict.settling is Settling.OTHER_LEVEL and not verdict.level:
        raise RuleBroken("proposal.level", NO_LEVEL, "level")
    if verdict.settling is Settling.OTHER_LEVEL and verdict.level == proposed:
        raise RuleBroken("proposal.same", SAME_LEVEL, "level")


@dataclass(frozen=True)
class View:
    """What an agency says of a proposal; with another level it says which, and why."""

    opinion: Opinion
    level: str = ""
    words: str = ""


def dissents(view: View, *, proposed: str, settled: str | None) -> bool:
    """Say whether a view stands against what the panel settled: that is dissent, and is kept for ever.

    `proposed` and `settled` are levels, empty for a closing; nothing is settled yet where it is None.
    """
    if settled is None or view.opinion is Opinion.NONE:
        return False
    wanted = proposed if view.opinion is Opinion.AGREE else view.level
    return wanted != settled


def check_view(view: View, proposed: str) -> None:
    """Raise RuleBroken for another level that is not named, is the proposed one, or has no reason."""
    if view.opinion is not Opinion.OTHER:
        return
    if not view.level:
        raise RuleBroken("view.level", NO_OTHER, "level")
    if view.level == proposed:
        raise RuleBroken("view.same", "This is what is proposed. Then your agency agrees.", "level")
    if not view.words.strip():
        raise RuleBroken("view.words", NO_WORDS, "words")
