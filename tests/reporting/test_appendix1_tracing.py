"""The cases behind the figures: as many as each figure says, and a sentence for each."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reporting.appendix1.rules import tracing
from reporting.appendix1.rules.cases import (
    Cases,
    CrimeCase,
    EpisodeCase,
    MissingCase,
    OccurrenceCase,
    OpenChild,
    OpenEpisode,
)
from reporting.appendix1.rules.definitions import DEFINITIONS
from reporting.appendix1.rules.names import name_of, table_of
from reporting.appendix1.rules.parameters import Parameters
from reporting.appendix1.rules.plan import DERIVED
from reporting.appendix1.rules.report import full_report
from tests.oracle.extracts import random_extract
from tests.oracle.reading import read
from tests.reporting.cases_of import cases_of
from tests.reporting.demo_extracts import extract_of
from tests.reporting.test_appendix1 import ASKED


def wrong(cases: Cases, asked: Parameters) -> dict[str, tuple[int, int]]:
    """Each figure for which another number of cases is found: the figure, and the cases."""
    figures = tracing.figures(full_report(cases, asked))
    found = all_traced(cases, asked)
    counts = {path: len(set(found[path].ids)) if path in found else 0 for path in figures}
    return {path: (count, counts[path]) for path, count in figures.items() if count != counts[path]}


def all_traced(cases: Cases, asked: Parameters) -> dict[str, tracing.Behind[Any]]:
    return {
        path: behind
        for section in tracing.SECTIONS
        for path, behind in tracing.traced(cases, asked, section).items()
    }


LATELY = Parameters(
    year_start=date(2025, 4, 1),
    year_end=date(2026, 3, 31),
    snapshot=date(2026, 3, 31),
    movement_to=date(2026, 8, 1),
    suspects_from=date(2025, 4, 1),
    suspects_to=date(2026, 3, 31),
)


@pytest.mark.long
@pytest.mark.parametrize(
    ("district", "asked"),
    [
        ("bradford", ASKED),
        ("kirklees", replace(ASKED, partnerships=("kirklees",))),
        ("scaled", LATELY),
    ],
    ids=["bradford", "kirklees", "scaled"],
)
def test_every_figure_of_the_demo_has_exactly_its_cases(district: str, asked: Parameters) -> None:
    cases = cases_of(extract_of(district), asked)
    assert wrong(cases, asked) == {}
    assert sum(tracing.figures(full_report(cases, asked)).values()) > 300


@pytest.mark.parametrize("seed", range(1, 21))
def test_every_figure_of_a_random_extract_has_exactly_its_cases(seed: int, tmp_path: Path) -> None:
    random_extract(seed, tmp_path, episodes=90)
    cases = cases_of(read(tmp_path), ASKED)
    assert wrong(cases, ASKED) == {}
    assert wrong(cases, replace(ASKED, movement_to=None)) == {}


@pytest.mark.parametrize("seed", range(1, 6))
def test_nothing_is_traced_that_is_no_figure(seed: int, tmp_path: Path) -> None:
    random_extract(seed, tmp_path, episodes=90)
    cases = cases_of(read(tmp_path), ASKED)
    figures = tracing.figures(full_report(cases, ASKED))
    assert set(all_traced(cases, ASKED)) <= set(figures)


def test_a_case_that_is_lost_is_noticed(tmp_path: Path) -> None:
    random_extract(1, tmp_path, episodes=90)
    cases = cases_of(read(tmp_path), ASKED)
    figures = tracing.figures(full_report(cases, ASKED))
    fewer = replace(cases, episodes=cases.episodes[1:], crimes=cases.crimes[1:])
    found = all_traced(fewer, ASKED)
    assert any(len(found[path].ids) != count for path, count in figures.items() if path in found)


@pytest.mark.parametrize("seed", range(1, 6))
def test_every_case_is_explained_in_whole_sentences(seed: int, tmp_path: Path) -> None:
    random_extract(seed, tmp_path, episodes=90)
    for behind in all_traced(cases_of(read(tmp_path), ASKED), ASKED).values():
        for case in behind.cases.values():
            said = behind.why(case)
            assert said[0].isupper() or said[0].isdigit()
            assert said.endswith(".")
            assert "None" not in said
            assert "{" not in said


@pytest.mark.long
def test_only_means_changes_and_peaks_have_no_cases() -> None:
    report = full_report(cases_of(extract_of("bradford"), ASKED), ASKED)
    leaves = {
        path
        for section in tracing.SECTIONS
        for path, value in tracing._leaves(report[section], section)
    }
    without = leaves - set(tracing.figures(report))
    assert {path for path in without if not path.startswith(DERIVED)} == set()
    assert without != set()


def test_every_figure_has_a_name_and_a_definition() -> None:
    report = full_report(cases_of(extract_of("bradford"), ASKED), ASKED)
    names = [name_of(path) for path in tracing.figures(report)]
    assert len(set(names)) == len(names)
    assert all(DEFINITIONS[table_of(path)].sentence for path in tracing.figures(report))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("tactical.by_level.HIGH", "Open cases: Risk level, High"),
        ("tactical.by_ward_and_level.St. Ann.LOW", "Open cases: Ward and risk level, St. Ann, Low"),
        ("strategic.previous_year.new", "Strategic overview: New in the year before"),
        (
            "strategic.new_by_quarter.3",
            "Strategic overview: New episodes by quarter, quarter 4",
        ),
        (
            "strategic.new_by_age_and_gender.F.15",
            "Strategic overview: New episodes by gender and age, Female, 15",
        ),
        ("movement.unchanged", "Movement of risk levels: Unchanged"),
    ],
)
def test_a_figure_is_named_in_words(path: str, name: str) -> None:
    assert name_of(path) == name


def test_a_path_that_is_none_has_no_name() -> None:
    for path in ("no.such.figure", "", "."):
        with pytest.raises(KeyError):
            table_of(path)


def sentence(path: str, cases: Cases, **changed: Any) -> str:
    """The sentence of the one case behind a figure."""
    found = tracing.behind(path, cases, replace(ASKED, **changed))
    (case,) = found.cases.values()
    return found.why(case)


NOTHING = Cases([], [], [], [], {}, [], [], [])
EPISODE = EpisodeCase(
    episode=1,
    child=7,
    referred_on=date(2015, 5, 3),
    closed_on=None,
    closure_reason="",
    referral_source="1A",
    born=date(2000, 5, 3),
    gender="F",
    first_level="NO_RISK",
)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (
            "strategic.episodes",
            "Referred on 3 May 2015 and not closed before 1 April 2015, so dealt with in the year.",
        ),
        ("strategic.new", "Referred on 3 May 2015, within the year."),
        (
            "strategic.open_at_end",
            "Referred on 3 May 2015 and not closed, so open at the end of 31 March 2016.",
        ),
        (
            "strategic.not_at_risk_at_referral_of_new",
            "Referred on 3 May 2015, within the year. Its first level was No CSE risk.",
        ),
        (
            "strategic.children",
            "Has 1 episode dealt with in the year, referred on 3 May 2015.",
        ),
        (
            "strategic.new_by_quarter.0",
            "Referred on 3 May 2015, between 1 April 2015 and 30 June 2015.",
        ),
        (
            "strategic.new_by_age_and_gender.F.15",
            "Referred on 3 May 2015, within the year: female, 15 on that day.",
        ),
        (
            "strategic.new_by_referral_source.1A",
            (
                "Referred on 3 May 2015, within the year. "
                "Source: Individual: family member, relative or carer (1A)."
            ),
        ),
    ],
)
def test_an_open_episode_explains_itself(path: str, says: str) -> None:
    assert sentence(path, replace(NOTHING, episodes=[EPISODE])) == says


def test_a_second_referral_names_the_closing_before_it() -> None:
    closed = replace(
        EPISODE,
        episode=2,
        referred_on=date(2014, 6, 1),
        closed_on=date(2015, 4, 3),
        closure_reason="RISK_REDUCED",
    )
    cases = replace(NOTHING, episodes=[EPISODE, closed])
    assert sentence("strategic.re_referred_within_12_months", cases) == (
        "Referred on 3 May 2015, 30 days after an earlier one closed on 3 April 2015."
    )
    assert sentence("strategic.already_open", cases) == (
        "Referred on 1 June 2014 and closed on 3 April 2015, not before 1 April 2015: "
        "already open when the year began on 1 April 2015."
    )
    assert sentence("strategic.previous_year.new", cases) == (
        "Referred on 1 June 2014, within the year before."
    )


CHILD = OpenChild(
    child=7,
    partnership=1,
    born=date(1998, 1, 1),
    gender="F",
    ethnicity="WBRI",
    learning_disability=True,
    held=[],
    some_ended=True,
    has_address=True,
    confidential=False,
    out_of_area=False,
    ward="E05001345",
)
OPEN = OpenEpisode(1, 7, "HIGH", date(2016, 2, 1))
SNAPSHOT = replace(
    NOTHING,
    open_then=[OPEN],
    children=[CHILD],
    wards={(1, "E05001345"): ("Bradford Moor", "Bradford East")},
)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("tactical.open", "1 episode open at the end of 29 March 2016."),
        ("tactical.by_level.HIGH", "High on 29 March 2016, set on 1 February 2016."),
        ("tactical.aged_18_or_over", "18 years old on 29 March 2016."),
        (
            "tactical.by_status.PREVIOUS",
            "No status held on 29 March 2016, but one had ended by then.",
        ),
        (
            "tactical.by_ward_and_level.Bradford Moor.total",
            "Lived in Bradford Moor, Bradford East, on 29 March 2016.",
        ),
        (
            "movement.decreased",
            (
                "High on 29 March 2016, no episode open on 1 August 2016: closed, counted as "
                "decreased, which says nothing about risk."
            ),
        ),
    ],
)
def test_an_open_child_explains_itself(path: str, says: str) -> None:
    assert sentence(path, SNAPSHOT) == says


def test_a_level_never_set_and_a_confidential_address_are_said() -> None:
    child = replace(CHILD, confidential=True)
    cases = replace(SNAPSHOT, children=[child], open_then=[OpenEpisode(1, 7, None, None)])
    assert sentence("tactical.by_level.NOT_SET", cases) == (
        "Not set on 29 March 2016: no level set by then."
    )
    assert sentence("tactical.by_constituency.CONFIDENTIAL", cases) == (
        "The address held on 29 March 2016 is confidential."
    )


CRIME = CrimeCase(
    suspects_born=(date(1990, 1, 1), None),
    crime=4,
    offence_code="88A",
    offence_date=date(2015, 6, 1),
    cse_tag=True,
    outcome="NEW",
    victim_born=date(2001, 5, 3),
    victim_gender="M",
)


def test_a_crime_and_its_links_explain_themselves() -> None:
    cases = replace(NOTHING, crimes=[CRIME])
    tagged = "Offence (code 88A) of 1 June 2015, tagged as CSE; the victim was 14 on that day."
    assert sentence("crimes.cse", cases) == tagged
    assert sentence("crimes.with_suspect", cases) == f"{tagged} 2 suspects are linked to it."
    assert sentence("crimes.offender_age_bands.25_35", cases) == (
        "Suspect 1 of 2 linked to the crime: 25 on 1 June 2015."
    )
    assert sentence("crimes.victim_age_by_offender_age_band.14.NOT_RECORDED", cases) == (
        "Suspect 2 of 2 linked to the crime: age not known on 1 June 2015. The victim was 14."
    )
    assert tracing.behind("crimes.suspect_links", cases, ASKED).ids == [(4, 1), (4, 2)]


def test_a_missing_episode_and_an_occurrence_explain_themselves() -> None:
    missing = MissingCase(9, 7, date(2015, 5, 4), date(2015, 5, 6))
    managed = OccurrenceCase(3, date(2015, 8, 1), None, date(1990, 1, 1), "M", "")
    cases = replace(NOTHING, missing=[missing], occurrences=[managed])
    assert sentence("missing.interviewed_in_time", cases) == (
        "Began on a day of the year: found on 4 May 2015, return interview on 6 May 2015."
    )
    assert sentence("suspect_management.under_investigation", cases) == (
        "Created on 1 August 2015, within the window. Open on 30 June 2016."
    )
    assert sentence("suspect_management.by_age_band.18_35", cases) == (
        "Created on 1 August 2015, within the window. Suspect: 25 on 1 August 2015."
    )
