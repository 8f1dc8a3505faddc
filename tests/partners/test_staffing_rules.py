"""How long somebody is newly qualified or away, and what a cover must be."""

from datetime import date, timedelta

import pytest

from hub.access.rules import Role
from partners.staffing.rules import (
    AWAY_BACKWARDS,
    AWAY_LONG,
    ELSEWHERE,
    HOW_LONG,
    NOT_A_SOCIAL_WORKER,
    NOT_ONESELF,
    OPENS_LESS,
    OVER,
    Colleague,
    Days,
    Problem,
    away_problem,
    involves_cse,
    qualifying_problem,
    refusal,
)

TODAY = date(2026, 3, 27)
AWAY, COVER = Colleague(1, 7, sees_cases=True), Colleague(2, 7, sees_cases=True)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("other", "meets"),
    [((-5, -1), False), ((-5, 0), True), ((1, 2), True), ((3, 9), True), ((4, 9), False)],
)
def test_days_meet_where_they_have_one_in_common(other: tuple[int, int], meets: bool) -> None:
    days = Days(after(0), after(3))
    assert days.meets(Days(after(other[0]), after(other[1]))) is meets
    assert Days(after(other[0]), after(other[1])).meets(days) is meets


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (TODAY, TODAY, ""),
        (TODAY, after(-1), HOW_LONG),
        (TODAY, date(2028, 3, 27), ""),
        (TODAY, date(2028, 3, 28), HOW_LONG),
        (after(-30), after(-1), OVER),
        (after(-30), TODAY, ""),
    ],
)
def test_a_social_worker_is_newly_qualified_for_two_years_at_most(
    first: date, last: date, message: str
) -> None:
    expected = Problem("ends_on", message) if message else None
    assert qualifying_problem(Role.SOCIAL_WORKER, Days(first, last), TODAY) == expected
    nurse = qualifying_problem(Role.NURSE_PRACTITIONER, Days(first, last), TODAY)
    assert nurse == Problem("ends_on", NOT_A_SOCIAL_WORKER)


@pytest.mark.parametrize(
    ("types", "involves"),
    [((), True), (("CSE",), True), (("CCE", "CSE"), True), (("CCE",), False)],
)
def test_what_names_no_kind_of_exploitation_counts_as_cse(
    types: tuple[str, ...], involves: bool
) -> None:
    assert involves_cse(types) is involves


def test_the_refusal_says_who_until_when_and_what_else_to_do() -> None:
    said = refusal("Sam Lee", date(2026, 9, 3))
    assert said == (
        "Sam Lee is newly qualified until 3 September 2026, and leads no case in which CSE is feared."
        " Choose somebody else, or let them work on it beside the lead."
    )


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        (0, 0, None),
        (-3, 0, None),
        (0, -1, Problem("ends_on", AWAY_BACKWARDS)),
        (-3, -1, Problem("ends_on", OVER)),
        (0, 365, None),
        (0, 366, Problem("ends_on", AWAY_LONG)),
    ],
)
def test_nobody_is_away_backwards_in_the_past_or_for_more_than_a_year(
    first: int, last: int, problem: Problem | None
) -> None:
    assert away_problem(Days(after(first), after(last)), AWAY, COVER, TODAY) == problem


@pytest.mark.parametrize(
    ("away", "cover", "message"),
    [
        (AWAY, AWAY, NOT_ONESELF),
        (AWAY, Colleague(2, 8, sees_cases=True), ELSEWHERE),
        (Colleague(1, None, sees_cases=True), Colleague(2, None, sees_cases=True), ELSEWHERE),
        (AWAY, Colleague(2, 7, sees_cases=False), OPENS_LESS),
        (Colleague(1, 7, sees_cases=False), Colleague(2, 7, sees_cases=False), ""),
        (Colleague(1, 7, sees_cases=False), COVER, ""),
    ],
)
def test_a_colleague_of_the_same_agency_who_sees_as_much_covers(
    away: Colleague, cover: Colleague, message: str
) -> None:
    found = away_problem(Days(TODAY, TODAY), away, cover, TODAY)
    assert found == (Problem("cover", message) if message else None)
