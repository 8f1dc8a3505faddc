"""Settling a conflict: for every kind of fact the hub's record may stand, or the extract's value is taken."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import RuleBroken
from referrals.episodes.models import Episode, EpisodeFact
from referrals.missing.models import MissingEpisode
from reporting.extracts.models import ImportConflict
from reporting.extracts.rules.facts import FACT, FACTS
from reporting.extracts.rules.outcome import ImportResult
from reporting.upkeep.actions import renew_current_values
from tests.cast import Cast
from tests.reporting.importing import CRIME, E1, JODIE, counts, import_files, level, take
from tests.reporting.settling import Stands, recorded_in_the_hub, settled, standing
from tests.sampled import sampled

pytestmark = pytest.mark.django_db
Row = dict[str, str]
OCCURRENCE = {"occurrence_id": "O1", "suspect_id": "S1", "created_on": "2015-05-01"}
LINE = {"child_id": "C1", "from_date": "2015-05-01"}


@dataclass(frozen=True)
class Story:
    """A row of the extract, what a person of the hub makes of its fact, and two later extracts."""

    row: Row
    hub: dict[str, Any]
    second: Row
    third: Row


STORIES: dict[str, Story] = {
    "referrals_childdetails": Story(
        JODIE, {"surname": "Marsh"}, {"surname": "Merrow"}, {"surname": "Moss"}
    ),
    "referrals_alias": Story(
        {"child_id": "C1", "name": "Jo"}, {"name": "Jody"}, {"name": "Jodi"}, {"name": "J"}
    ),
    "referrals_address": Story(
        {**LINE, "line": "7 Ferncliffe Row", "to_date": ""},
        {"line": "8 Ferncliffe Row"},
        {"line": "9 Ferncliffe Row", "to_date": "2016-01-01"},
        {"line": "9 Ferncliffe Row", "to_date": "2016-01-02"},
    ),
    "referrals_carestatus": Story(
        {**LINE, "status": "CIN"},
        {"to_date": date(2016, 1, 1)},
        {"to_date": "2016-02-01"},
        {"to_date": "2016-03-01"},
    ),
    "referrals_episodefact": Story(
        E1,
        {"closed_on": date(2015, 11, 1)},
        {"closed_on": "2015-12-01", "exploitation_types": "CSE;CCE"},
        {"closed_on": "2015-12-02", "exploitation_types": "CSE"},
    ),
    "risk_risklevel": Story(
        level("2015-05-01", "HIGH"), {"level": "MEDIUM"}, {"level": "LOW"}, {"level": "NO_RISK"}
    ),
    "referrals_missingepisode": Story(
        {"missing_id": "M1", "child_id": "C1", "missing_from": "2015-08-01T23:30"},
        {"found_at": datetime(2015, 8, 2, 1, 0, tzinfo=UTC)},
        {"found_at": "2015-08-03T00:10", "return_interview_on": "2015-08-05"},
        {"found_at": "2015-08-03T00:10", "return_interview_on": "2015-08-06"},
    ),
    "referrals_allocation": Story(
        {"episode_id": "E1", "worker": "w1", "from_date": "2015-05-01", "lead": "Y"},
        {"worker_name": "Amira Sadler"},
        {"worker_name": "Nell Sadler"},
        {"worker_name": "Kit Sadler"},
    ),
    "risk_review": Story(
        {"episode_id": "E1", "due_on": "2015-06-01"},
        {"done_on": date(2015, 6, 2)},
        {"done_on": "2015-06-09"},
        {"done_on": "2015-06-10"},
    ),
    "referrals_servicereferral": Story(
        {"episode_id": "E1", "service": "northlight", "referred_on": "2015-05-01"},
        {"outcome": "WAITING"},
        {"outcome": "ACCEPTED", "started_on": "2015-05-09"},
        {"outcome": "DECLINED"},
    ),
    "risk_crimefact": Story(
        {**CRIME, "victim_child_id": ""},
        {"offence_code": "72"},
        {"offence_code": "73", "victim_child_id": "C1"},
        {"offence_code": "74"},
    ),
    "risk_crimeoutcome": Story(
        {**CRIME, "outcome": "1"}, {"outcome": "9"}, {"outcome": "14"}, {"outcome": "15"}
    ),
    "risk_suspectdetails": Story(
        {"suspect_id": "S1", "surname": "Grove"},
        {"surname": "Groves"},
        {"surname": "Garrow"},
        {"surname": "Gorse"},
    ),
    "risk_occurrencefact": Story(
        OCCURRENCE,
        {"closed_on": date(2015, 6, 1)},
        {"closed_on": "2015-07-01"},
        {"closed_on": "2015-08-01"},
    ),
    "risk_suspectlevel": Story(
        {"occurrence_id": "O1", "set_on": "2015-05-02", "level": "HIGH"},
        {"level": "MEDIUM"},
        {"level": "LOW"},
        {"level": "UNSUBSTANTIATED"},
    ),
}


def extract(folder: Path, table: str, row: Row) -> ImportResult:
    """An extract with that row, and with all that the row refers to."""
    files: dict[str, list[Row]] = {"children": [JODIE], "episodes": [E1]}
    if table in ("risk_occurrencefact", "risk_suspectlevel"):
        files |= {"suspects": [{"suspect_id": "S1"}], "suspect_occurrences": [OCCURRENCE]}
    return import_files(folder, **{**files, FACT[table].file: [row]})


def test_every_kind_of_fact_that_says_something_has_its_story() -> None:
    assert set(STORIES) == {fact.table for fact in FACTS if fact.said}


@pytest.mark.parametrize("table", sampled(dict.fromkeys([*[*STORIES][::3], *STORIES]), 5))
def test_the_extract_s_value_is_taken_as_a_fact_of_the_hub(
    table: str, cast: Cast, ana: User, amira: User, tmp_path: Path
) -> None:
    story, file = STORIES[table], FACT[table].file
    extract(tmp_path, table, story.row)
    in_the_hub = recorded_in_the_hub(table, amira, **story.hub)
    second = extract(tmp_path, table, {**story.row, **story.second})
    assert (second.new_conflicts, counts(second, file).held_back) == (1, 1)
    conflict = ImportConflict.objects.get()
    assert conflict.hub_version() == in_the_hub
    assert conflict.said_by(in_the_hub) == conflict.in_hub

    settled(conflict, ana)
    new = standing(table)
    assert conflict.said_by(new) == conflict.in_extract
    assert (new.recorded_by, new.reason, new.source) == (ana, "The extract is right.", None)
    in_the_hub.refresh_from_db()
    assert (in_the_hub.superseded_at, in_the_hub.superseded_by) == (new.known_from, ana)
    assert renew_current_values(now=timezone.now(), by=operator()) == {
        "episodes": [],
        "children": [],
    }
    event = AuditEvent.objects.get(event="extract.taken")
    assert (event.username, event.reason) == ("ana", "The extract is right.")
    assert event.after == {"version": new.pk, "columns": sorted(conflict.in_extract)}

    again = take(tmp_path)
    assert (again.changes, again.new_conflicts, counts(again, file).held_back) == (0, 0, 0)
    third = extract(tmp_path, table, {**story.row, **story.third})
    assert (third.changes, third.new_conflicts) == (0, 1)
    assert standing(table) == new
    settled(ImportConflict.objects.get(settled_at=None), ana)
    back = extract(tmp_path, table, {**story.row, **story.second})
    assert back.new_conflicts == 1  # what was taken once is no answer to what the hub says now


@pytest.mark.parametrize("table", sampled(STORIES, 4))
def test_the_hub_s_record_is_kept_until_it_says_something_else(
    table: str, cast: Cast, ana: User, amira: User, tmp_path: Path
) -> None:
    story = STORIES[table]
    extract(tmp_path, table, story.row)
    in_the_hub = recorded_in_the_hub(table, amira, **story.hub)
    extract(tmp_path, table, {**story.row, **story.second})
    settled(ImportConflict.objects.get(), ana, Stands.HUB, "She told us herself.")
    assert standing(table) == in_the_hub
    assert take(tmp_path).new_conflicts == 0
    event = AuditEvent.objects.get(event="conflict.settled")
    assert (event.after, event.reason) == ({"stands": "hub"}, "She told us herself.")
    assert not AuditEvent.objects.filter(event="extract.taken").exists()


# --- ends, and what is current ---------------------------------------------------------------------


def test_an_end_that_is_taken_is_known_from_now_and_the_list_shows_it(
    cast: Cast, ana: User, amira: User, tmp_path: Path
) -> None:
    import_files(tmp_path)
    recorded_in_the_hub("referrals_episodefact", amira, closed_on=date(2015, 11, 1))
    import_files(tmp_path, episodes=[{**E1, "closed_on": "", "closure_reason": ""}])
    settled(ImportConflict.objects.get(), ana)
    fact = EpisodeFact.objects.known().get(episode__reference="E1")
    assert (fact.closed_on, fact.to_known_from) == (None, None)
    assert Episode.objects.get(reference="E1").closed_on is None
    import_files(tmp_path, episodes=[{**E1, "closed_on": "2015-12-01"}])
    settled(ImportConflict.objects.get(settled_at=None), ana)
    fact = EpisodeFact.objects.known().get(episode__reference="E1")
    assert (fact.closed_on, fact.to_known_from) == (date(2015, 12, 1), fact.known_from)
    assert Episode.objects.get(reference="E1").closed_on == date(2015, 12, 1)


def test_an_interview_that_is_taken_is_known_from_now(
    cast: Cast, ana: User, amira: User, tmp_path: Path
) -> None:
    story = STORIES["referrals_missingepisode"]
    extract(tmp_path, "referrals_missingepisode", story.row)
    recorded_in_the_hub("referrals_missingepisode", amira, **story.hub)
    extract(tmp_path, "referrals_missingepisode", {**story.row, **story.second})
    settled(ImportConflict.objects.get(), ana)
    fact = MissingEpisode.objects.known().get()
    assert fact.interview_known_from == fact.to_known_from == fact.known_from
    assert fact.reference == AuditEvent.objects.get(event="extract.taken").reference


def test_a_value_that_does_not_fit_what_the_hub_recorded_is_refused_whole(
    cast: Cast, ana: User, amira: User, tmp_path: Path
) -> None:
    import_files(tmp_path)
    recorded_in_the_hub("referrals_episodefact", amira, referring_agency="School")
    later = {**E1, "referred_on": "2016-04-02"}
    import_files(tmp_path, episodes=[later])  # no closed_on: the hub's, which it will have, stays
    conflict = ImportConflict.objects.get()
    recorded_in_the_hub("referrals_episodefact", amira, closed_on=date(2015, 11, 1))
    with pytest.raises(RuleBroken, match="does not fit"):
        settled(conflict, ana)
    conflict.refresh_from_db()
    assert conflict.settled_at is None
    assert EpisodeFact.objects.known().get(episode__reference="E1").recorded_by == amira
