"""What a note needs, and which telephone numbers can be dialled."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.agencies.rules import dialled, telephone_problem
from referrals.contacts import rules as contacts
from referrals.contacts.rules import Entry, end_problem
from referrals.notes.rules import Problem, Written, ago, problem_with, title_of

# 10:00 in London: British summer time.
NOW = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)
TODAY = date(2026, 6, 3)
BORN = date(2011, 5, 3)
NOTE = Written(happened_on=TODAY, text="Seen at school.")


def field_at_fault(note: Written) -> str:
    problem = problem_with(note, born=BORN, now=NOW)
    return problem.field if problem else ""


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, ""),
        ({"text": " ", "own_words": "I like the new school."}, ""),
        ({"text": " \n", "own_words": " "}, "text"),
        ({"kind": "gossip"}, "kind"),
        ({"text": "x" * 20_000}, ""),
        ({"text": "x" * 20_001}, "text"),
        ({"own_words": "x" * 20_001}, "text"),
        ({"with_whom": "x" * 200}, ""),
        ({"with_whom": "x" * 201}, "with_whom"),
        ({"happened_on": BORN}, ""),
        ({"happened_on": date(2011, 5, 2)}, "happened_on"),
        ({"happened_on": date(2026, 6, 4)}, "happened_on"),
        ({"happened_time": time(10, 5)}, ""),
        ({"happened_time": time(10, 6)}, "happened_time"),
        ({"happened_on": date(2026, 6, 2), "happened_time": time(23, 59)}, ""),
    ],
)
def test_a_note_says_something_of_a_day_that_can_have_been(
    change: dict[str, object], field: str
) -> None:
    assert field_at_fault(replace(NOTE, **change)) == field  # type: ignore[arg-type]  # tried as a person types


def test_a_time_is_londons_time() -> None:
    assert replace(NOTE, happened_time=time(10, 0)).happened_at == NOW
    assert NOTE.happened_at is None


def test_a_note_is_titled_by_its_kind_and_with_whom() -> None:
    assert title_of("telephone", "the school nurse") == "Telephone call with the school nurse"
    assert title_of("visit", "") == "Visit"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 6, 3), "today"),
        (date(2026, 6, 2), "1 day ago"),
        (date(2026, 5, 28), "6 days ago"),
        (date(2026, 5, 27), "1 week ago"),
        (date(2026, 5, 4), "1 month ago"),
        (date(2025, 6, 4), "12 months ago"),
        (date(2025, 6, 3), "1 year ago"),
        (date(2023, 6, 3), "3 years ago"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_whole_unit(day: date, words: str) -> None:
    assert ago(day, TODAY) == words


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("01632 960 001", "+441632960001"),
        ("(01632) 960-001", "+441632960001"),
        ("+44 (0)1632 960001", "+441632960001"),
        ("+44 1632 960001", "+441632960001"),
        ("07700 900 123", "+447700900123"),
        ("+353 1 555 0199", "+35315550199"),
        ("101", "101"),
        ("116 000", "116000"),
        ("", ""),
        ("   ", ""),
        ("960 001", ""),
        ("00000 000000", ""),
        ("01632 960", ""),
        ("01632 960 0012 34", ""),
        ("call school", ""),
        ("01632 960001 ext 12", ""),
        ("٠١٦٣٢٩٦٠٠٠١", ""),
    ],
)
def test_a_number_is_dialled_however_it_is_written(text: str, number: str) -> None:
    assert dialled(text) == number
    assert (telephone_problem(text) is None) == bool(number)


@given(st.text())
def test_whatever_is_typed_only_digits_are_dialled(text: str) -> None:
    assert set(dialled(text)) <= set("+0123456789")


ENTRY = Entry(name="School office", relation="school", from_date=TODAY, telephone="01632 960 001")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, ""),
        ({"name": "  "}, "name"),
        ({"relation": "stranger"}, "relation"),
        ({"telephone": ""}, "telephone"),
        ({"telephone": "", "ask_first": True}, ""),
        ({"telephone": "12", "ask_first": True}, "telephone"),
        ({"from_date": date(2026, 6, 4)}, "from_date"),
    ],
)
def test_a_person_to_call_has_a_name_a_relation_and_a_number(
    change: dict[str, object], field: str
) -> None:
    entry = replace(ENTRY, **change)  # type: ignore[arg-type]  # tried as a person types
    problem = contacts.problem_with(entry, today=TODAY)
    assert (problem.field if problem else "") == field


def test_an_entry_ends_on_a_day_between_its_first_and_today() -> None:
    first = date(2026, 6, 1)
    assert end_problem(first, first, today=TODAY) is None
    assert end_problem(first, TODAY, today=TODAY) is None
    assert end_problem(first, date(2026, 5, 31), today=TODAY) is not None
    assert end_problem(first, date(2026, 6, 4), today=TODAY) is not None


def test_a_problem_names_its_field() -> None:
    assert problem_with(replace(NOTE, text=""), born=BORN, now=NOW) == Problem(
        "text", "Write what happened, or what the child said."
    )
