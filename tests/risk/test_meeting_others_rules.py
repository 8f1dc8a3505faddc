"""When a decision asks about a strategy discussion and social care: the square walked whole."""

from itertools import product

import pytest

from hub.errors import RuleBroken
from referrals.measures.rules import STATES
from risk.meetings.rules.effects import Effect, Ground
from risk.meetings.rules.others import (
    ANSWERS,
    Answer,
    check_answers,
    matters_asked,
    unsettled,
)

BOTH = ("strategy", "social_care")
DONE = {Answer("requested"), Answer("held"), Answer("made"), Answer("known")}


@pytest.mark.parametrize(
    ("rank", "effect", "young", "disabled"),
    list(product([None, 0, 1, 2, 3], Effect, [False, True], [False, True])),
)
def test_a_high_level_and_a_protected_child_ask_of_others_and_nobody_else_does(
    rank: int | None, effect: Effect, young: bool, disabled: bool
) -> None:
    ground = Ground(under_13=young, learning_disability=disabled)
    high = rank == 3 and effect is Effect.AT_ONCE
    asks = rank is not None and (high or young or disabled)
    assert matters_asked(rank, effect, ground) == (BOTH if asks else ())


@pytest.mark.parametrize(
    ("stands", "left"),
    [
        ({}, BOTH),
        ({"step": "to_social_care"}, BOTH),
        ({"strategy": "requested", "social_care": "made"}, ()),
        ({"strategy": "held", "social_care": "accepted"}, ()),
        ({"social_care": "known"}, ("strategy",)),
        ({"strategy": "not_held", "social_care": "not_made"}, BOTH),
        ({"strategy": "held", "social_care": "declined"}, ("social_care",)),
        ({"strategy": "held", "social_care": "needed"}, ("social_care",)),
    ],
)
def test_what_is_done_is_not_asked_again_and_a_not_is(
    stands: dict[str, str], left: tuple[str, ...]
) -> None:
    assert unsettled(Ground(stands=stands)) == left
    assert matters_asked(3, Effect.AT_ONCE, Ground(stands=stands)) == left


@pytest.mark.parametrize("strategy", ["", "x", "requested", "held", "not_held"])
@pytest.mark.parametrize("care", ["", "made", "known", "not_made"])
@pytest.mark.parametrize("why", ["", " ", "The police say no."])
def test_each_matter_has_an_answer_and_a_not_its_reason(strategy: str, care: str, why: str) -> None:
    answers = {"strategy": Answer(strategy, why), "social_care": Answer(care, why)}
    missing = [
        field
        for matter, state in (("strategy", strategy), ("social_care", care))
        for field, is_missing in (
            (matter, Answer(state) not in DONE and not state.startswith("not_")),
            (f"{matter}_why", state.startswith("not_") and not why.strip()),
        )
        if is_missing
    ]
    check_answers((), answers)
    if not missing:
        check_answers(BOTH, answers)
        return
    with pytest.raises(RuleBroken) as broken:
        check_answers(BOTH, answers)
    assert broken.value.field == missing[0]
    assert broken.value.code == f"decision.{missing[0]}"


def test_no_answer_at_all_is_none_and_each_answer_is_a_state_of_its_matter() -> None:
    with pytest.raises(RuleBroken, match="Say whether a referral"):
        check_answers(("social_care",), {})
    assert {m: set(words) <= set(STATES[m]) for m, words in ANSWERS.items()} == {
        "strategy": True,
        "social_care": True,
    }


@pytest.mark.parametrize(
    ("matter", "state", "words"),
    [
        ("strategy", "not_held", "no strategy discussion"),
        ("social_care", "not_made", "no referral"),
    ],
)
def test_the_message_says_whose_reason_is_missing(matter: str, state: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        check_answers((matter,), {matter: Answer(state)})
