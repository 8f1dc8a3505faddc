"""How a case is looked at: the child's level is the report's, and days and ends are read as they stood."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hub.accounts.actions import operator
from referrals.children.models import Child
from reporting.appendix1.queries import read_cases
from reporting.appendix1.rules.cases import OpenEpisode
from reporting.appendix1.rules.parameters import Parameters
from reporting.appendix1.rules.tactical import levels_of
from reporting.extracts.actions import import_extract
from risk.casefile.rules import (
    Looking,
    Standing,
    last_meeting,
    length_of,
    looking_at,
    missing_alert,
    movement,
    nearing_18,
    overall,
    seen_end,
)
from risk.casefile.views.frame import identity_of
from risk.casefile.views.reading import children_of, read_case
from tests.oracle.extracts import mutate_extract, random_extract
from tests.sampled import sampled

SNAPSHOT = date(2016, 3, 29)
ASKED = Parameters(
    year_start=date(2015, 4, 1),
    year_end=date(2016, 3, 31),
    snapshot=SNAPSHOT,
    suspects_from=date(2015, 7, 1),
    suspects_to=date(2016, 6, 30),
    types=("CSE", "CCE"),
)
NOW = datetime(2026, 3, 29, 9, 0, tzinfo=UTC)
RANKS = {"NO_RISK": 0, "LOW": 1, "MEDIUM": 2, "HIGH": 3}


def levels_on_the_pages(day: date, known_at: datetime | None) -> dict[int, str]:
    """The level in the header of each child's page; a child without an open episode has none."""
    by, looking = operator(), Looking(day, known_at)
    children = children_of(by, looking)
    found = {child.pk: identity_of(read_case(by, child, looking)).level for child in children}
    return {number: level or "NOT_SET" for number, level in found.items() if level is not None}


def levels_in_the_report(day: date, known_at: datetime | None) -> dict[int, str]:
    partnerships = list(Child.objects.values_list("partnership", flat=True).distinct())
    asked = replace(ASKED, snapshot=day)
    return levels_of(read_cases(asked, partnerships, known_at or timezone.now()).open_then)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("seed", sampled(range(11, 15), 1))
def test_the_level_on_a_childs_page_is_the_one_that_the_report_counts(
    seed: int, tmp_path: Path
) -> None:
    random_extract(seed, tmp_path)
    import_extract(path=tmp_path, partnership_code="bradford", now=timezone.now(), by=operator())
    between = timezone.now()
    mutate_extract(seed, tmp_path)
    import_extract(path=tmp_path, partnership_code="bradford", now=timezone.now(), by=operator())
    earlier = SNAPSHOT - timedelta(days=150)
    then = datetime(2016, 2, 1, 9, 0, tzinfo=UTC)
    for day, known_at in [(SNAPSHOT, None), (earlier, between), (SNAPSHOT, then)]:
        reported = levels_in_the_report(day, known_at)
        assert reported, "an extract without an open child shows nothing"
        assert levels_on_the_pages(day, known_at) == reported


LEVELS = st.one_of(
    st.just((None, None)),
    st.tuples(st.sampled_from(list(RANKS)), st.dates(date(2016, 1, 1), date(2016, 1, 4))),
)


@given(st.lists(LEVELS, min_size=1, max_size=5))
def test_of_several_episodes_the_same_level_counts_as_in_the_report(
    levels: list[tuple[str | None, date | None]],
) -> None:
    cases = [OpenEpisode(number, 1, level, day) for number, (level, day) in enumerate(levels)]
    found = overall(Standing(level or "", day, RANKS.get(level or "", -1)) for level, day in levels)
    assert found is not None
    assert levels_of(cases) == {1: found.code or "NOT_SET"}


def test_no_open_episode_has_no_level() -> None:
    assert overall([]) is None


def test_what_is_not_asked_is_today_and_what_is_asked_has_an_address_of_its_own() -> None:
    assert looking_at("", "", now=NOW) == Looking(date(2026, 3, 29))
    asked = looking_at("3/5/16", "then", now=NOW)
    assert (asked.day, asked.query) == (date(2016, 5, 3), "as_at=2016-05-03&known_at=then")
    assert asked.known_at is not None
    assert asked.known_at.isoformat() == "2016-05-03T23:59:59.999999+01:00"
    assert asked.past
    named = dict(asked.asked)
    again = looking_at(named["as_at"], named["known_at"], now=NOW)
    assert (again.day, again.known_at, again.query) == (asked.day, asked.known_at, asked.query)


