"""What may be decided where: what an outcome brings about, what it needs, and who must confirm it.

A first decision and a rise take effect at once. No CSE risk closes the episode in the same step only where
no level above it was ever set. Any other fall, and any closing, is a proposal: the level stands until the
Thursday panel ratifies it (Bradford report 2016, Appendix 1: changes of level are the weekly meeting's).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hub.errors import RuleBroken

CLOSE = "CLOSE"
NOT_DECIDED = "NOT_DECIDED"
NO_RISK_RANK, LOW_RANK, MEDIUM_RANK, HIGH_RANK = range(4)


class Effect(StrEnum):
    """What an outcome brings about."""

    AT_ONCE = "at_once"
    CLOSES = "closes"
    PROPOSED = "proposed"
    NONE = "none"


class Confirmer(StrEnum):
    """Who must stand behind an outcome besides the recorder."""

    CHAIR = "chair"
    MANAGER = "manager"


@dataclass(frozen=True)
class Ground:
    """What a decision stands on.

    `rank_now`: the rank of the level in force, None where none is set; `highest`: of the highest ever set
    on the episode. `outstanding`: how many agencies have not answered. `under_13` and `learning_disability`
    make the hard rule of the hub: a referral to social care, whatever the level. `stands` is how the
    episode's matters with others stand (referrals/measures).
    """

    rank_now: int | None = None
    highest: int | None = None
    outstanding: int = 0
    quorate: bool = True
    under_13: bool = False
    learning_disability: bool = False
    stands: Mapping[str, str] = field(default_factory=dict)

    @property
    def protected(self) -> bool:
        """Whether the hard rule is about this child."""
        return self.under_13 or self.learning_disability

    @property
    def never_above_no_risk(self) -> bool:
        """Whether no risk was ever found in this episode."""
        return (self.highest or NO_RISK_RANK) == NO_RISK_RANK


def effect_of(outcome: str, rank: int | None, ground: Ground) -> Effect:
    """Say what an outcome brings about; `rank` is the chosen level's, None for the outcomes without one."""
    if outcome == NOT_DECIDED:
        return Effect.NONE
    if outcome == CLOSE or rank is None:
        return Effect.PROPOSED
    if rank == NO_RISK_RANK and ground.never_above_no_risk:
        return Effect.CLOSES
    falls = ground.rank_now is not None and rank < ground.rank_now
    return Effect.PROPOSED if falls else Effect.AT_ONCE


def rises(rank: int | None, ground: Ground) -> bool:
    """Say whether a level is above the one in force: the panel looks at it, though it holds already."""
    return rank is not None and ground.rank_now is not None and rank > ground.rank_now


def confirmers(rank: int | None, effect: Effect, ground: Ground) -> frozenset[Confirmer]:
    """Say who must confirm: the chair a closing on thin ground, the manager a low level by the hard rule."""
    asked = set()
    if effect is Effect.CLOSES and (ground.outstanding or not ground.quorate):
        asked.add(Confirmer.CHAIR)
    if ground.protected and rank is not None and rank <= LOW_RANK:
        asked.add(Confirmer.MANAGER)
    return frozenset(asked)


def needed(outcome: str, rank: int | None, effect: Effect) -> tuple[str, ...]:
    """Name the fields that an outcome cannot do without, the reason first of all."""
    asked = ["rationale"]
    if rank is not None and rank >= MEDIUM_RANK and effect is Effect.AT_ONCE:
        asked.append("contingency")
    if effect is Effect.CLOSES:
        asked.append("other_risks")
    if effect is Effect.PROPOSED:
        asked.append("exit_plan")
    if outcome == CLOSE:
        asked.append("closure_reason")
    if outcome == NOT_DECIDED:
        asked += ["missing_from", "missing_by"]
    return tuple(asked)


NEEDED = {
    "rationale": "Write the reason: it is read again when new information comes.",
    "contingency": "Write what is done if it gets worse: a medium or high level needs it.",
    "other_risks": "Say whether other risks were found: no CSE risk does not mean no risk.",
    "exit_plan": "Write what stays in place after it: the panel reads the exit plan.",
    "closure_reason": "Choose why the episode is to be closed.",
    "missing_from": "Say from whom the information is asked.",
    "missing_by": "Give the day by which it is asked.",
}
UNCONFIRMED = {
    Confirmer.CHAIR: (
        "A check is outstanding or an agency is missing, so the chair records this, with why it is decided "
        "all the same. Take the chair, or let whoever chairs take over as recorder."
    ),
    Confirmer.MANAGER: (
        "The child is under 13 or has a learning disability, so the hub manager records this level, with "
        "why. Ask the manager to take over as recorder."
    ),
}
WHY_CONFIRMED = "Write why it is decided all the same: it stands beside the decision."


def check_given(asked: Iterable[str], given: dict[str, object]) -> None:
    """Raise RuleBroken for the first of the fields asked for that is not given."""
    for name in asked:
        if not given.get(name):
            raise RuleBroken(f"decision.{name}", NEEDED[name], name)


def check_confirmed(asked: frozenset[Confirmer], held: frozenset[Confirmer], why: str) -> None:
    """Raise RuleBroken where the recorder is not one of those who must confirm, or does not say why."""
    for confirmer in sorted(asked - held):
        raise RuleBroken(f"decision.{confirmer.value}", UNCONFIRMED[confirmer], "confirmed")
    if asked and not why.strip():
        raise RuleBroken("decision.confirmed", WHY_CONFIRMED, "confirmed")
