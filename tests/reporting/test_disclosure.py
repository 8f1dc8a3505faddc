"""What leaves the hub tells about nobody: the published Appendix 1, and an attack on it."""

import json
import os
import sys
from datetime import date

import pytest

from reporting.disclosure.rules.audit import Audit, State
from reporting.disclosure.rules.categories import OUTCOME_GROUPS, REASONS, SOURCES, coarsened
from reporting.disclosure.rules.cells import Cell, Key, Place, System
from reporting.disclosure.rules.derived import with_derived
from reporting.disclosure.rules.publish import publish
from reporting.disclosure.rules.suppress import PublishingRefused
from tests.oracle.appendix1 import SHIPPED_CODES, Params, report_of
from tests.reporting.attack_sums import is_derived, leaves
from tests.reporting.demo_extracts import extract_of
from tests.reporting.publishing import Json, at, attacked, attempts, truth_of
from tests.reporting.random_full import GEOGRAPHY, movement, random_full, tactical

HEADLINES = [
    ("strategic", "episodes"),
    ("strategic", "new"),
    ("strategic", "children"),
    ("tactical", "open"),
    ("tactical", "by_level", "HIGH"),
    ("tactical", "by_level", "MEDIUM"),
    ("tactical", "by_level", "LOW"),
    ("crimes", "cse"),
    ("suspect_management", "occurrences"),
]
SEEDS = range(2)


@pytest.fixture(scope="module")
def bradford_2016() -> Json:
    """The full report of the demo's Bradford for 2015/16."""
    asked = Params(
        movement_to=date(2016, 8, 1),
        suspects_from=date(2015, 7, 1),
        suspects_to=date(2016, 6, 30),
    )
    return report_of([extract_of("bradford", date(2016, 9, 1))], asked)


@pytest.fixture(scope="module")
def published_2016(bradford_2016: Json, bradford: dict[str, str]) -> Json:
    """Its published form."""
    return publish(bradford_2016, geography=bradford)


