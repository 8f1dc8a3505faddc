"""A later extract: what was known before stays readable."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.days.rules import noon
from hub.facts.models import FactSource
from referrals.children.models import Address, Alias, CareStatus, Child, ChildDetails
from referrals.episodes.models import Episode, EpisodeFact
from referrals.missing.models import MissingEpisode
from referrals.support.models import ServiceReferral
from risk.crimes.models import CrimeFact, CrimeOutcome
from risk.levels.models import RiskLevel
from risk.reviews.models import Review
from risk.suspects.models import CrimeSuspect, SuspectDetails
from tests.reporting.importing import (
    CRIME,
    E1,
    JODIE,
    counts,
    history,
    import_files,
    level,
    take,
    write_extract,
)

pytestmark = pytest.mark.django_db


# --- the first import back-dates ------------------------------------------------------------------


def test_a_first_import_is_known_from_its_own_dates(tmp_path: Path) -> None:
    import_files(
        tmp_path,
        episodes=[{**E1, "closed_on": "2016-01-05", "closure_reason": "MOVED"}],
        aliases=[{"child_id": "C1", "name": "Jo"}],
        addresses=[{"child_id": "C1", "from_date": "2015-05-01", "to_date": "2015-07-01"}],
        statuses=[{"child_id": "C1", "status": "CIN", "from_date": "2014-11-01"}],
        risk_levels=[
            level("2015-04-03", "HIGH", recorded_at="2015-04-06T09:30"),
            level("2015-05-03", "LOW", recorded_at=""),
        ],
        reviews=[{"episode_id": "E1", "due_on": "2015-06-01", "done_on": "2015-06-09"}],
        missing_episodes=[
            {
                "missing_id": "M1",
                "child_id": "C1",
                "missing_from": "2015-08-01T23:30",
                "found_at": "2015-08-03T00:10",
                "return_interview_on": "2015-08-05",
                "return_interview_accepted": "Y",
            }
        ],
    )
    episode = EpisodeFact.objects.get()
    assert (episode.known_from, episode.to_known_from) == (
        noon(date(2015, 4, 2)),
        noon(date(2016, 1, 5)),
    )
    address = Address.objects.get()
    assert (address.known_from, address.to_known_from) == (
        noon(date(2015, 5, 1)),
        noon(date(2015, 7, 1)),
    )
    assert [fact.known_from for fact in RiskLevel.objects.order_by("set_on")] == [
        datetime(2015, 4, 6, 8, 30, tzinfo=UTC),
        noon(date(2015, 5, 3)),
    ]
    assert Review.objects.get().to_known_from == noon(date(2015, 6, 9))
    missing = MissingEpisode.objects.get()
    assert missing.known_from == noon(date(2015, 8, 1))
    assert missing.to_known_from == noon(date(2015, 8, 3))
    assert missing.interview_known_from == noon(date(2015, 8, 5))
    # What has no date of its own dates from the child's earliest event: here the status.
    for fact in (Alias.objects.get(), ChildDetails.objects.get()):
        assert fact.known_from == noon(date(2014, 11, 1))


def test_undated_facts_of_crimes_and_suspects_date_from_their_earliest_event(
    tmp_path: Path,
) -> None:
    import_files(
        tmp_path,
        episodes=[{**E1, "referred_on": "2016-02-01"}],
        crimes=[
            {**CRIME, "recorded_on": "2015-06-20", "victim_child_id": "C1"},
            {**CRIME, "crime_ref": "K2", "outcome": "NB", "outcome_on": "2015-09-01"},
        ],
        suspects=[{"suspect_id": "S1"}, {"suspect_id": "S2"}],
        crime_suspects=[{"crime_ref": "K1", "suspect_id": "S1"}],
        suspect_occurrences=[
            {"occurrence_id": "O1", "suspect_id": "S1", "created_on": "2016-01-01"}
        ],
    )
    assert CrimeFact.objects.get(crime__reference="K1").known_from == noon(date(2015, 6, 20))
    assert CrimeSuspect.objects.get().known_from == noon(date(2015, 6, 1))
    outcomes = CrimeOutcome.objects.order_by("crime__reference")
    assert [fact.known_from for fact in outcomes] == [
        noon(date(2015, 6, 1)),
        noon(date(2015, 9, 1)),
    ]
    suspects = SuspectDetails.objects.order_by("suspect__reference")
    published = FactSource.objects.get().published_at
    assert [fact.known_from for fact in suspects] == [noon(date(2015, 6, 1)), published]
    assert ChildDetails.objects.get().known_from == noon(date(2015, 6, 1))


def test_nothing_is_known_later_than_the_first_import(tmp_path: Path) -> None:
    far = {"episode_id": "E1", "due_on": "2099-01-01", "done_on": "2099-02-01"}
    result = import_files(
        tmp_path,
        reviews=[far],
        risk_levels=[level("2015-05-01", "LOW", recorded_at="2099-01-01T10:00")],
    )
    review = Review.objects.get()
    assert review.known_from == review.to_known_from == result.published_at
    assert RiskLevel.objects.get().known_from == result.published_at


# --- a later import does not ----------------------------------------------------------------------


def test_all_that_a_later_import_brings_is_known_from_its_one_moment(tmp_path: Path) -> None:
    first = import_files(tmp_path)
    second = import_files(
        tmp_path,
        children=[JODIE, {**JODIE, "child_id": "C2"}],
        episodes=[E1, {"episode_id": "E2", "child_id": "C2", "referred_on": "2015-01-01"}],
        risk_levels=[level("2015-04-03", "HIGH", recorded_at="2015-04-06T09:30")],
        addresses=[{"child_id": "C1", "from_date": "2015-05-01", "to_date": "2015-07-01"}],
    )
    assert first.published_at is not None
    assert second.published_at is not None
    assert second.published_at > first.published_at
    assert not second.first
    late = [
        RiskLevel.objects.get(),
        Address.objects.get(),
        EpisodeFact.objects.get(episode__reference="E2"),
        ChildDetails.objects.get(child__reference="C2"),
    ]
    assert {fact.known_from for fact in late} == {second.published_at}
    assert Address.objects.get().to_known_from == second.published_at
    assert not RiskLevel.objects.as_at(date(2016, 1, 1), second.published_at - timedelta(seconds=1))


def test_a_corrected_date_of_birth_supersedes_the_old_one(tmp_path: Path) -> None:
    first = import_files(tmp_path)
    second = import_files(tmp_path, children=[{**JODIE, "date_of_birth": "2000-02-29"}])
    assert counts(second, "children").changed == 1
    assert ChildDetails.objects.known(first.published_at).get().date_of_birth == date(2001, 5, 3)
    assert ChildDetails.objects.known().get().date_of_birth == date(2000, 2, 29)
    old = ChildDetails.objects.order_by("pk").first()
    assert old is not None
    assert old.superseded_at == second.published_at
    assert old.superseded_source == FactSource.objects.order_by("-published_at").first()
    assert Child.objects.get().date_of_birth == date(2000, 2, 29)


def test_an_end_that_becomes_known_is_learnt_by_the_same_row(tmp_path: Path) -> None:
    first = import_files(tmp_path)
    row = EpisodeFact.objects.get().pk
    second = import_files(
        tmp_path, episodes=[{**E1, "closed_on": "2015-12-01", "closure_reason": "MOVED"}]
    )
    fact = EpisodeFact.objects.get()
    assert (fact.pk, fact.closed_on, fact.closure_reason) == (row, date(2015, 12, 1), "MOVED")
    assert fact.to_known_from == second.published_at
    assert EpisodeFact.objects.as_at(date(2016, 1, 1), first.published_at).exists()
    assert not EpisodeFact.objects.as_at(date(2016, 1, 1)).exists()
    assert Episode.objects.get().closed_on == date(2015, 12, 1)


def test_an_interview_that_becomes_known_leaves_the_return_as_it_was_known(tmp_path: Path) -> None:
    row = {
        "missing_id": "M1", "child_id": "C1", "missing_from": "2015-08-01T23:30",
        "found_at": "2015-08-03T00:10",
    }  # fmt: skip
    import_files(tmp_path, missing_episodes=[{**row, "return_interview_on": ""}])
    second = import_files(tmp_path, missing_episodes=[{**row, "return_interview_on": "2015-08-04"}])
    fact = MissingEpisode.objects.get()
    assert fact.to_known_from == noon(date(2015, 8, 3))
    assert fact.interview_known_from == second.published_at


def test_an_episode_reopened_or_closed_on_another_day_is_a_new_version(tmp_path: Path) -> None:
    import_files(tmp_path, episodes=[{**E1, "closed_on": "2015-12-01"}])
    import_files(tmp_path, episodes=[{**E1, "closed_on": ""}])
    assert Episode.objects.get().closed_on is None
    import_files(tmp_path, episodes=[{**E1, "closed_on": "2016-02-01"}])
    assert history(EpisodeFact.objects.order_by("pk"), "closed_on") == [
        (date(2015, 12, 1), False),
        (date(2016, 2, 1), True),
    ]


def test_a_level_that_the_extract_no_longer_has_is_withdrawn(tmp_path: Path) -> None:
    first = import_files(
        tmp_path, risk_levels=[level("2015-05-01", "LOW"), level("2015-06-01", "HIGH")]
    )
    second = import_files(tmp_path, risk_levels=[level("2015-05-01", "LOW")])
    assert counts(second, "risk_levels").withdrawn == 1
    day = date(2016, 1, 1)
    assert RiskLevel.objects.as_at(day, first.published_at).get().level == "HIGH"
    assert RiskLevel.objects.as_at(day).get().level == "LOW"
    assert Episode.objects.get().level == "LOW"
    third = import_files(tmp_path, risk_levels="episode_id,set_on,level\n")
    assert counts(third, "risk_levels").withdrawn == 1
    assert (Episode.objects.get().level, Episode.objects.get().level_set_on) == ("", None)


def test_everything_that_hangs_on_a_named_subject_can_be_withdrawn(tmp_path: Path) -> None:
    full: dict[str, Any] = {
        "aliases": [{"child_id": "C1", "name": "Jo"}],
        "addresses": [{"child_id": "C1", "from_date": "2015-05-01"}],
        "statuses": [{"child_id": "C1", "status": "CP", "from_date": "2015-05-01"}],
        "allocations": [
            {"episode_id": "E1", "worker": "W1", "from_date": "2015-05-01", "lead": "Y"}
        ],
        "reviews": [{"episode_id": "E1", "due_on": "2015-06-01"}],
        "service_referrals": [{"episode_id": "E1", "service": "S", "referred_on": "2015-06-01"}],
        "crime_suspects": [{"crime_ref": "K1", "suspect_id": "S1"}],
        "suspect_risk_levels": [{"occurrence_id": "O1", "set_on": "2016-01-01", "level": "LOW"}],
    }
    subjects: dict[str, Any] = {
        "crimes": [CRIME],
        "suspects": [{"suspect_id": "S1"}],
        "suspect_occurrences": [
            {"occurrence_id": "O1", "suspect_id": "S1", "created_on": "2016-01-01"}
        ],
    }
    import_files(tmp_path, **subjects, **full)
    assert Episode.objects.get().lead_worker == "W1"
    result = import_files(tmp_path, **subjects, **{name: [] for name in full})
    assert [line.withdrawn for line in result.files if line.withdrawn] == [1] * len(full)
    for model in (Alias, Address, CareStatus, Review, ServiceReferral, CrimeSuspect):
        assert not model.objects.known().exists()
    episode = Episode.objects.get()
    assert (episode.lead_worker, episode.review_due_on) == ("", None)


def test_subjects_that_the_extract_does_not_name_and_files_that_it_lacks_are_left(
    tmp_path: Path,
) -> None:
    other = {**JODIE, "child_id": "C2"}
    import_files(
        tmp_path,
        children=[JODIE, other],
        episodes=[E1, {**E1, "episode_id": "E2", "child_id": "C2"}],
        risk_levels=[level("2015-05-01", "LOW"), level("2015-05-01", "LOW", "E2")],
        aliases=[{"child_id": "C1", "name": "Jo"}],
    )
    result = import_files(tmp_path, risk_levels=[level("2015-05-01", "LOW")])
    assert not result.changes
    assert RiskLevel.objects.known().count() == 2


def test_another_order_of_equals_is_a_change_and_an_identical_order_is_none(tmp_path: Path) -> None:
    two = [level("2015-05-01", "LOW"), level("2015-05-01", "HIGH")]
    import_files(tmp_path, risk_levels=two)
    assert Episode.objects.get().level == "HIGH"
    result = import_files(tmp_path, risk_levels=two[::-1])
    assert counts(result, "risk_levels").changed == 2
    assert Episode.objects.get().level == "LOW"
    assert RiskLevel.objects.known().count() == 2


def test_an_absent_column_leaves_what_is_there_and_an_empty_cell_clears_it(tmp_path: Path) -> None:
    import_files(
        tmp_path,
        children=[{**JODIE, "ethnicity": "WBRI", "learning_disability": "Y"}],
        crimes=[{**CRIME, "victim_child_id": "C1", "outcome": "NB"}],
    )
    result = import_files(tmp_path, children=[{**JODIE, "surname": "Rowe"}], crimes=[CRIME])
    details = ChildDetails.objects.known().get()
    assert (details.surname, details.ethnicity, details.learning_disability) == (
        "Rowe",
        "WBRI",
        True,
    )
    assert counts(result, "crimes").unchanged == 1
    import_files(
        tmp_path, children=[{**JODIE, "ethnicity": ""}], crimes=[{**CRIME, "cse_tag": "N"}]
    )
    details = ChildDetails.objects.known().get()
    assert (details.ethnicity, details.learning_disability) == ("", True)
    crime = CrimeFact.objects.known().get()
    assert crime.victim_child == Child.objects.get()
    assert CrimeOutcome.objects.get().outcome == "NB"


def test_an_end_that_was_kept_must_fit_the_new_start(tmp_path: Path) -> None:
    import_files(tmp_path, episodes=[{**E1, "closed_on": "2015-12-01"}])
    write_extract(tmp_path, episodes=[{**E1, "referred_on": "2016-01-01"}])
    with pytest.raises(Exception, match="1 fault"):
        take(tmp_path)


def test_an_outcome_of_a_crime_is_replaced_and_the_old_one_stays_readable(tmp_path: Path) -> None:
    first = import_files(tmp_path, crimes=[{**CRIME, "outcome": ""}])
    result = import_files(tmp_path, crimes=[{**CRIME, "outcome": "14", "outcome_on": "2015-10-01"}])
    assert counts(result, "crimes").changed == 1
    assert CrimeOutcome.objects.known(first.published_at).get().outcome == "NEW"
    assert CrimeOutcome.objects.known().get().outcome == "14"
    assert CrimeFact.objects.count() == 1


def test_references_to_files_that_are_absent_are_looked_up_on_record(tmp_path: Path) -> None:
    import_files(tmp_path, crimes=[CRIME], suspects=[{"suspect_id": "S1"}])
    result = import_files(tmp_path, crime_suspects=[{"crime_ref": "K1", "suspect_id": "S1"}])
    assert counts(result, "crime_suspects").new == 1
    assert CrimeSuspect.objects.get().crime.reference == "K1"