def test_a_moment_alone_looks_at_its_own_day_and_today_is_known_up_to_now() -> None:
    assert looking_at("", "2016-04-01T09:00", now=NOW).day == date(2016, 4, 1)
    assert looking_at("29/3/2026", "then", now=NOW).known_at == NOW


@given(st.text(max_size=12), st.text(max_size=30))
def test_whatever_is_asked_is_answered_with_a_day_that_is_not_to_come(
    as_at: str, known_at: str
) -> None:
    looking = looking_at(as_at, known_at, now=NOW)
    assert looking.day <= date(2026, 3, 29)
    assert not (looking.problem and looking.past)


@pytest.mark.parametrize(
    ("end", "known", "seen"),
    [
        (None, None, False),
        (date(2016, 3, 29), datetime(2016, 3, 29, 12, tzinfo=UTC), True),
        (date(2016, 3, 30), datetime(2016, 3, 29, 12, tzinfo=UTC), False),
        (date(2016, 3, 20), datetime(2016, 4, 2, 12, tzinfo=UTC), False),
    ],
)
def test_an_end_is_seen_once_it_lies_behind_and_is_known(
    end: date | None, known: datetime | None, seen: bool
) -> None:
    looking = Looking(SNAPSHOT, datetime(2016, 4, 1, tzinfo=UTC))
    assert seen_end(end, known, looking) == (end if seen else None)


def test_a_move_is_told_in_words() -> None:
    assert movement(None, 2) == "first level"
    assert movement(("Low", 1), 3) == "▲ up from Low"
    assert movement(("High", 3), 0) == "▼ down from High"
    assert movement(("Low", 1), 1) == "confirmed, as before"


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.2, "less than an hour"), (1, "1 hour"), (47, "47 hours"), (49, "2 days 1 hour")],
)
def test_the_time_away_is_told_in_hours_then_in_days(hours: float, words: str) -> None:
    start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert length_of(start, start + timedelta(hours=hours)) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 8, 10), ""),
        (date(2027, 8, 11), "turns 18 in 26 weeks"),
        (date(2028, 1, 27), "turns 18 in 1 week"),
        (date(2028, 2, 3), "turns 18 in 6 days"),
        (date(2028, 2, 8), "turns 18 in 1 day"),
        (date(2028, 2, 9), ""),
    ],
)
def test_the_last_half_year_before_18_is_counted_in_weeks(day: date, words: str) -> None:
    assert nearing_18(date(2010, 2, 9), day, 26) == words


def test_one_born_on_29_february_turns_18_on_1_march() -> None:
    assert nearing_18(date(2012, 2, 29), date(2030, 2, 28), 26) == "turns 18 in 1 day"
    assert nearing_18(date(2012, 2, 29), date(2030, 3, 1), 26) == ""


def test_from_when_turning_18_is_said_is_the_partnerships_choice() -> None:
    assert nearing_18(date(2010, 2, 9), date(2027, 8, 11), 25) == ""
    assert nearing_18(date(2010, 2, 9), date(2027, 8, 10), 27) == "turns 18 in 26 weeks"


def test_the_last_meeting_was_on_the_working_day_before() -> None:
    assert last_meeting(date(2026, 3, 27)) == date(2026, 3, 26)
    assert last_meeting(date(2026, 3, 30)) == date(2026, 3, 27)
    assert last_meeting(date(2026, 4, 7)) == date(2026, 4, 2)  # after Easter


def test_missing_since_the_last_meeting_is_counted_in_words() -> None:
    friday = date(2026, 3, 27)
    assert missing_alert([], friday) == ""
    assert missing_alert(["MISSING"], friday) == "Missing 1 time since Friday 27 Mar 2026"
    told = missing_alert(["MISSING", "ABSENT"], friday)
    assert told == "Missing or absent 2 times since Friday 27 Mar 2026"
