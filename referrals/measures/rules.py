"""Measures on an episode: which follow on which, what each needs, and when one has to be.

**The hard rule**: a child under 13, or with a learning disability, of whom any concern is referred, is
referred to children's social care (the West Yorkshire risk assessment tool; Leeds' procedure). It asks for
the referral and shows that it is missing; it stops nobody from setting a level.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hub.days.rules import age_on

SOCIAL_CARE, STRATEGY, STEP = "social_care", "strategy", "step"
TRANSITION, RECEIVING = "transition", "receiving"
MATTERS = {
    SOCIAL_CARE: "Referral to social care",
    STRATEGY: "Strategy discussion",
    STEP: "Stepping up and down",
    TRANSITION: "Transition to adult services",
    RECEIVING: "Receiving authority",
}
NEEDED, MADE, ACCEPTED, DECLINED = "needed", "made", "accepted", "declined"
KNOWN, NOT_MADE = "known", "not_made"
REQUESTED, HELD, NOT_HELD = "requested", "held", "not_held"
ASKED, AGREED, NOT_NEEDED, TOLD = "asked", "agreed", "not_needed", "told"
STATES: Mapping[str, Mapping[str, str]] = {
    SOCIAL_CARE: {
        NEEDED: "Needed", MADE: "Made, not answered yet", ACCEPTED: "Accepted", DECLINED: "Declined",
        KNOWN: "Not needed: social care works with the child already", NOT_MADE: "Not made",
    },
    STRATEGY: {REQUESTED: "Requested", HELD: "Held", NOT_HELD: "Not held"},
    STEP: {
        "from_early_help": "Stepped up from early help",
        "to_early_help": "Stepped down to early help",
        "to_social_care": "Stepped up to social care",
        "from_social_care": "Stepped down from social care",
    },
    TRANSITION: {ASKED: "Plan asked for", AGREED: "Plan agreed", NOT_NEEDED: "No plan needed"},
    RECEIVING: {TOLD: "Told"},
}  # fmt: skip
# Which state may follow; "" is where nothing is recorded. Steps follow one another freely.
FOLLOWS: Mapping[str, Mapping[str, frozenset[str]]] = {
    SOCIAL_CARE: {
        "": frozenset({NEEDED, MADE, KNOWN, NOT_MADE}),
        NEEDED: frozenset({MADE, KNOWN, NOT_MADE}),
        MADE: frozenset({ACCEPTED, DECLINED}),
        ACCEPTED: frozenset({MADE}),
        DECLINED: frozenset({MADE, KNOWN, NOT_MADE}),
        KNOWN: frozenset({MADE}),
        NOT_MADE: frozenset({NEEDED, MADE, KNOWN, NOT_MADE}),
    },
    STRATEGY: {
        "": frozenset({REQUESTED, HELD, NOT_HELD}),
        REQUESTED: frozenset({HELD, NOT_HELD}),
        HELD: frozenset({REQUESTED}),
        NOT_HELD: frozenset({REQUESTED, HELD, NOT_HELD}),
    },
    STEP: dict.fromkeys(("", *STATES[STEP]), frozenset(STATES[STEP])),
    TRANSITION: {
        "": frozenset({ASKED, AGREED, NOT_NEEDED}),
        ASKED: frozenset({AGREED, NOT_NEEDED}),
        AGREED: frozenset({ASKED, AGREED}),
        NOT_NEEDED: frozenset({ASKED, AGREED}),
    },
    RECEIVING: {"": frozenset({TOLD}), TOLD: frozenset({TOLD})},
}
# Nobody can say why it is so but with a reason; a step always has one.
WITH_REASON = frozenset({DECLINED, NOT_MADE, NOT_HELD, AGREED, NOT_NEEDED, TOLD, *STATES[STEP]})
LONGEST = 2_000
UNDER = 13
# A child at risk is helped into adulthood: a plan from 17, and somebody who leads it (Bradford report 2016,
# Appendix 2, point 2). Whoever closes because of it, or because the child moved, says who was told.
PLAN_FROM = 17
LEAVING = {"TURNED_18": (TRANSITION, AGREED), "MOVED": (RECEIVING, TOLD)}
LEFT_WELL = {TRANSITION: {AGREED, NOT_NEEDED}, RECEIVING: {TOLD}}
ASK_BESIDE = {
    AGREED: "Write who leads in adult services, and what the plan is.",
    TOLD: "Write which authority was told, whom there, and when.",
}


@dataclass(frozen=True)
class Taken:
    """What is recorded: which matter, its state, since when, why, and with which agencies (their numbers)."""

    matter: str
    state: str
    on: date
    because: str = ""
    agencies: tuple[int, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong, and beside which field the message belongs."""

    field: str
    message: str


