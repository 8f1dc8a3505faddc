"""A published report beside those published before it."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reporting.disclosure.rules import register as register_rules
from reporting.disclosure.rules.publish import publish
from reporting.disclosure.rules.suppress import PublishingRefused
from tests.reporting.publishing import (
    Json,
    at,
    first_release,
    given_away_together,
    outcome_of,
    released,
)
from tests.reporting.random_full import GEOGRAPHY, random_full
from tests.sampled import sampled


def test_the_same_report_again_hides_the_same() -> None:
    full, first = first_release()
    assert publish(full, geography=GEOGRAPHY, register=[released(first)]) == first


@pytest.mark.long
def test_the_same_report_is_the_same_bytes_in_another_process() -> None:
    code = (
        "import json; from tests.reporting.random_full import *;"
        "from reporting.disclosure.rules.publish import publish;"
        "print(json.dumps(publish(random_full(0), geography=GEOGRAPHY)))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    root = Path(__file__).parents[2]
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, check=True, cwd=root, env=environment, text=True,
    )  # fmt: skip
    assert other.stdout.strip() == json.dumps(outcome_of(0))


def following(before: Json, seed: int) -> Json:
    """Another year's report, whose previous year is the given one."""
    full = random_full(seed)
    full["parameters"] |= {
        "year_start": "2016-04-01", "year_end": "2017-03-31", "snapshot": "2017-03-29",
        "movement_to": "2017-08-01", "suspects_from": "2016-07-01", "suspects_to": "2017-06-30",
    }  # fmt: skip
    full["strategic"]["previous_year"] = {
        name: before["strategic"][name] for name in ("new", "new_by_quarter")
    }
    return full


def with_small_quarter(seed: int) -> Json:
    full = random_full(seed)
    strategic = full["strategic"]
    first, second, *others = strategic["new_by_quarter"]
    strategic["new_by_quarter"] = [3, first + second - 3, *others]
    return full


@pytest.mark.long
def test_a_quarter_hidden_in_one_year_stays_hidden_as_the_next_ones_past() -> None:
    before = with_small_quarter(0)
    first = publish(before, geography=GEOGRAPHY)
    hidden = [count == "c" for count in first["strategic"]["new_by_quarter"]]
    assert hidden.count(True) == 2
    after = following(before, 3)
    second = publish(after, geography=GEOGRAPHY, register=[released(first)])
    past = second["strategic"]["previous_year"]["new_by_quarter"]
    assert [count == "c" for count in past] == hidden
    assert given_away_together([before, after], [first, second]) == {}


def shifted(before: Json, seed: int) -> Json:
    """The report of a year that begins three months later, and shares three quarters."""
    full = random_full(seed)
    full["parameters"] |= {
        "year_start": "2015-07-01", "year_end": "2016-06-30", "snapshot": "2016-06-29",
        "movement_to": "2016-09-01", "suspects_from": "2016-07-01", "suspects_to": "2017-06-30",
    }  # fmt: skip
    new = full["strategic"]["new"]
    shared = before["strategic"]["new_by_quarter"][1:]
    last = before["strategic"]["previous_year"]["new_by_quarter"][1:]
    full["strategic"]["new_by_quarter"] = [*shared, new - sum(shared)]
    past = [*last, before["strategic"]["new_by_quarter"][0]]
    full["strategic"]["previous_year"] = {"new": sum(past), "new_by_quarter": past}
    return full


@pytest.mark.drill
def test_a_year_shifted_by_a_quarter_does_not_give_the_hidden_quarter_away() -> None:
    before = with_small_quarter(0)
    before["strategic"]["new_by_quarter"] = [3, 90, 80, before["strategic"]["new"] - 173]
    after = shifted(before, seed_with_more_new_than(before))
    first = publish(before, geography=GEOGRAPHY)
    alone = publish(after, geography=GEOGRAPHY)
    second = publish(after, geography=GEOGRAPHY, register=[released(first)])
    assert given_away_together([before, after], [first, alone])
    assert given_away_together([before, after], [first, second]) == {}


def seed_with_more_new_than(before: Json) -> int:
    enough = sum(before["strategic"]["new_by_quarter"]) + 20
    return next(s for s in range(5, 99) if random_full(s)["strategic"]["new"] > enough)


def change(full: Json, *changes: tuple[int, tuple[Any, ...]]) -> Json:
    """The report with counts moved."""
    changed = copy.deepcopy(full)
    for by, (*above, last) in changes:
        at(changed, *above)[last] += by
    return changed


def late(full: Json, quarter: int = 3) -> Json:
    """The same dates, after one girl's referral to the police came to be known late."""
    s = "strategic"
    return change(
        full,
        (1, (s, "episodes")),
        (1, (s, "new")),
        (1, (s, "open_at_end")),
        (1, (s, "children")),
        (1, (s, "new_by_quarter", quarter)),
        (1, (s, "new_by_gender", "F")),
        (1, (s, "new_by_age_and_gender", "F", "15")),
        (1, (s, "new_by_referral_source", "6")),
    )


