"""What a report may be asked, what is refused, and how it repeats what it was asked."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from reporting.appendix1.rules.parameters import ParameterError
from tests.reporting.test_appendix1_rules import ASKED, DAY

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WHOLE_YEAR = (
    "the year must be twelve whole months from the first of a month, "
    "for example 2015-04-01 to 2016-03-31."
)
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"year_start": date(2015, 4, 2)}, WHOLE_YEAR),
    ({"year_end": date(2016, 3, 30)}, WHOLE_YEAR),
    ({"year_end": date(2017, 3, 31)}, WHOLE_YEAR),
    ({"movement_to": date(2016, 3, 28)}, "movement-to lies before the snapshot: give a day on or"),
    ({"known_at": NOW + timedelta(microseconds=1)}, "known-at lies in the future: nobody knows"),
    ({"suspects_to": date(2015, 6, 30)}, "suspects-to lies before suspects-from: swap them"),
    ({"types": ()}, "types must be names in capitals joined by commas, for example CSE,CCE"),
    ({"types": ("CSE", "cce")}, "types must be names in capitals joined by commas"),
    ({"types": ("CSE", "CSE")}, "types names something twice: name each once"),
    ({"partnerships": ()}, "partnership must be codes joined by commas, for example bradford,"),
    ({"partnerships": ("bradford", "B")}, "partnership must be codes joined by commas"),
    ({"snapshot": date(1899, 12, 31)}, r"the dates must lie between the years 1900 and 2199\.$"),
    ({"movement_to": date(2200, 1, 1)}, r"the dates must lie between the years 1900 and 2199\.$"),
    (
        {"known_at": datetime(1899, 12, 31, tzinfo=UTC)},
        r"known-at must lie between the years 1900 and 2199\.$",
    ),
    ({"partnerships": ("a", "a")}, "partnership names something twice: name each once"),
]


@pytest.mark.parametrize(("changed", "why"), REFUSED)
def test_what_cannot_be_answered_is_refused_with_what_to_give_instead(
    changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(ParameterError, match=f"^{why}"):
        replace(ASKED, **changed).checked(NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"movement_to": ASKED.snapshot},
        {"movement_to": None},
        {"known_at": NOW},
        {"suspects_to": ASKED.suspects_from},
        {"types": ("CSE", "CCE"), "partnerships": ("bradford", "kirklees")},
    ],
)
def test_what_can_be_answered_comes_back_as_it_is(changed: dict[str, Any]) -> None:
    asked = replace(ASKED, **changed)
    assert asked.checked(NOW) is asked


def test_the_year_includes_both_its_ends() -> None:
    days = [ASKED.year_start - DAY, ASKED.year_start, ASKED.year_end, ASKED.year_end + DAY]
    assert [ASKED.in_year(day) for day in days] == [False, True, True, False]


def test_a_report_covers_every_day_that_any_of_its_tables_speaks_of() -> None:
    assert ASKED.covers() == (date(2014, 4, 1), date(2016, 8, 1))
    assert replace(ASKED, movement_to=None).covers() == (date(2014, 4, 1), date(2016, 6, 30))
    early = replace(ASKED, suspects_from=date(2013, 1, 1), snapshot=date(2017, 1, 1))
    assert early.covers() == (date(2013, 1, 1), date(2017, 1, 1))
    short = replace(ASKED, movement_to=None, suspects_to=ASKED.suspects_from)
    assert short.covers() == (date(2014, 4, 1), date(2016, 3, 31))
    late = replace(ASKED, suspects_from=date(2016, 9, 1), suspects_to=date(2016, 9, 30))
    assert late.covers() == (date(2014, 4, 1), date(2016, 9, 30))


def test_the_report_repeats_what_it_was_asked_and_the_moment_in_londons_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Pacific/Auckland")
        time.tzset()
        told = replace(ASKED, known_at=datetime(2016, 7, 1, 11, tzinfo=UTC)).as_json()
    time.tzset()
    assert told == {
        "year_start": "2015-04-01",
        "year_end": "2016-03-31",
        "snapshot": "2016-03-29",
        "movement_to": "2016-08-01",
        "suspects_from": "2015-07-01",
        "suspects_to": "2016-06-30",
        "known_at": "2016-07-01T12:00:00+01:00",
        "disclosure": "full",
        "types": ["CSE"],
        "partnerships": ["bradford"],
        "definitions": 1,
    }
    assert ASKED.as_json()["known_at"] is None
    assert replace(ASKED, movement_to=None).as_json()["movement_to"] is None