def taken_problem(taken: Taken, *, before: str, earliest: date, today: date) -> Problem | None:
    """Say what is wrong with a measure to be recorded, or None; `before` is the state that stands."""
    if taken.state not in STATES.get(taken.matter, {}):
        return Problem("state", "Choose how it stands.")
    if taken.state not in FOLLOWS[taken.matter][before]:
        return Problem("state", _not_after(taken, before))
    if taken.on > today:
        return Problem("on", "The day lies in the future. Give today or a day before it.")
    if taken.on < earliest:
        return Problem(
            "on", "The day lies before the referral, or before what stands. Give a later one."
        )
    if taken.state in WITH_REASON and not taken.because.strip():
        return Problem("because", ASK_BESIDE.get(taken.state, "Write why."))
    if len(taken.because) > LONGEST:
        return Problem("because", "Write why in at most 2,000 characters.")
    return None


def _not_after(taken: Taken, before: str) -> str:
    names = STATES[taken.matter]
    stands = f"“{names[before]}”" if before else "nothing"
    return f"What stands is {stands}: “{names[taken.state]}” does not follow it."


def open_to(matter: str, before: str) -> list[tuple[str, str]]:
    """Give the states that may follow, code and words, in the order of the table."""
    follows = FOLLOWS[matter][before]
    return [(code, words) for code, words in STATES[matter].items() if code in follows]


def leaving_asks(closure_reason: str, stands: Mapping[str, str]) -> tuple[str, str] | None:
    """Give the matter and its state that a closing for this reason asks for; None where it is answered."""
    asked = LEAVING.get(closure_reason)
    if asked is None or stands.get(asked[0]) in LEFT_WELL[asked[0]]:
        return None
    return asked


def leaving_problem(closure_reason: str, stands: Mapping[str, str], told: str) -> Problem | None:
    """Say what a closing for this reason lacks, or None; `told` is what was written of it."""
    asked = leaving_asks(closure_reason, stands)
    return None if asked is None or told.strip() else Problem("told", ASK_BESIDE[asked[1]])


def plans_adulthood(born: date, on: date) -> bool:
    """Say whether a child is of the age from which a plan for adulthood is asked."""
    return age_on(born, on) >= PLAN_FROM


def must_refer(born: date, referred_on: date, learning_disability: bool | None) -> str:
    """Say in words why the hard rule asks for a referral to social care; nothing where it does not."""
    young = age_on(born, referred_on) < UNDER
    because = ["under 13 when referred" if young else "", _disabled(learning_disability)]
    return " and ".join(filter(None, because))


def _disabled(learning_disability: bool | None) -> str:
    return "a learning disability" if learning_disability else ""


def still_to_do(matter: str, state: str, must: str = "") -> str:
    """Say what is left to do about a matter that stands so; nothing where it is settled.

    `must` is why the hard rule asks for a referral: it asks until one was made, or social care works with
    the child already. Of the transition it is why a plan is asked.
    """
    if matter == TRANSITION:
        if state == ASKED:
            return "Transition plan asked for"
        return f"Transition plan needed ({must})" if must and not state else ""
    if matter == SOCIAL_CARE:
        because = f" ({must})" if must else ""
        if state == NEEDED or (must and not state):
            return f"Social care referral needed{because}"
        return {
            MADE: "Social care has not answered",
            DECLINED: f"Social care declined{because}",
            NOT_MADE: f"Social care referral not made{because}" if must else "",
        }.get(state, "")
    return "Strategy discussion requested" if state == REQUESTED else ""