@pytest.fixture(scope="module")
def bradford() -> dict[str, str]:
    """Bradford's wards and their constituencies."""
    rows = (SHIPPED_CODES / "wards.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    return {row.split(",")[1]: row.split(",")[3] for row in rows}


# --- 2016 -------------------------------------------------------------------------------------


def test_the_report_of_2016_comes_out_whole_with_its_headlines(published_2016: Json) -> None:
    published = published_2016
    assert published["left_out"] == []
    assert None not in [value for _, value in leaves(published["tactical"])]
    assert [at(published, *path) for path in HEADLINES] == [
        713, 650, 569, 288, 37, 120, 114, 109, 135
    ]  # fmt: skip
    assert published["strategic"]["new_by_quarter"] == [138, 150, 168, 194]
    assert published["movement"]["unchanged"] == 204
    assert published["parameters"]["disclosure"] == "published"


def test_the_attack_on_2016_gives_nothing_away(
    bradford_2016: Json, published_2016: Json, bradford: dict[str, str]
) -> None:
    assert attacked(bradford_2016, published_2016, bradford) == {}


def test_hiding_small_counts_alone_would_give_many_of_them_away(
    bradford_2016: Json, bradford: dict[str, str]
) -> None:
    """The attacker has teeth."""
    published = json.loads(
        json.dumps(coarsened(bradford_2016, geography=bradford)), parse_int=hide_if_small
    )
    assert len(attacked(bradford_2016, published, bradford)) > 20


def hide_if_small(number: str) -> int | str:
    return "c" if 1 <= int(number) <= 5 else int(number)


# --- random reports ---------------------------------------------------------------------------


@pytest.mark.long
def test_the_attack_on_random_reports_gives_nothing_away() -> None:
    for seed, full, published in attempts(SEEDS):
        assert attacked(full, published, GEOGRAPHY) == {}, seed


@pytest.mark.drill
@pytest.mark.timeout(3600)
def test_the_attack_on_hundreds_of_random_reports_gives_nothing_away() -> None:
    start = int(os.environ.get("HUB_DRILL_SEED", "1000"))
    count = int(os.environ.get("HUB_DRILL_REPORTS", "200"))
    sys.stdout.write(f"seeds {start} to {start + count - 1}\n")
    left_out = 0
    for seed, full, published in attempts(range(start, start + count)):
        left_out += bool(published["left_out"])
        assert attacked(full, published, GEOGRAPHY) == {}, seed
    assert left_out <= count / 20


def test_no_count_of_one_to_five_is_printed_and_no_headline_hidden() -> None:
    for seed, full, published in attempts(SEEDS):
        printed = {
            path: value
            for path, value in leaves(published)
            if path[0] != "parameters" and not is_derived(path)
        }
        assert not [p for p, value in printed.items() if value in (1, 2, 3, 4, 5)], seed
        assert all(at(published, *path) == at(full, *path) for path in HEADLINES), seed
        assert published["left_out"] == [], seed


def test_the_categories_are_those_of_the_list_whatever_occurs() -> None:
    shapes = []
    for _, _, published in attempts(SEEDS):
        del published["tactical"]["by_ward_and_level"]  # its wards are those with ten children
        shapes.append({path for path, _ in leaves(published)})
    assert all(shape == shapes[0] for shape in shapes)


def test_every_shown_count_is_the_true_one() -> None:
    for seed, full, published in attempts(SEEDS):
        true = truth_of(full, GEOGRAPHY)
        shown = {
            path: value
            for path, value in leaves(published)
            if type(value) is int and path in true and not is_derived(path)
        }
        assert len(shown) > 100
        assert all(true[path] == value for path, value in shown.items()), seed


def test_a_row_whose_whole_count_stands_in_one_cell_is_hidden() -> None:
    met = 0
    for _, full, published in attempts(SEEDS):
        true = coarsened(full, geography=GEOGRAPHY)
        for table in ("by_ward_and_level", "by_status_and_level", "by_level_and_gender"):
            for name, row in true["tactical"][table].items():
                filled = [key for key, count in row.items() if count and key != "total"]
                if len(filled) == 1:
                    met += 1
                    assert set(published["tactical"][table][name].values()) == {"c"}
    assert met


# --- the wider categories ---------------------------------------------------------------------


def test_referrals_at_18_and_levels_not_set_and_small_wards_are_counted() -> None:
    full = random_full(0)
    full["strategic"]["new_by_age_and_gender"]["F"] = {"9": 7, "11": 8, "15": 20, "18": 6, "19": 1}
    full["tactical"]["by_level"] = {"HIGH": 6, "MEDIUM": 7, "LOW": 8, "NO_RISK": 9, "NOT_SET": 10}
    row = {"HIGH": 0, "MEDIUM": 0, "LOW": 0, "NO_RISK": 2, "NOT_SET": 7, "total": 9}
    full["tactical"]["by_ward_and_level"] = {
        "Northgate ward 1": row,
        "Northgate ward 2": row,
        "CONFIDENTIAL": row,
        "Eastfield ward 1": {**row, "HIGH": 1, "total": 10},
    }
    coarse = coarsened(full, geography=GEOGRAPHY)
    ages = coarse["strategic"]["new_by_age_and_gender"]["F"]
    assert (ages["11 or under"], ages["15"], ages["18 or over"]) == (15, 20, 7)
    assert coarse["tactical"]["by_level"] == {"HIGH": 6, "MEDIUM": 7, "LOW": 8, "NO_RISK": 19}
    wards = {name: row["total"] for name, row in coarse["tactical"]["by_ward_and_level"].items()}
    assert wards == {
        "Eastfield ward 1": 10,
        "Other wards": 18,
        "OUT_OF_AREA": 0,
        "CONFIDENTIAL": 9,
        "NOT_RECORDED": 0,
    }


def test_a_category_that_no_list_has_is_refused_not_dropped() -> None:
    full = random_full(0)
    full["crimes"]["by_outcome"]["99"] = 3
    with pytest.raises(ValueError, match="99"):
        publish(full, geography=GEOGRAPHY)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("closure_reasons", {*REASONS} - {"NOT_RECORDED"}),
        ("referral_sources", {*SOURCES} - {"NOT_RECORDED"}),
        ("crime_outcomes", {code for codes in OUTCOME_GROUPS.values() for code in codes}),
    ],
)
def test_the_fixed_categories_are_the_code_lists(name: str, codes: set[str]) -> None:
    rows = (SHIPPED_CODES / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert {row.split(",")[0] for row in rows} == codes


def test_outcomes_stand_in_the_group_that_their_list_gives() -> None:
    rows = (SHIPPED_CODES / "crime_outcomes.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    listed = {row.split(",")[0]: row.rsplit(",", 1)[1] for row in rows}
    assert listed == {code: group for group, codes in OUTCOME_GROUPS.items() for code in codes}


# --- derived figures --------------------------------------------------------------------------


def test_a_derived_figure_is_hidden_with_any_of_its_parts() -> None:
    full = random_full(0)
    full["strategic"]["previous_year"] |= {"new": 4, "new_by_quarter": [4, 0, 0, 0]}
    strategic = publish(full, geography=GEOGRAPHY)["strategic"]
    assert strategic["previous_year"]["new"] == "c"
    assert strategic["previous_year"]["mean_new_per_month"] == "c"
    assert strategic["change_in_new_percent"] == "c"
    assert strategic["mean_new_per_month"] == full["strategic"]["mean_new_per_month"]
    assert "c" in strategic["new_by_age_and_gender"]["M"].values()
    assert strategic["peak_age"]["M"] == strategic["peak_age"]["all"] == "c"


def test_peaks_means_and_changes_are_made_from_what_is_shown(published_2016: Json) -> None:
    strategic = published_2016["strategic"]
    assert strategic["peak_age"] == {"all": "c", "F": 15, "M": "c", "U": None}
    assert (strategic["mean_new_per_month"], strategic["change_in_new_percent"]) == (54.2, 50.8)
    assert strategic["previous_year"]["mean_new_per_month"] == 35.9


def test_no_peak_is_given_of_a_table_left_out() -> None:
    coarse = coarsened(random_full(0), geography=GEOGRAPHY)
    coarse["strategic"]["new_by_age_and_gender"] = None
    peaks = with_derived(coarse)["strategic"]["peak_age"]
    assert peaks == {"all": "c", "F": "c", "M": "c", "U": "c"}


def test_no_change_is_given_on_a_year_without_new_episodes() -> None:
    full = random_full(0)
    full["strategic"]["previous_year"] |= {"new": 0, "new_by_quarter": [0, 0, 0, 0]}
    strategic = publish(full, geography=GEOGRAPHY)["strategic"]
    assert strategic["change_in_new_percent"] is None
    assert strategic["previous_year"]["mean_new_per_month"] == 0.0


def test_a_report_without_movement_has_none() -> None:
    full = random_full(0)
    full["movement"] = full["parameters"]["movement_to"] = None
    assert publish(full, geography=GEOGRAPHY)["movement"] is None


# --- complements, refusals, what is left out --------------------------------------------------


def test_a_small_complement_hides_what_it_is_taken_from() -> None:
    full = random_full(0)
    occurrences = full["suspect_management"]["occurrences"]
    full["suspect_management"]["under_investigation"] = occurrences - 3
    published = publish(full, geography=GEOGRAPHY)
    assert published["suspect_management"]["under_investigation"] == "c"


def test_what_several_hidden_counts_come_to_is_not_small_either() -> None:
    full = random_full(0)
    counts = [3, 1, 0, 30, 40, 50]
    groups = ("Mixed", "Black", "Other", "NOT_RECORDED", "Asian", "White")
    full["suspect_management"] |= {
        "occurrences": sum(counts),
        "under_investigation": sum(counts),
        "by_age_band": {"under_18": 40, "18_35": 40, "36_45": 44, "over_45": 0, "NOT_RECORDED": 0},
        "by_gender": {"F": 24, "M": 100, "U": 0},
        "by_ethnic_group": dict(zip(groups, counts, strict=True)),
    }
    shown = publish(full, geography=GEOGRAPHY)["suspect_management"]["by_ethnic_group"]
    assert [shown[group] for group in groups] == ["c", "c", 0, "c", 40, 50]


def test_a_report_that_contradicts_itself_is_refused() -> None:
    full = random_full(0)
    full["tactical"]["by_status"]["LAC"] += 1
    with pytest.raises(PublishingRefused, match="do not add up"):
        publish(full, geography=GEOGRAPHY)


def test_a_small_headline_is_refused_with_its_table() -> None:
    full = random_full(0)
    full["suspect_management"] = occurrences(4)
    with pytest.raises(
        PublishingRefused, match="the headline figure occurrences is a count of 1 to 5"
    ) as why:
        publish(full, geography=GEOGRAPHY)
    assert why.value.table == "suspect_management.occurrences"


def occurrences(count: int) -> Json:
    """So many suspect occurrences, all alike."""
    return {
        "occurrences": count,
        "under_investigation": count,
        "by_age_band": {
            "under_18": count, "18_35": 0, "36_45": 0, "over_45": 0, "NOT_RECORDED": 0
        },
        "by_gender": {"F": 0, "M": count, "U": 0},
        "by_ethnic_group": {
            "White": count, "Asian": 0, "Mixed": 0, "Black": 0, "Other": 0, "NOT_RECORDED": 0
        },
    }  # fmt: skip


def test_a_small_count_that_two_headlines_give_away_is_refused() -> None:
    full = random_full(0)
    strategic = full["strategic"]
    strategic |= {"episodes": strategic["new"] + 3, "already_open": 3}
    strategic["open_at_end"] = strategic["episodes"] - strategic["closed"]
    strategic["not_at_risk_at_referral"] = strategic["not_at_risk_at_referral_of_new"]
    with pytest.raises(PublishingRefused, match=r"strategic\.already_open"):
        publish(full, geography=GEOGRAPHY)


def test_a_table_too_thin_to_hide_in_is_left_out_and_the_report_says_so() -> None:
    full = random_full(3)
    one_of_each = dict.fromkeys(("White", "Asian", "Mixed", "Black", "Other", "NOT_RECORDED"), 1)
    full["suspect_management"] = {**occurrences(6), "by_ethnic_group": one_of_each}
    published = publish(full, geography=GEOGRAPHY)
    assert published["suspect_management"]["by_ethnic_group"] is None
    assert published["suspect_management"]["occurrences"] == 6
    [sentence] = published["left_out"]
    assert sentence.startswith("suspect_management.by_ethnic_group is left out: ")
    assert attacked(full, published, GEOGRAPHY) == {}


def test_a_zero_that_the_headlines_give_away_is_shown_in_a_row_that_is_hidden() -> None:
    """Nobody at all is of no risk, so that column tells nothing new about the one ward."""
    full = random_full(0)
    full |= snapshot_of(
        [(area, level) for area in list(GEOGRAPHY)[:3] for level in ("HIGH", "MEDIUM", "LOW") * 9]
        + [("OUT_OF_AREA", "MEDIUM")] * 12
    )
    published = publish(full, geography=GEOGRAPHY)
    row = published["tactical"]["by_ward_and_level"]["OUT_OF_AREA"]
    assert row == {"HIGH": "c", "MEDIUM": "c", "LOW": "c", "NO_RISK": 0, "total": "c"}
    assert attacked(full, published, GEOGRAPHY) == {}


def snapshot_of(children: list[tuple[str, str]]) -> Json:
    """The open children of these areas and levels, otherwise evenly mixed."""
    rows: list[Json] = [
        {
            "area": area, "level": level, "now": level, "gender": "FM"[number % 2],
            "group": "White", "census": "White", "status": ("LAC", "CIN")[number // 3 % 2],
            "several": False, "adult": False, "disability": False,
        }
        for number, (area, level) in enumerate(children)
    ]  # fmt: skip
    return {"tactical": tactical(rows), "movement": movement(rows)}


def test_interviews_without_a_finding_are_no_contradiction() -> None:
    full = random_full(0)
    full["missing"] = {
        "episodes": 90, "children": 60, "found": 50, "interviewed": 70, "interviewed_in_time": 40
    }  # fmt: skip
    assert publish(full, geography=GEOGRAPHY)["missing"] == full["missing"]


def test_a_count_that_could_be_two_numbers_far_apart_is_not_safe() -> None:
    """Three to a family, and one or two families: 3 or 6, and nothing between."""
    people, families = Cell(("people",), 3), Cell(("families",), 1, low=1, high=2, guarded=False)
    system = System(
        cells={cell.key: cell for cell in (people, families)},
        places=[Place(("people",), people.key, "people")],
        rows=[],
        sums=[((people.key, -1), (families.key, 3))],
        public=frozenset(), was_hidden=frozenset(), must_hide=frozenset(),
    )  # fmt: skip
    audit = Audit(system, State({people.key}))
    assert audit.first_weak(far=True) == people.key
    assert audit.seen(people.key) == {3, 6}


def test_nothing_is_published_that_the_last_check_does_not_confirm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A search that brings numbers which do not add up is caught before anything leaves."""
    monkeypatch.setattr(Audit, "learn", learn_nonsense)
    with pytest.raises(PublishingRefused, match="the audit failed"):
        publish(random_full(0), geography=GEOGRAPHY)


def learn_nonsense(self: Audit, found: dict[Key, int]) -> None:
    self.witnesses += [{key: n + by for key, n in found.items()} for by in (1, 2, 3)]
