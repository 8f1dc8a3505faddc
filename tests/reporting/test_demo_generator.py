"""The demo generator: the counts of 2016 hold together, and the history goes on from them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from reporting.demo import rules
from tests.oracle.appendix1 import Params, report_of
from tests.oracle.counting import age, every
from tests.oracle.reading import Tables, by, day, day_or_none
from tests.oracle.world import world
from tests.reporting.demo_extracts import DEMOS, TODAY, extract_of, faults, tables
from tests.sampled import sampled

TODAYS = [date(2016, 12, 31), date(2021, 6, 30), TODAY]
REPORT_2016 = Params(
    movement_to=date(2016, 8, 1), suspects_from=date(2015, 7, 1), suspects_to=date(2016, 6, 30)
)
FIGURES = json.loads((Path(__file__).parent / "figures_2016.json").read_text(encoding="utf-8"))


def bradford_on(today: date) -> Tables:
    return extract_of("bradford", today)


def differences(expected: Any, found: Any, path: str = "") -> Iterator[str]:
    """Go through the figures that are expected, naming those that the report has otherwise."""
    if isinstance(expected, Mapping):
        for key, value in expected.items():
            yield from differences(value, found.get(key), f"{path}.{key}")
    elif expected != found:
        yield f"{path}: {expected} expected, {found} found"


# --- 2016 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("today", sampled(TODAYS, 1))
def test_the_report_of_2016_has_every_printed_count_however_long_the_history(today: date) -> None:
    assert list(differences(FIGURES, report_of([bradford_on(today)], REPORT_2016))) == []


@pytest.mark.long
def test_the_whole_report_of_2016_stays_the_same_as_the_history_runs_on() -> None:
    first, *others = (report_of([bradford_on(today)], REPORT_2016) for today in TODAYS)
    assert all(other == first for other in others)


@pytest.mark.long
def test_the_year_has_its_shares_of_boys_of_repeats_and_of_july() -> None:
    counted = world([("bradford", bradford_on(TODAY))], ("CSE",))
    year = [
        e
        for e in counted.episodes
        if e.referred_on <= date(2016, 3, 31)
        and not (e.closed_on and e.closed_on < date(2015, 4, 1))
    ]
    children = {id(e.child): e.child for e in year}
    assert every((c.gender for c in children.values()), ["F", "M"]) == {"F": 467, "M": 102}
    assert sum(e.child.gender == "M" for e in year) == 128
    repeats = Counter(Counter(id(e.child) for e in year).values())
    assert repeats == {1: 463, 2: 76, 3: 24, 4: 4, 5: 2}
    assert sum(date(2015, 7, 1) <= e.referred_on <= date(2015, 7, 31) for e in year) == 47


def test_the_peak_ages_of_2016_are_unique() -> None:
    ages = report_of([bradford_on(TODAY)], REPORT_2016)["strategic"]["new_by_age_and_gender"]
    for counts in (ages["F"], ages["M"], Counter(ages["F"]) + Counter(ages["M"])):
        first, second, *_ = sorted(counts.values(), reverse=True)
        assert first > second


def test_wards_that_the_report_does_not_list_have_one_to_nine_children() -> None:
    found = report_of([bradford_on(TODAY)], REPORT_2016)["tactical"]["by_ward_and_level"]
    listed = FIGURES["tactical"]["by_ward_and_level"]
    others = {name: row["total"] for name, row in found.items() if name not in listed}
    assert len(others) == 21  # twenty wards and the confidential addresses
    assert all(1 <= total <= 9 for total in others.values())


def test_each_medium_child_never_known_to_social_care_had_a_service_on_the_snapshot() -> None:
    referred = {
        row["episode_id"]
        for row in bradford_on(TODAY)["service_referrals"]
        if row["referred_on"] <= "2016-03-29"
    }
    medium = _open_on_the_snapshot("MEDIUM") - _with_a_status_by_the_snapshot()
    assert len(medium) == 38
    episodes = by(bradford_on(TODAY)["episodes"], "child_id")
    for child in medium:
        assert any(e["episode_id"] in referred for e in episodes[child])


def _open_on_the_snapshot(level: str) -> set[str]:
    found = bradford_on(TODAY)
    levels = by(found["risk_levels"], "episode_id")
    return {
        e["child_id"]
        for e in found["episodes"]
        if e["referred_on"] <= "2016-03-29"
        and not (e["closed_on"] and e["closed_on"] <= "2016-03-29")
        if [x["level"] for x in levels[e["episode_id"]] if x["set_on"] <= "2016-03-29"][-1] == level
    }


def _with_a_status_by_the_snapshot() -> set[str]:
    statuses = bradford_on(TODAY)["statuses"]
    return {row["child_id"] for row in statuses if row["from_date"] <= "2016-03-29"}


def test_two_high_children_in_child_protection_or_need_were_looked_after_before() -> None:
    before = {
        row["child_id"]
        for row in bradford_on(TODAY)["statuses"]
        if row["status"] == "LAC" and row["to_date"] and row["to_date"] <= "2016-03-29"
    }
    now = {
        row["child_id"]
        for row in bradford_on(TODAY)["statuses"]
        if row["status"] == "LAC" and row["from_date"] <= "2016-03-29" < (row["to_date"] or "9")
    }
    assert len(_open_on_the_snapshot("HIGH") & before - now) == 2


def test_the_suspects_of_2016_are_as_the_report_describes_them() -> None:
    counted = world([("bradford", bradford_on(TODAY))], ("CSE",))
    women = []
    for crime in counted.crimes:
        if not (crime.tagged and date(2015, 4, 1) <= crime.on <= date(2016, 3, 31)):
            continue
        victim = age(crime.victim.born or crime.on, crime.on)
        for suspect in crime.suspects:
            offender = age(suspect.born or crime.on, crime.on)
            assert offender >= 25 or 11 <= victim <= (15 if offender < 18 else 17)
            if suspect.gender == "F":
                women.append((offender, crime.victim.gender, victim))
    assert len(women) == 5
    assert sum(offender < 18 and victim in (13, 14, 15) for offender, _, victim in women) == 3
    assert (18, "M", 14) in women


# --- the history goes on ------------------------------------------------------------------------


def _open_on(found: Tables, on: date) -> int:
    text = on.isoformat()
    return sum(
        e["referred_on"] <= text and not (e["closed_on"] and e["closed_on"] <= text)
        for e in found["episodes"]
    )


def test_250_to_350_children_are_open_on_the_first_of_every_month() -> None:
    firsts = [date(year, month, 1) for year in range(2017, 2027) for month in range(1, 13)]
    counts = {on: _open_on(bradford_on(TODAY), on) for on in firsts if on <= TODAY}
    assert {on: n for on, n in counts.items() if not 250 <= n <= 350} == {}


def test_about_650_episodes_a_year_are_referred_to_bradford_and_70_to_kirklees() -> None:
    for found, low, high in (
        (bradford_on(TODAY), 580, 720),
        (extract_of("kirklees"), 58, 82),
    ):
        years = Counter(e["referred_on"][:4] for e in found["episodes"])
        assert all(low <= years[str(year)] <= high for year in range(2016, 2026)), years


def test_a_caseload_of_today_has_reviews_overdue_and_reviews_to_come() -> None:
    found = bradford_on(TODAY)
    due = [day(row["due_on"]) for row in found["reviews"] if not row["done_on"]]
    at_risk = {row["episode_id"] for row in found["reviews"] if not row["done_on"]}
    assert len(due) == len(at_risk) > 200
    assert sum(on < TODAY for on in due) > 10
    assert sum(TODAY <= on < TODAY + timedelta(14) for on in due) > 20
    assert sum(not e["closed_on"] for e in found["episodes"]) > 250
    levels = Counter(x[-1]["level"] for x in by(found["risk_levels"], "episode_id").values())
    assert set(levels) == {"HIGH", "MEDIUM", "LOW", "NO_RISK"}


@pytest.mark.parametrize("name", DEMOS)
def test_every_case_is_closed_by_the_eighteenth_birthday(name: str) -> None:
    found = extract_of(name)
    born = {row["child_id"]: day(row["date_of_birth"]) for row in found["children"]}
    for episode in found["episodes"]:
        last = day_or_none(episode["closed_on"]) or TODAY
        assert age(born[episode["child_id"]], last) < 18


@pytest.mark.parametrize(
    ("earlier", "later"),
    sampled(
        [
            (date(2016, 3, 29), date(2016, 12, 31)),
            (date(2018, 1, 10), date(2018, 3, 5)),
            (date(2026, 11, 21), TODAY),
        ],
        1,
    ),
)
def test_the_subjects_changed_since_a_start_bring_its_extract_up_to_date(
    earlier: date, later: date
) -> None:
    whole = {_key(subject): subject for subject in rules.bradford(later) if subject}
    before = {_key(subject): subject for subject in rules.bradford(earlier) if subject}
    since = {_key(s): s for s in rules.bradford(later, changed_since=earlier) if s}
    assert all(whole[key] == subject for key, subject in since.items())
    assert before | since == whole
    assert len(since) < len(whole)


def _key(subject: rules.Rows) -> str:
    first = next(name for name in ("children", "suspects", "crimes") if subject.get(name))
    return f"{first} {subject[first][0][0]}"


@pytest.mark.long
def test_what_changed_since_a_day_refers_to_nothing_outside_itself() -> None:
    for name, found in (("b", rules.bradford), ("k", rules.kirklees)):
        assert list(faults(tables(found(TODAY, date(2026, 10, 1))))) == [], name


def test_a_later_day_only_adds_rows_and_fills_in_ends() -> None:
    ends = {"episodes": (6, 7), "reviews": (2,), "allocations": (5,), "addresses": (2,)}
    earlier, later = (list(rules.bradford(on)) for on in (date(2017, 1, 15), date(2017, 2, 15)))
    for name, filled in ends.items():
        after = Counter(_without(row, filled) for s in later for row in s.get(name, ()))
        before = Counter(_without(row, filled) for s in earlier for row in s.get(name, ()))
        assert before <= after
        assert before != after


def _without(row: tuple[object, ...], filled: tuple[int, ...]) -> tuple[object, ...]:
    return tuple(cell for place, cell in enumerate(row) if place not in filled)


def test_the_same_day_and_seed_make_the_same_bytes_and_another_seed_does_not(
    tmp_path: Path,
) -> None:
    for name, seed in (("one", 5), ("two", 5), ("three", 6)):
        rules.write_extract(rules.scaled(episodes=200, seed=seed, today=TODAY), tmp_path / name)
    one, two, three = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "two", "three")
    )
    assert one == two
    assert len(one) == 15
    assert all(three[name] != data for name, data in one.items())


@pytest.mark.parametrize("episodes", [1, 2, 999])
def test_a_scaled_extract_has_exactly_the_episodes_asked_for(episodes: int) -> None:
    found = tables(rules.scaled(episodes=episodes, seed=1, today=date(2024, 2, 29)))
    assert len(found["episodes"]) == episodes
    assert list(faults(found)) == []
