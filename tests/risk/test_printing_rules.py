"""What a case is printed for, and how long a sheet is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from risk.printing.rules import (
    MOST_KEPT,
    OTHER,
    PURPOSES,
    WHOLE,
    Sheet,
    in_words,
    kept_with,
    parts_of,
    problem_with,
    still_kept,
)

NOW = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
SHEET = Sheet(
    child_id=7,
    part=WHOLE,
    as_at="2026-03-27",
    known_at=NOW.isoformat(),
    purpose="Court proceedings",
    recipient="The court",
    at=NOW.isoformat(),
)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_another_purpose_needs_words_and_the_listed_ones_do_not(purpose: str) -> None:
    assert bool(problem_with(purpose, "  ")) == (purpose == OTHER)
    assert not problem_with(purpose, "Handover to the new school")


def test_a_purpose_is_written_with_what_was_said_about_it() -> None:
    assert in_words("court", "") == "Court proceedings"
    assert in_words("court", " hearing of 3 May ") == "Court proceedings: hearing of 3 May"
    assert in_words(OTHER, "Handover") == "Handover"


def test_a_sheet_is_kept_for_an_hour_and_not_a_moment_longer() -> None:
    kept = kept_with({}, "n1", SHEET)
    assert still_kept(kept, "n1", NOW + timedelta(hours=1)) == SHEET
    assert still_kept(kept, "n1", NOW + timedelta(hours=1, seconds=1)) is None
    assert still_kept(kept, "n2", NOW) is None


def test_the_oldest_of_too_many_sheets_is_let_go() -> None:
    kept = kept_with({}, "n0", SHEET)
    for number in range(1, MOST_KEPT + 1):
        kept = kept_with(kept, f"n{number}", SHEET)
    assert list(kept) == [f"n{number}" for number in range(1, MOST_KEPT + 1)]


def test_a_sheet_holds_every_page_or_the_one_that_was_chosen() -> None:
    tabs = ("summary", "levels")
    assert parts_of(WHOLE, tabs) == ["summary", "levels"]
    assert parts_of("levels", tabs) == ["levels"]
    assert parts_of("missing", tabs) == []
