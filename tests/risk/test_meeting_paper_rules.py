"""What an agency's minutes hold, and which moment a decision has that was written on paper first."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import RuleBroken
from risk.meetings.rules.paper import Due, Minuted, OnPaper, Told, minutes_for
from risk.meetings.rules.room import Marked, Present
from risk.meetings.rules.times import entered_later, held_later, moment_of

POLICE, HEALTH, CHARITY = 1, 2, 3
CASE = [("Decision", "Low"), ("Reason", "Because.")]
TOLD = [
    Told(("Police", "for the hub"), Marked(POLICE, "hub")),
    Told(("Police", "for ourselves"), Marked(POLICE, "own")),
    Told(("Health", "for the police"), Marked(HEALTH, "named", (POLICE,))),
    Told(("Charity", "of our own"), Marked(CHARITY, "hub")),
]
DUE = [Due(("Action", "Visit"), POLICE), Due(("Action", "Call"), CHARITY)]
FIRST = Minuted(7, "Marsh, Leah", CASE, TOLD, DUE)
SECOND = Minuted(8, "Reid, Sam", CASE)


def words(paper: list[OnPaper]) -> list[list[str]]:
    return [[said for _label, said in child.lines] for child in paper]


def test_who_sees_whole_cases_has_the_case_every_action_and_the_words_marked_for_them() -> None:
    police = minutes_for(Present(POLICE, True), [FIRST, SECOND])
    assert [child.heading for child in police] == ["1 Marsh, Leah", "2 Reid, Sam"]
    assert words(police) == [
        ["for the hub", "for ourselves", "for the police", "of our own", "Low", "Because.", "Visit",
         "Call"],
        ["Low", "Because."],
    ]  # fmt: skip
    health = minutes_for(Present(HEALTH, True), [FIRST])
    assert words(health) == [
        ["for the hub", "for the police", "of our own", "Low", "Because.", "Visit", "Call"]
    ]


def test_a_charity_has_its_own_childs_name_its_own_words_and_its_own_actions() -> None:
    paper = minutes_for(Present(CHARITY, False, frozenset({7})), [SECOND, FIRST])
    assert [child.heading for child in paper] == ["1 Marsh, Leah"]  # numbered anew: no gap
    assert paper[0].lines == [("Charity", "of our own"), ("Action", "Call")]


def test_a_restricted_child_is_on_no_agencys_paper() -> None:
    police = Present(POLICE, True, hidden=frozenset({7}))
    assert [child.heading for child in minutes_for(police, [FIRST, SECOND])] == ["1 Reid, Sam"]


# --- times ---------------------------------------------------------------------------------------

DAY = date(2026, 6, 3)  # summer time: an hour before UTC
NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)


def test_without_a_time_it_is_now_and_a_past_day_must_have_one() -> None:
    assert moment_of(DAY, None, NOW) == NOW
    with pytest.raises(RuleBroken, match="day is past") as broken:
        moment_of(DAY - timedelta(1), None, NOW)
    assert (broken.value.code, broken.value.field) == ("decision.past", "decided_at")


def test_a_time_is_one_of_the_meetings_day_in_london_and_not_to_come() -> None:
    assert moment_of(DAY, time(9, 40), NOW) == datetime(2026, 6, 3, 8, 40, tzinfo=UTC)
    assert moment_of(DAY - timedelta(1), time(23, 0), NOW) == datetime(2026, 6, 2, 22, tzinfo=UTC)
    assert moment_of(DAY, time(13, 0), NOW) == NOW
    with pytest.raises(RuleBroken, match="not come yet") as broken:
        moment_of(DAY, time(13, 1), NOW)
    assert (broken.value.code, broken.value.field) == ("decision.ahead", "decided_at")


@given(st.times(time(0, 0), time(12, 59)).map(lambda at: at.replace(second=0, microsecond=0)))
def test_what_has_a_time_of_its_own_was_entered_later(typed: time) -> None:
    assert entered_later(moment_of(DAY, typed, NOW), NOW)
    assert not entered_later(moment_of(DAY, None, NOW), NOW)


def test_a_meeting_was_held_later_where_it_was_opened_on_another_day() -> None:
    assert held_later(DAY, datetime(2026, 6, 4, 0, 0, tzinfo=UTC))
    assert held_later(DAY, datetime(2026, 6, 3, 23, 30, tzinfo=UTC))  # past midnight in London
    assert not held_later(DAY, NOW)
