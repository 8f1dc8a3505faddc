"""The sums that must hold in a report, and what would now differ from a published one."""

import copy
from typing import Any

import pytest

from reporting.appendix1.rules.checks import Check, checks, failing
from reporting.appendix1.rules.names import differences
from reporting.appendix1.rules.tracing import figures
from tests.reporting.random_full import random_full

# Counts that stand alone: no sum of the report contains them.
ALONE = {
    "strategic.not_at_risk_at_referral",
    "strategic.not_at_risk_at_referral_of_new",
    "strategic.children",
    "strategic.children_repeated",
    "strategic.re_referred_within_12_months",
    "tactical.open_with_several_episodes",
    "tactical.aged_18_or_over",
    "tactical.with_learning_disability",
    "crimes.sexual_offences_under_18",
    "crimes.victim_age_unknown",
    "crimes.tagged_outside_list",
    "crimes.male_victims",
    "suspect_management.under_investigation",
}


def one_more(report: dict[str, Any], path: str) -> dict[str, Any]:
    """The report with one figure raised by one."""
    changed = copy.deepcopy(report)
    *above, last = path.split(".")
    node: Any = changed
    for step in above:
        node = node[step]
    place: Any = int(last) if isinstance(node, list) else last
    node[place] += 1
    return changed


@pytest.mark.parametrize("seed", range(1, 6))
def test_every_sum_of_a_whole_report_agrees(seed: int) -> None:
    found = checks(random_full(seed))
    assert len(found) > 25
    assert {check.verdict for check in found} == {"agrees"}


def test_a_wrong_figure_is_found_wherever_a_sum_contains_it() -> None:
    report = random_full(1)
    unnoticed = {path for path in figures(report) if not failing(one_more(report, path))}
    assert {path for path in unnoticed if not path.startswith("missing.")} == ALONE


def test_the_sums_hold_without_a_second_day() -> None:
    assert failing({**random_full(2), "movement": None}) == []


def test_a_check_says_by_how_much_its_sides_differ() -> None:
    assert Check("", (3, 4), (3, 4)).verdict == "agrees"
    assert Check("", (3, 4), (1, 5)).verdict == "differs by 3"
    assert Check("", (1000,), (3000, 1)).verdict == "differs by 2,001"


def test_shown_counts_that_changed_are_named_and_hidden_ones_are_not() -> None:
    released = {
        "strategic": {"new": 10, "new_by_quarter": [1, 2, 3, "c"], "mean_new_per_month": 5},
        "tactical": {"by_ward_and_level": {"Wyke": {"HIGH": 6, "LOW": "c"}}, "by_level": None},
        "movement": {"unchanged": 7},
    }
    now = {
        "strategic": {"new": 11, "new_by_quarter": [1, 2, 4, 9], "mean_new_per_month": 6},
        "tactical": {"by_ward_and_level": {}, "by_level": {"HIGH": 1}},
        "movement": None,
    }
    assert [(found.name, found.then, found.now) for found in differences(released, now)] == [
        ("Strategic overview: New", 10, 11),
        ("Strategic overview: New episodes by quarter, quarter 3", 3, 4),
        ("Open cases: Ward and risk level, Wyke, High", 6, 0),
        ("Movement of risk levels: Unchanged", 7, None),
    ]
