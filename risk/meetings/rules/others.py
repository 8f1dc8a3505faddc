"""What a decision has asked of others: a strategy discussion, and a referral to social care.

Both are asked for where the level is high (there is evidence that the child is exploited now: level 4, social
care, the police and a strategy discussion), and where the hard rule protects the child (referrals/measures):
under 13 when referred, or with a learning disability. "Not, and why" is an answer: it stops nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.errors import RuleBroken
from referrals.measures.rules import (
    ACCEPTED,
    HELD,
    KNOWN,
    MADE,
    NOT_HELD,
    NOT_MADE,
    REQUESTED,
    SOCIAL_CARE,
    STRATEGY,
)
from risk.meetings.rules.effects import HIGH_RANK, Effect, Ground

ANSWERS: Mapping[str, Mapping[str, str]] = {
    STRATEGY: {
        REQUESTED: "Requested now",
        HELD: "Held already",
        NOT_HELD: "Not, and why",
    },
    SOCIAL_CARE: {
        MADE: "Made now",
        KNOWN: "Social care works with the child already",
        NOT_MADE: "Not, and why",
    },
}
# With these nothing is left to ask; a "not" holds for the decision that it was given with.
SETTLED = {STRATEGY: {REQUESTED, HELD}, SOCIAL_CARE: {MADE, ACCEPTED, KNOWN}}
NOT = {NOT_HELD, NOT_MADE}
ASK = {
    STRATEGY: "Say whether a strategy discussion was requested or held, or why not.",
    SOCIAL_CARE: "Say whether a referral to social care was made, or why not.",
}
WHY_NOT = {
    STRATEGY: "Write why there is no strategy discussion.",
    SOCIAL_CARE: "Write why no referral to social care was made.",
}


@dataclass(frozen=True)
class Answer:
    """What was answered about one matter: the state that it has now, and why where it is not done."""

    state: str = ""
    because: str = ""


def matters_asked(rank: int | None, effect: Effect, ground: Ground) -> tuple[str, ...]:
    """Name the matters that a decision must answer; none for a closing, and for what is not decided yet."""
    if rank is None:
        return ()
    high = rank >= HIGH_RANK and effect is Effect.AT_ONCE
    if not high and not ground.protected:
        return ()
    return unsettled(ground)


def unsettled(ground: Ground) -> tuple[str, ...]:
    """Name the matters that are asked about where they are asked at all: those not settled yet."""
    return tuple(name for name, done in SETTLED.items() if ground.stands.get(name) not in done)


def check_answers(asked: tuple[str, ...], answers: Mapping[str, Answer]) -> None:
    """Raise RuleBroken for the first matter that has no answer, or a "not" without its reason."""
    for matter in asked:
        answer = answers.get(matter, Answer())
        if answer.state not in ANSWERS[matter]:
            raise RuleBroken(f"decision.{matter}", ASK[matter], matter)
        if answer.state in NOT and not answer.because.strip():
            raise RuleBroken(f"decision.{matter}_why", WHY_NOT[matter], f"{matter}_why")