def test_a_count_that_moved_a_little_since_the_last_release_is_hidden() -> None:
    full, first = first_release()
    assert first["strategic"]["new_by_referral_source"]["6"] != "c"
    register = [released(first)]
    strategic = publish(late(full), geography=GEOGRAPHY, register=register)["strategic"]
    assert strategic["new"] == full["strategic"]["new"] + 1
    assert strategic["new_by_referral_source"]["6"] == "c"
    assert strategic["new_by_age_and_gender"]["F"]["15"] == "c"
    before, after = (s["new_by_referral_source"] for s in (first["strategic"], strategic))
    assert all(after[code] == "c" for code in before if before[code] == "c")


@pytest.mark.long
def test_an_old_report_comes_back_the_same_after_a_later_one() -> None:
    full, first = first_release()
    second = publish(late(full), geography=GEOGRAPHY, register=[released(first)])
    register = [released(first), released(second)]
    assert publish(full, geography=GEOGRAPHY, register=register) == first


def one_day_more(full: Json, occurrences: int) -> Json:
    """The suspects window a day longer, with so many occurrences on that day, all alike."""
    s = "suspect_management"
    names = [("by_age_band", "18_35"), ("by_gender", "M"), ("by_ethnic_group", "White")]
    paths: list[tuple[Any, ...]] = [(s, "occurrences"), *((s, *name) for name in names)]
    longer = change(full, *((occurrences, path) for path in paths))
    longer["parameters"]["suspects_to"] = "2016-07-01"
    return longer


@pytest.mark.long
def test_a_window_one_day_longer_may_not_tell_about_that_day() -> None:
    full, first = first_release()
    register = [released(first)]
    with pytest.raises(PublishingRefused, match=r"suspect_management.*an earlier release"):
        publish(one_day_more(full, 2), geography=GEOGRAPHY, register=register)
    longer = one_day_more(full, 30)
    second = publish(longer, geography=GEOGRAPHY, register=register)
    assert second["suspect_management"]["occurrences"] != "c"
    assert given_away_together([full, longer], [first, second]) == {}


@pytest.mark.long
def test_bradford_alone_beside_bradford_and_another_tells_of_the_other() -> None:
    both, alone = random_full(0), random_full(0)
    both["parameters"]["partnerships"] = ["bradford", "kirklees"]
    alone = change(both, (-3, ("missing", "episodes")), (-3, ("missing", "found")))
    alone["parameters"]["partnerships"] = ["bradford"]
    register = [released(publish(both, geography=GEOGRAPHY))]
    published = publish(alone, geography=GEOGRAPHY, register=register)
    assert published["missing"] != publish(alone, geography=GEOGRAPHY)["missing"]


@pytest.mark.drill
def test_a_wider_report_of_less_is_of_other_data_and_tells_nothing() -> None:
    full, alone = first_release()
    fewer = change(full, (-3, ("missing", "episodes")), (-3, ("missing", "found")))
    fewer["parameters"]["partnerships"] = ["bradford", "kirklees"]
    register = [released(publish(fewer, geography=GEOGRAPHY))]
    assert publish(full, geography=GEOGRAPHY, register=register)["missing"] == alone["missing"]


@pytest.mark.long
def test_a_release_with_tables_left_out_tells_what_the_others_tell() -> None:
    full, first = first_release()
    told = copy.deepcopy(first)
    told["tactical"]["by_ward_and_level"] = told["strategic"]["new_by_age_and_gender"] = None
    told["crimes"]["by_number_of_suspects"] = None
    second = publish(full, geography=GEOGRAPHY, register=[released(told)])
    assert second["tactical"]["by_constituency"] == first["tactical"]["by_constituency"]
    assert second["tactical"]["by_ward_and_level"] is not None
    assert given_away_together([full, full], [told, second]) == {}


@pytest.mark.long
def test_more_exploitation_types_beside_fewer_tell_of_the_rest() -> None:
    fewer, first = first_release()
    more = late(fewer)
    more["parameters"]["types"] = ["CCE", "CSE"]
    register = [released(first)]
    with pytest.raises(PublishingRefused, match=r"strategic"):
        publish(more, geography=GEOGRAPHY, register=register)


@pytest.mark.long
@pytest.mark.parametrize(
    "changed",
    sampled(
        [
            {"partnerships": ["elsewhere"]},
            {"definitions": 2},
            {
                "year_start": "2009-04-01", "year_end": "2010-03-31", "snapshot": "2010-03-01",
                "movement_to": None, "suspects_from": "2009-04-01", "suspects_to": "2010-03-31",
            },
        ],
        1,
    ),
)  # fmt: skip
def test_a_release_of_other_people_or_days_does_not_matter(changed: Json) -> None:
    full, alone = first_release()
    _, other = first_release(1)
    other["parameters"] |= changed
    assert publish(full, geography=GEOGRAPHY, register=[released(other)]) == alone


def test_with_more_types_an_area_can_only_gain_children_and_a_level_can_lose_them() -> None:
    wider = register_rules._Wider("bradford", "CCE,CSE less CSE", "CSE ", "CCE,CSE ", "types")
    in_ward = ("bradford", "tactical", "CSE 2016-03-29", "by_ward_and_level", "Wyke")
    assert wider.grows((*in_ward, "total"))
    assert not wider.grows((*in_ward, "HIGH"))
