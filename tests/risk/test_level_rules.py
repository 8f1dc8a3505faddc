"""A level to be recorded: what is wrong with it, what it closes, and which review it brings."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import RuleBroken
from risk.levels.rules import (
    FALLS,
    IN_FUTURE,
    NO_REASON,
    TOO_EARLY,
    TOO_LATE,
    Decision,
    check_decision,
    check_may_fall,
    chosen_review,
    closes_at_once,
    review_due,
)
from risk.reviews.rules import check_move, latest_review

DAY, BEFORE, AFTER = date(2016, 3, 2), date(2016, 3, 1), date(2016, 3, 3)
SETTINGS = {"HIGH": 28, "LOW": 84}


def problem(
    rationale: str, set_on: date, referred_on: date, closed_on: date | None, today: date
) -> str | None:
    """What the rule says of a level, or None."""
    try:
        check_decision(
            Decision("LOW", set_on, rationale),
            referred_on=referred_on,
            closed_on=closed_on,
            today=today,
        )
    except RuleBroken as fault:
        return str(fault)
    return None


@pytest.mark.parametrize(
    ("rationale", "set_on", "referred_on", "closed_on", "today", "expected"),
    [
        ("Agreed", DAY, DAY, None, DAY, None),
        ("Agreed", DAY, BEFORE, None, AFTER, None),
        ("Agreed", DAY, BEFORE, DAY, AFTER, None),
        ("", DAY, DAY, None, DAY, NO_REASON),
        (" \n\t", DAY, DAY, None, DAY, NO_REASON),
        ("Agreed", AFTER, DAY, None, DAY, IN_FUTURE),
        ("Agreed", BEFORE, DAY, None, DAY, TOO_EARLY),
        ("Agreed", DAY, BEFORE, BEFORE, DAY, TOO_LATE),
    ],
)
def test_a_level_has_a_reason_and_a_day_from_the_referral_to_today(
    rationale: str,
    set_on: date,
    referred_on: date,
    closed_on: date | None,
    today: date,
    expected: str | None,
) -> None:
    assert problem(rationale, set_on, referred_on, closed_on, today) == expected


@pytest.mark.parametrize(
    ("level", "due"), [("HIGH", date(2016, 3, 3)), ("LOW", date(2016, 5, 31)), ("NO_RISK", None)]
)
def test_a_review_is_due_as_many_days_on_as_the_partnership_says(
    level: str, due: date | None
) -> None:
    assert review_due(DAY, level, {"HIGH": 1, "LOW": 90}) == due


def test_no_days_bring_no_review() -> None:
    assert review_due(DAY, "LOW", {"LOW": 0}) is None


def test_an_earlier_review_may_be_chosen_and_a_later_one_not() -> None:
    due = date(2016, 3, 30)
    assert chosen_review(due, None, DAY) == due
    assert chosen_review(due, due, DAY) == due
    assert chosen_review(due, AFTER, DAY) == AFTER
    assert chosen_review(None, None, DAY) is None
    late = "This level is reviewed by 30 March 2016 at the latest."
    early = "The review lies before the level. Give a later day."
    for wrong, code, said in (
        (date(2016, 3, 31), "review.late", late),
        (DAY, "review.early", early),
    ):
        with pytest.raises(RuleBroken) as fault:
            chosen_review(due, wrong, DAY)
        assert (fault.value.code, fault.value.field) == (code, "review_on")
        assert str(fault.value) == said
    with pytest.raises(RuleBroken, match="brings no review"):
        chosen_review(None, AFTER, DAY)


@pytest.mark.parametrize(
    ("level", "earlier", "closes"),
    [
        ("NO_RISK", [], True),
        ("NO_RISK", ["NO_RISK", "NO_RISK"], True),
        ("NO_RISK", ["NO_RISK", "LOW"], False),
        ("LOW", [], False),
    ],
)
def test_no_risk_closes_where_no_risk_was_ever_found(
    level: str, earlier: list[str], closes: bool
) -> None:
    assert closes_at_once(level, earlier) is closes


def test_a_review_moves_as_far_ahead_as_its_level_allows() -> None:
    assert latest_review("HIGH", SETTINGS, DAY) == date(2016, 3, 30)
    assert latest_review("", SETTINGS, DAY) == latest_review("LOW", SETTINGS, DAY)
    assert latest_review("LOW", SETTINGS, DAY) == date(2016, 5, 25)
    assert latest_review("LOW", {}, DAY) == DAY


@pytest.mark.parametrize(
    ("due_on", "code"),
    [(AFTER, "review.same"), (BEFORE, "review.past"), (date(2016, 3, 31), "review.ceiling")],
)
def test_a_review_that_cannot_be_moved_there_says_why(due_on: date, code: str) -> None:
    with pytest.raises(RuleBroken) as fault:
        check_move(due_on, AFTER, date(2016, 3, 30), DAY)
    assert (fault.value.code, fault.value.field) == (code, "due_on")


@given(st.dates(), st.dates(), st.sampled_from(["HIGH", "LOW", "NO_RISK"]))
def test_a_moved_review_lies_between_today_and_the_ceiling(
    due_on: date, today: date, level: str
) -> None:
    today = min(today, date(9000, 1, 1))
    latest = latest_review(level, SETTINGS, today)
    try:
        check_move(due_on, None, latest, today)
    except RuleBroken:
        assert not today <= due_on <= latest
    else:
        assert today <= due_on <= latest


def fault_of(decision: Decision, closed_on: date | None = None) -> tuple[str, str, str]:
    """Code, field and message of what is wrong with a level on an episode that was referred on DAY."""
    with pytest.raises(RuleBroken) as fault:
        check_decision(decision, referred_on=DAY, closed_on=closed_on, today=AFTER)
    return fault.value.code, fault.value.field, str(fault.value)


def test_each_fault_of_a_level_has_its_code_and_stands_beside_its_field() -> None:
    assert fault_of(Decision("LOW", DAY, " ")) == ("level.reason", "rationale", NO_REASON)
    ahead, early = date(2016, 3, 4), BEFORE
    assert fault_of(Decision("LOW", ahead, "x")) == ("level.ahead", "set_on", IN_FUTURE)
    assert fault_of(Decision("LOW", early, "x")) == ("level.before_referral", "set_on", TOO_EARLY)
    late = fault_of(Decision("LOW", AFTER, "x"), closed_on=DAY)
    assert late == ("level.after_closing", "set_on", TOO_LATE)


def test_a_review_of_a_level_that_brings_none_is_refused_beside_its_field() -> None:
    with pytest.raises(RuleBroken) as fault:
        chosen_review(None, AFTER, DAY)
    said = (fault.value.code, fault.value.field, str(fault.value))
    none = "This level brings no review. Leave the date empty."
    assert said == ("review.none", "review_on", none)


@pytest.mark.parametrize("agreed", ["daily", "panel", "outside", ""])
@pytest.mark.parametrize("now", [None, 0, 1, 2, 3])
@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_a_daily_meeting_sets_no_fall_the_whole_square(
    agreed: str, now: int | None, rank: int
) -> None:
    if agreed != "daily" or now is None or rank >= now:
        check_may_fall(agreed, rank, now)
        return
    with pytest.raises(RuleBroken) as fault:
        check_may_fall(agreed, rank, now)
    assert (fault.value.code, fault.value.field, str(fault.value)) == (
        "level.falls",
        "agreed",
        FALLS,
    )
