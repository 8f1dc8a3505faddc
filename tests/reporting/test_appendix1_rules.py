"""The counting of Appendix 1 by itself, without a database: against the oracle, and at its edges."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hub.codes.rules import NOT_RECORDED
from reporting.appendix1.rules import counting, police, strategic, tactical
from reporting.appendix1.rules.cases import (
    Cases,
    CrimeCase,
    EpisodeCase,
    MissingCase,
    OccurrenceCase,
    OpenChild,
    OpenEpisode,
)
from reporting.appendix1.rules.parameters import Parameters
from reporting.appendix1.rules.report import full_report
from tests.oracle.appendix1 import Params, report_of
from tests.oracle.extracts import random_extract
from tests.oracle.reading import read
from tests.reporting.cases_of import cases_of

ASKED = Parameters(
    year_start=date(2015, 4, 1),
    year_end=date(2016, 3, 31),
    snapshot=date(2016, 3, 29),
    movement_to=date(2016, 8, 1),
    suspects_from=date(2015, 7, 1),
    suspects_to=date(2016, 6, 30),
)
ORACLES = Params(
    movement_to=date(2016, 8, 1), suspects_from=date(2015, 7, 1), suspects_to=date(2016, 6, 30)
)
DAY = timedelta(1)
EPISODE = EpisodeCase(
    episode=1,
    child=1,
    referred_on=date(2015, 9, 1),
    closed_on=None,
    closure_reason="",
    referral_source="6",
    born=date(2000, 1, 1),
    gender="F",
    first_level=None,
)
CHILD = OpenChild(
    child=1,
    partnership=1,
    born=date(2000, 1, 1),
    gender="F",
    ethnicity="WBRI",
    learning_disability=None,
    held=[],
    some_ended=False,
    has_address=True,
    confidential=False,
    out_of_area=False,
    ward="E1",
)
WARDS = {(1, "E1"): ("Moor", "North"), (2, "E2"): ("Fell", "South")}


@pytest.mark.parametrize("seed", range(30))
def test_random_cases_count_as_the_oracle_counts_them(seed: int, tmp_path: Path) -> None:
    random_extract(seed, tmp_path, episodes=90)
    tables = read(tmp_path)
    assert full_report(cases_of(tables, ASKED), ASKED) == report_of([tables], ORACLES)


def test_tables_without_anybody_are_zeros() -> None:
    nothing = Cases([], [], [], [], {}, [], [], [])
    made = full_report(nothing, replace(ASKED, movement_to=None))
    assert made == report_of([{"children": [], "episodes": []}], replace(ORACLES, movement_to=None))


# --- strategic ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("referred_on", "closed_on", "dealt", "new", "closed", "open_at_end"),
    [
        (date(2015, 3, 31), None, 1, 0, 0, 1),
        (date(2015, 4, 1), None, 1, 1, 0, 1),
        (date(2016, 3, 31), None, 1, 1, 0, 1),
        (date(2016, 4, 1), None, 0, 0, 0, 0),
        (date(2015, 3, 1), date(2015, 3, 31), 0, 0, 0, 0),
        (date(2015, 3, 1), date(2015, 4, 1), 1, 0, 1, 0),
        (date(2015, 3, 1), date(2016, 3, 31), 1, 0, 1, 0),
        (date(2015, 3, 1), date(2016, 4, 1), 1, 0, 0, 1),
        (date(2016, 3, 31), date(2016, 3, 31), 1, 1, 1, 0),
    ],
)
def test_an_episode_counts_by_its_first_and_last_day(
    referred_on: date, closed_on: date | None, dealt: int, new: int, closed: int, open_at_end: int
) -> None:
    case = replace(EPISODE, referred_on=referred_on, closed_on=closed_on, closure_reason="MOVED")
    table = strategic.strategic([case], ASKED)
    found = [table[key] for key in ("episodes", "new", "closed", "open_at_end")]
    assert found == [dealt, new, closed, open_at_end]
    assert table["already_open"] == dealt - new
    assert table["closed_by_reason"] == ({"MOVED": 1} if closed else {})


@pytest.mark.parametrize(
    ("days", "counts"), [(-1, False), (0, True), (1, True), (366, True), (367, False)]
)
def test_a_return_counts_up_to_366_days_after_the_closing(days: int, counts: bool) -> None:
    closed = EPISODE.referred_on - timedelta(days)
    earlier = replace(EPISODE, episode=2, referred_on=date(2013, 1, 1), closed_on=closed)
    found = strategic.re_referred([earlier, EPISODE], [EPISODE])
    assert found == ([EPISODE] if counts else [])


def test_a_return_needs_an_earlier_referral_of_the_same_child() -> None:
    same_day = replace(EPISODE, episode=2, closed_on=EPISODE.referred_on)
    of_another = replace(same_day, child=2, referred_on=date(2015, 1, 1))
    assert strategic.re_referred([same_day, of_another, EPISODE], [EPISODE]) == []


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2015, 4, 1), 0),
        (date(2015, 6, 30), 0),
        (date(2015, 7, 1), 1),
        (date(2015, 9, 30), 1),
        (date(2015, 10, 1), 2),
        (date(2015, 12, 31), 2),
        (date(2016, 1, 1), 3),
        (date(2016, 3, 31), 3),
    ],
)
def test_a_quarter_begins_on_the_first_of_its_month(day: date, quarter: int) -> None:
    expected = [int(number == quarter) for number in range(4)]
    for back, key in ((0, "new_by_quarter"), (1, "previous_year")):
        case = replace(EPISODE, referred_on=day.replace(year=day.year - back))
        found = strategic.strategic([case], ASKED)[key]
        assert (found["new_by_quarter"] if back else found) == expected


def test_the_year_before_ends_where_the_year_begins() -> None:
    days = [date(2014, 3, 31), date(2014, 4, 1), date(2015, 3, 31), date(2015, 4, 1)]
    cases = [replace(EPISODE, episode=n, referred_on=day) for n, day in enumerate(days)]
    table = strategic.strategic(cases, ASKED)
    assert (table["previous_year"]["new"], table["new"]) == (2, 1)
    assert table["previous_year"]["mean_new_per_month"] == 0.2
    assert table["mean_new_per_month"] == 0.1
    assert table["change_in_new_percent"] == -50.0


@pytest.mark.parametrize(
    ("before", "now", "percent"), [(0, 5, None), (1, 1, 0.0), (8, 9, 12.5), (16, 15, -6.3)]
)
def test_a_change_is_rounded_half_away_from_zero(
    before: int, now: int, percent: float | None
) -> None:
    assert strategic.change_percent(before, now) == percent


def test_the_peak_of_each_gender_is_its_commonest_age_and_among_equals_the_lowest() -> None:
    born = {"F": [2000, 1998, 1999, 1999], "M": [2001, 1997], "U": []}
    cases = [
        replace(EPISODE, gender=gender, born=date(year, 1, 1))
        for gender, years in born.items()
        for year in years
    ]
    table = strategic.strategic(cases, ASKED)
    assert table["peak_age"] == {"all": 16, "F": 16, "M": 14, "U": None}
    assert table["new_by_age_and_gender"]["F"] == {"15": 1, "16": 2, "17": 1}
    assert table["new_by_gender"] == {"F": 4, "M": 2, "U": 0}


def test_two_episodes_of_a_child_are_one_child_repeated() -> None:
    cases = [replace(EPISODE, episode=n, child=child) for n, child in enumerate([1, 1, 2, 3, 3, 3])]
    table = strategic.strategic(cases, ASKED)
    assert (table["children"], table["children_repeated"]) == (3, 2)


# --- counting -----------------------------------------------------------------------------------


def test_what_occurs_is_sorted_numbers_as_numbers_and_nothing_is_not_recorded() -> None:
    assert list(counting.occurring([10, 9, 9]).items()) == [("9", 2), ("10", 1)]
    assert list(counting.occurring(["b", "", "a", "b"])) == [NOT_RECORDED, "a", "b"]
    assert counting.occurring([0, ""]) == {"0": 1, NOT_RECORDED: 1}
    assert list(counting.occurring(["a", 3])) == ["3", "a"]


@pytest.mark.parametrize("bands", [counting.OFFENDER_BANDS, counting.SUSPECT_BANDS])
def test_a_band_ends_with_its_last_year(bands: tuple[tuple[int, str], ...]) -> None:
    day = date(2016, 3, 29)
    for (top, name), (_next, after) in itertools.pairwise(bands):
        birthday = day.replace(year=day.year - top - 1)
        assert counting.band(birthday + DAY, day, bands) == name
        assert counting.band(birthday, day, bands) == after
    assert counting.band(None, day, bands) == NOT_RECORDED


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.05", 0.1), ("0.25", 0.3), ("-0.25", -0.3), ("0.249", 0.2)]
)
def test_halves_are_rounded_away_from_zero(value: str, rounded: float) -> None:
    assert counting.one_decimal(Decimal(value)) == rounded


# --- tactical and movement ----------------------------------------------------------------------


def test_of_several_open_episodes_the_level_set_last_counts_and_among_equals_the_highest() -> None:
    day = date(2016, 1, 1)
    of_child: dict[int, list[tuple[str | None, date | None]]] = {
        1: [("HIGH", day - DAY), ("LOW", day)],
        2: [("LOW", day), ("HIGH", day), ("MEDIUM", day)],
        3: [(None, None), ("NO_RISK", day)],
        4: [(None, None)],
        5: [("NO_RISK", day), ("LOW", day)],
    }
    episodes = [
        OpenEpisode(child * 10 + number, child, level, set_on)
        for child, levels in of_child.items()
        for number, (level, set_on) in enumerate(levels)
    ]
    expected = {1: "LOW", 2: "HIGH", 3: "NO_RISK", 4: "NOT_SET", 5: "LOW"}
    assert tactical.levels_of(episodes) == tactical.levels_of(episodes[::-1]) == expected


@pytest.mark.parametrize(
    ("held", "ended", "status"),
    [
        (["CIN", "CP", "LAC"], True, "LAC"),
        (["CIN", "CP"], False, "CP"),
        (["CIN"], True, "CIN"),
        ([], True, "PREVIOUS"),
        ([], False, "NEVER"),
    ],
)
def test_the_weightiest_status_counts(held: list[str], ended: bool, status: str) -> None:
    assert tactical.status_of(replace(CHILD, held=held, some_ended=ended)) == status


@pytest.mark.parametrize(
    ("changed", "area"),
    [
        ({}, ("Moor", "North")),
        ({"ward": ""}, ("NOT_RECORDED", "NOT_RECORDED")),
        ({"ward": "E2"}, ("OUT_OF_AREA", "OUT_OF_AREA")),  # a ward of the neighbours
        ({"out_of_area": True}, ("OUT_OF_AREA", "OUT_OF_AREA")),
        ({"out_of_area": True, "ward": ""}, ("OUT_OF_AREA", "OUT_OF_AREA")),
        ({"confidential": True}, ("CONFIDENTIAL", "CONFIDENTIAL")),
        ({"confidential": True, "out_of_area": True}, ("CONFIDENTIAL", "CONFIDENTIAL")),
    ],
)
def test_a_child_lives_in_a_ward_of_its_own_district_or_in_one_of_three_other_areas(
    changed: dict[str, Any], area: tuple[str, str]
) -> None:
    assert tactical.area_of(replace(CHILD, **changed), WARDS) == area


def test_travellers_are_other_here_and_white_in_the_census() -> None:
    assert [tactical.ethnic_group("WROM", census) for census in (False, True)] == ["Other", "White"]
    assert tactical.ethnic_group("", True) == tactical.ethnic_group("?", False) == NOT_RECORDED


def test_eighteen_counts_from_the_birthday() -> None:
    births = [date(1998, 3, 29), date(1998, 3, 30)]
    cases = Cases(
        episodes=[],
        open_then=[OpenEpisode(n, n, None, None) for n in (0, 1, 1)],
        open_later=[],
        children=[replace(CHILD, child=n, born=born) for n, born in enumerate(births)],
        wards=WARDS,
        crimes=[],
        missing=[],
        occurrences=[],
    )
    table = tactical.tactical(cases, ASKED.snapshot)
    assert table["aged_18_or_over"] == 1
    assert table["open_with_several_episodes"] == 1
    assert table["with_learning_disability"] == 0
    assert list(table["by_ward_and_level"]) == ["Moor"]
    assert table["by_ward_and_level"]["Moor"]["total"] == 2


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        ("HIGH", "HIGH", "unchanged"),
        ("NO_RISK", "CLOSED", "unchanged"),
        ("LOW", "CLOSED", "decreased"),
        ("MEDIUM", "LOW", "decreased"),
        ("NO_RISK", "LOW", "increased"),
        ("NOT_SET", "CLOSED", "not_comparable"),
        ("HIGH", "NOT_SET", "not_comparable"),
        ("NOT_SET", "NOT_SET", "not_comparable"),
    ],
)
def test_a_move_is_of_one_kind(start: str, end: str, kind: str) -> None:
    assert tactical.kind_of_move(start, end) == kind


# --- police -------------------------------------------------------------------------------------


def crime(victim: date | None, *suspects: date | None, **changed: Any) -> CrimeCase:
    plain = CrimeCase(suspects, 1, "71", date(2015, 9, 1), True, "NEW", victim, "F")
    return replace(plain, **changed)


def test_a_victim_is_a_child_until_the_day_before_the_eighteenth_birthday() -> None:
    birthday = date(1997, 9, 1)
    assert not police.is_of_child(crime(birthday))
    assert police.is_of_child(crime(birthday + DAY))
    assert not police.is_of_child(crime(None))


def test_crimes_without_a_suspect_give_no_row_of_ages() -> None:
    table = police.crimes(
        [crime(date(2000, 1, 1)), crime(date(2001, 1, 1), None, date(1990, 1, 1))]
    )
    assert list(table["victim_age_by_offender_age_band"]) == ["14"]
    assert table["by_number_of_suspects"] == {"2": 1}
    assert table["offender_age_bands"]["25_35"] == table["offender_age_bands"][NOT_RECORDED] == 1


@pytest.mark.parametrize(
    ("found", "interviewed", "timely"),
    [(0, 3, True), (0, 4, False), (0, 0, True), (None, 3, False), (0, None, False)],
)
def test_an_interview_is_in_time_within_three_days(
    found: int | None, interviewed: int | None, timely: bool
) -> None:
    days = [None if n is None else date(2016, 1, 1) + timedelta(n) for n in (found, interviewed)]
    assert police.in_time(MissingCase(1, 1, *days)) is timely


def test_a_suspect_who_is_a_traveller_is_other_as_in_2016() -> None:
    case = OccurrenceCase(1, date(2016, 1, 1), None, None, "M", "WROM")
    table = police.suspect_management([case], ASKED.suspects_to)
    assert (table["by_ethnic_group"]["Other"], table["by_ethnic_group"]["White"]) == (1, 0)


def test_somebody_born_in_the_year_1_falls_into_the_oldest_band() -> None:
    oldest = counting.band(date(1, 1, 1), date(2016, 1, 1), counting.SUSPECT_BANDS)
    assert oldest == "over_45"
