"""What the panel may do with a proposal, what an agency may say of it, and when that was dissent."""

from itertools import product

import pytest

from hub.errors import RuleBroken
from risk.proposals.rules import (
    ALONE,
    GOES_TO,
    NO_LEVEL,
    NO_OTHER,
    NO_REASON,
    NO_WORDS,
    SAME_LEVEL,
    SETTLED,
    Opinion,
    Settling,
    State,
    Verdict,
    View,
    check_verdict,
    check_view,
    dissents,
)

RATIFY, OTHER, LATER = Settling


def test_where_a_proposal_may_go_the_whole_square() -> None:
    free = {(State.OPEN, to) for to in State if to is not State.OPEN}
    back = {(was, State.OPEN) for was in (State.RATIFIED, State.CHANGED, State.REPLACED)}
    assert {(was, to) for was in State for to in GOES_TO[was]} == free | back


@pytest.mark.parametrize(
    ("state", "settling", "proposer"), list(product(State, Settling, [False, True]))
)
def test_who_may_settle_what_the_whole_square(
    state: State, settling: Settling, proposer: bool
) -> None:
    verdict = Verdict(settling, "Why.", "HIGH")
    may = state is State.OPEN and not (proposer and settling is not LATER)
    if may:
        check_verdict(verdict, proposed="LOW", proposer=proposer, state=state)
        return
    refused = ("proposal.alone", ALONE) if state is State.OPEN else ("proposal.settled", SETTLED)
    assert _refused(verdict, state, proposer) == (*refused, "")


@pytest.mark.parametrize(
    ("verdict", "refused"),
    [
        (Verdict(RATIFY, " "), ("proposal.reason", NO_REASON, "rationale")),
        (Verdict(LATER, ""), ("proposal.reason", NO_REASON, "rationale")),
        (Verdict(OTHER, "Why."), ("proposal.level", NO_LEVEL, "level")),
        (Verdict(OTHER, "Why.", "LOW"), ("proposal.same", SAME_LEVEL, "level")),
    ],
)
def test_a_verdict_has_its_reason_and_another_level_its_name(
    verdict: Verdict, refused: tuple[str, str, str]
) -> None:
    assert _refused(verdict, State.OPEN, proposer=False) == refused


def test_only_another_level_is_compared_with_the_proposed_one() -> None:
    for verdict in (
        Verdict(RATIFY, "Why."),
        Verdict(RATIFY, "Why.", "LOW"),
        Verdict(LATER, "Why."),
    ):
        check_verdict(verdict, proposed="LOW", proposer=False, state=State.OPEN)


def _refused(verdict: Verdict, state: State, proposer: bool) -> tuple[str, str, str]:
    with pytest.raises(RuleBroken) as broken:
        check_verdict(verdict, proposed="LOW", proposer=proposer, state=state)
    return broken.value.code, str(broken.value), broken.value.field


@pytest.mark.parametrize(
    ("view", "refused"),
    [
        (View(Opinion.OTHER, "", "Why."), ("view.level", NO_OTHER, "level")),
        (
            View(Opinion.OTHER, "LOW", "Why."),
            ("view.same", "This is what is proposed. Then your agency agrees.", "level"),
        ),
        (View(Opinion.OTHER, "HIGH", " "), ("view.words", NO_WORDS, "words")),
    ],
)
def test_another_level_is_named_and_explained(view: View, refused: tuple[str, str, str]) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_view(view, "LOW")
    assert (broken.value.code, str(broken.value), broken.value.field) == refused


def test_to_agree_or_to_have_no_view_needs_no_words() -> None:
    for view in (View(Opinion.AGREE), View(Opinion.NONE), View(Opinion.OTHER, "HIGH", "Why.")):
        check_view(view, "LOW")


@pytest.mark.parametrize(
    ("view", "settled", "dissent"),
    [
        (View(Opinion.AGREE), None, False),
        (View(Opinion.OTHER, "HIGH", "Why."), None, False),
        (View(Opinion.NONE), "HIGH", False),
        (View(Opinion.AGREE), "LOW", False),
        (View(Opinion.AGREE), "HIGH", True),
        (View(Opinion.AGREE), "", True),
        (View(Opinion.OTHER, "HIGH", "Why."), "HIGH", False),
        (View(Opinion.OTHER, "HIGH", "Why."), "LOW", True),
    ],
)
def test_a_view_that_was_not_followed_is_dissent(
    view: View, settled: str | None, dissent: bool
) -> None:
    assert dissents(view, proposed="LOW", settled=settled) is dissent
