"""How a disagreement goes up, by when each level answers, and how it may end."""

from datetime import date

import pytest

from partners.partnerships.rules import Practice
from referrals.disagreements.rules import (
    AGREED,
    DECIDED,
    LEVELS,
    LONGEST,
    NO_ISSUE,
    NO_LEVEL_ABOVE,
    NO_OUTCOME,
    NO_WORDS,
    NOBODY_DECIDES,
    NOT_YOURS_TO_DECIDE,
    NOT_YOURS_TO_TAKE_BACK,
    OPEN,
    SETTLED,
    STATES,
    TAKEN_BACK,
    THEMSELVES,
    TOO_LONG,
    Problem,
    due_on,
    raising_problem,
    settling_problem,
    taking_up_problem,
)

WHY = "The school saw him again."
LONGER = "a" * (LONGEST + 1)


@pytest.mark.parametrize(
    ("level", "due"),
    [
        (1, date(2026, 4, 1)),
        (2, date(2026, 4, 2)),
        (3, date(2026, 4, 8)),  # Good Friday and Easter Monday lie between
        (4, date(2026, 4, 15)),
    ],
)
def test_each_level_answers_within_its_working_days(level: int, due: date) -> None:
    assert due_on(level, date(2026, 3, 30), Practice().ladder) == due


def test_what_a_hub_sets_is_what_each_level_has() -> None:
    ladder = Practice(level_1_days=1, level_4_days=4).ladder
    days = [due_on(level, date(2026, 3, 23), ladder) for level in LEVELS]
    assert days == [date(2026, 3, 24), date(2026, 3, 26), date(2026, 3, 30), date(2026, 3, 27)]


def test_the_levels_go_up_one_by_one_each_with_more_time() -> None:
    assert list(LEVELS) == [1, 2, 3, 4]
    assert list(LEVELS.values()) == [
        "Practitioners", "Team managers", "Heads of service", "The safeguarding partnership",
    ]  # fmt: skip
    assert set(STATES) == {OPEN, AGREED, DECIDED, TAKEN_BACK}


@pytest.mark.parametrize(
    ("issue", "own", "problem"),
    [
        (WHY, 1, None),
        ("a" * LONGEST, 1, None),
        (f"  {'a' * LONGEST}  ", 1, None),
        (WHY, 2, Problem("against", THEMSELVES)),
        ("  ", 1, Problem("issue", NO_ISSUE)),
        (LONGER, 1, Problem("issue", TOO_LONG)),
    ],
)
def test_it_is_raised_with_another_agency_and_with_words(
    issue: str, own: int, problem: Problem | None
) -> None:
    assert raising_problem(issue, own=own, against=2) == problem


@pytest.mark.parametrize(
    ("state", "level", "words", "message"),
    [
        (OPEN, 1, WHY, ""),
        (OPEN, 3, WHY, ""),
        (OPEN, 4, WHY, NO_LEVEL_ABOVE),
        (OPEN, 1, " ", NO_WORDS),
        (OPEN, 1, LONGER, TOO_LONG),
        (AGREED, 1, WHY, SETTLED),
    ],
)
def test_what_is_open_goes_up_to_the_highest_level_with_the_reason(
    state: str, level: int, words: str, message: str
) -> None:
    expected = Problem("words", message) if message else None
    assert taking_up_problem(state=state, level=level, words=words) == expected


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({}, None),
        ({"outcome": DECIDED, "level": 2}, None),
        ({"outcome": DECIDED}, Problem("outcome", NOBODY_DECIDES)),
        ({"outcome": TAKEN_BACK}, None),
        (
            {"outcome": TAKEN_BACK, "raised_it": False},
            Problem("outcome", NOT_YOURS_TO_TAKE_BACK),
        ),
        ({"outcome": AGREED, "raised_it": False}, None),
        ({"outcome": OPEN}, Problem("outcome", NO_OUTCOME)),
        ({"outcome": ""}, Problem("outcome", NO_OUTCOME)),
        ({"state": DECIDED}, Problem("outcome", SETTLED)),
        ({"outside": True}, None),
        ({"outside": True, "outcome": TAKEN_BACK}, None),
        (
            {"outside": True, "outcome": DECIDED, "level": 2},
            Problem("outcome", NOT_YOURS_TO_DECIDE),
        ),
        ({"words": ""}, Problem("words", NO_WORDS)),
        ({"words": LONGER}, Problem("words", TOO_LONG)),
    ],
)
def test_it_ends_agreed_decided_above_or_taken_back_by_its_own_agency(
    said: dict[str, object], problem: Problem | None
) -> None:
    usual = {"state": OPEN, "level": 1, "outcome": AGREED, "words": WHY, "raised_it": True}
    assert settling_problem(**{**usual, **said}) == problem  # type: ignore[arg-type]  # of each kind
