"""What the importer promises of a good extract: it reads every form of it, and says what it did."""

import hashlib
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from hub.accounts.actions import operator
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed, RuleBroken
from hub.facts.models import FactSource
from partners.partnerships.models import Partnership
from referrals.children.models import Address, Child, ChildDetails
from referrals.episodes.models import Episode, EpisodeFact
from referrals.missing.models import MissingEpisode
from reporting.extracts.actions import import_extract
from reporting.extracts.rules.facts import FACTS
from reporting.upkeep.actions import renew_current_values
from risk.crimes.models import CrimeOutcome
from risk.levels.models import RiskLevel
from risk.suspects.models import SuspectDetails
from tests.cast import Cast
from tests.oracle.extracts import mutate_extract, random_extract
from tests.reporting.importing import (
    CRIME,
    E1,
    JODIE,
    Heard,
    counts,
    import_files,
    level,
    take,
    write_extract,
)
from tests.sampled import sampled

pytestmark = pytest.mark.django_db


def test_a_freshly_migrated_database_imports_at_once(tmp_path: Path) -> None:
    result = import_files(tmp_path, risk_levels=[level("2015-04-03", "HIGH")])
    assert Partnership.objects.get().code == "bradford"
    assert result.first
    episode = Episode.objects.get()
    assert (episode.reference, episode.child.reference, episode.level) == ("E1", "C1", "HIGH")
    assert episode.level_set_on == date(2015, 4, 3)
    assert RiskLevel.objects.get().scale.code == "cse-2014"


def test_a_zip_reads_like_its_folder_and_so_does_one_that_holds_the_folder(tmp_path: Path) -> None:
    folder = write_extract(tmp_path / "x", risk_levels=[level("2015-04-03", "HIGH")])
    for name, prefix in (("flat.zip", ""), ("deep.zip", "export/")):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in folder.iterdir():
                archive.write(path, prefix + path.name)
            archive.writestr("__MACOSX/._children.txt", "what a Mac adds")
    assert take(tmp_path / "flat.zip").changes
    again = take(tmp_path / "deep.zip")
    assert not again.changes
    assert again.notes == [
        "__MACOSX/._children.txt is not a file of the extract and was left aside."
    ]


def test_the_same_extract_in_another_dress_changes_nothing(tmp_path: Path) -> None:
    import_files(
        tmp_path,
        risk_levels="episode_id,set_on,level,rationale\nE1,2015-04-03,HIGH,a\nE1,2015-05-01,LOW,b\n",
    )
    dressed = (
        '\ufefflevel,"rationale",extra,set_on,episode_id\r\n'
        '"LOW",b,x,"01/05/2015",E1\r\n\r\nHIGH,a,"y\nz",03/04/2015,E1\r\n'
    )
    result = import_files(tmp_path, risk_levels=dressed)
    assert counts(result, "risk_levels").unchanged == 2
    assert not result.changes
    assert result.notes == ["risk_levels.csv: column 'extra' is not known and was ignored."]


def test_a_second_import_of_the_same_writes_nothing_but_that_it_was_made(tmp_path: Path) -> None:
    random_extract(7, tmp_path)
    first = take(tmp_path)
    before = {fact.table: _count(fact.table) for fact in FACTS}
    again = take(tmp_path)
    assert first.changes
    assert again.published_at is None
    assert all(line.unchanged == line.read for line in again.files)
    assert {fact.table: _count(fact.table) for fact in FACTS} == before
    assert FactSource.objects.count() == 1
    assert AuditEvent.objects.filter(event="extract.imported").count() == 2


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


@pytest.mark.long
@pytest.mark.parametrize("seed", sampled(range(6), 1))
def test_any_valid_extract_imports_and_every_row_is_accounted_for(
    seed: int, tmp_path: Path
) -> None:
    random_extract(seed, tmp_path)
    take(tmp_path)
    for change in range(2):
        mutate_extract(100 * seed + change, tmp_path)
        result = take(tmp_path)
        for line in result.files:
            assert line.read == line.new + line.changed + line.unchanged
        assert not take(tmp_path).changes
        # The night's upkeep computes the current values in its own way, and finds them right.
        found = renew_current_values(now=timezone.now(), by=operator())
        assert not any(found.values())


def _read_so_far(table: str) -> int:
    """Rows read; what transactions before this one read counts too, until PostgreSQL has passed it on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = %s",
            [table],
        )
        return int(cursor.fetchone()[0])


def test_tables_last_counted_when_empty_do_not_make_an_import_read_each_row_for_each_other(
    tmp_path: Path,
) -> None:
    random_extract(0, tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE referrals_child, referrals_childdetails, referrals_matchkey")
    before = _read_so_far("referrals_matchkey")
    take(tmp_path)
    renew_current_values(now=timezone.now(), by=operator())
    read = _read_so_far("referrals_matchkey") - before
    # In one pass it is four times, else twenty to thousands.
    assert read < 10 * _count("referrals_matchkey")


@pytest.mark.drill
def test_any_of_hundreds_of_valid_extracts_imports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(1000, 1300):
        with capsys.disabled():
            sys.stdout.write(f"seed {seed}\n")
        folder = tmp_path / str(seed)
        random_extract(seed, folder)
        take(folder)
        for change in range(3):
            mutate_extract(10 * seed + change, folder)
            take(folder)
            assert not take(folder).changes


def test_the_trail_has_one_event_with_checksums_and_counts(tmp_path: Path) -> None:
    result = import_files(tmp_path)
    event = AuditEvent.objects.get(event="extract.imported")
    source = FactSource.objects.get()
    assert event.username == operator().username
    assert event.at == source.published_at == result.published_at
    told = event.after["files"]["children.csv"]  # type: ignore[index]
    assert told["sha256"] == hashlib.sha256((tmp_path / "children.csv").read_bytes()).hexdigest()
    assert (told["read"], told["new"]) == (1, 1)
    assert event.before["children"] == 0  # type: ignore[index]
    assert event.after["counts"]["open episodes"] == 1  # type: ignore[index]
    assert ChildDetails.objects.get().source == source


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("", "x"),
        ("March.zip", "March.zip"),
        ("../../March\u202e <of> 'the'\n hub.zip", "March_ _of_ _the_ hub.zip"),
        ("..", "extract.zip"),
        ("a" * 300, "a" * 96 + ".zip"),
    ],
)
def test_its_source_and_the_trail_bear_a_name_that_can_be_shown(
    given: str, label: str, tmp_path: Path
) -> None:
    take(write_extract(tmp_path / "x"), label=given)
    assert FactSource.objects.get().label == label
    assert AuditEvent.objects.get(event="extract.imported").reference == label


def test_it_ends_with_headline_counts_before_and_after(tmp_path: Path) -> None:
    import_files(tmp_path, risk_levels=[level("2015-04-03", "HIGH")])
    result = import_files(
        tmp_path,
        episodes=[
            E1,
            {**E1, "episode_id": "E2"},
            {**E1, "episode_id": "E3", "closed_on": "2016-01-01"},
        ],
        crimes=[CRIME],
    )
    assert result.before["episodes"] == 1
    expected = {
        "children": 1, "episodes": 3, "open episodes": 2, "open, HIGH": 1, "open, MEDIUM": 0,
        "open, LOW": 0, "open, NO_RISK": 0, "open, level not set": 1, "crimes": 1, "suspects": 0,
        "suspect occurrences": 0,
    }  # fmt: skip
    assert result.after == expected


def test_empty_cells_are_not_recorded_and_have_the_meaning_of_the_contract(tmp_path: Path) -> None:
    import_files(
        tmp_path,
        children=[{**JODIE, "gender": "", "learning_disability": ""}],
        episodes=[{**E1, "exploitation_types": ""}],
        addresses=[{"child_id": "C1", "from_date": "2015-01-01", "out_of_area": ""}],
        crimes=[{**CRIME, "outcome": ""}],
        suspects=[{"suspect_id": "S1", "gender": ""}],
    )
    details = ChildDetails.objects.get()
    assert (details.gender, details.ethnicity, details.learning_disability) == ("U", "", None)
    assert EpisodeFact.objects.get().exploitation_types == []
    assert Address.objects.get().out_of_area is False
    assert CrimeOutcome.objects.get().outcome == "NEW"
    assert SuspectDetails.objects.get().gender == "U"


def test_formula_like_cells_and_quoted_line_ends_are_plain_data(tmp_path: Path) -> None:
    said = '=HYPERLINK("x")\r\nsecond line, \\N and \\. too'
    import_files(tmp_path, risk_levels=[level("2015-04-03", "HIGH", rationale=said)])
    assert RiskLevel.objects.get().rationale == said


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2015-10-25T01:30", datetime(2015, 10, 25, 0, 30, tzinfo=UTC)),
        ("2015-10-25T01:30Z", datetime(2015, 10, 25, 1, 30, tzinfo=UTC)),
        ("2015-03-29T01:30", datetime(2015, 3, 29, 1, 30, tzinfo=UTC)),
        ("2015-07-01 10:00:30.5", datetime(2015, 7, 1, 9, 0, 30, 500000, tzinfo=UTC)),
        ("2015-07-01T10:00+0530", datetime(2015, 7, 1, 4, 30, tzinfo=UTC)),
        ("2015-01-01T10:00:00-01:00", datetime(2015, 1, 1, 11, 0, tzinfo=UTC)),
    ],
)
def test_a_timestamp_without_an_offset_is_londons(
    written: str, meant: datetime, tmp_path: Path
) -> None:
    row = {"missing_id": "M1", "child_id": "C1", "missing_from": written}
    import_files(tmp_path, missing_episodes=[row])
    assert MissingEpisode.objects.get().missing_from == meant


def test_current_values_are_those_that_hold_today(tmp_path: Path) -> None:
    worker = {"episode_id": "E1", "from_date": "2015-04-02", "lead": "Y"}
    result = import_files(
        tmp_path,
        episodes=[E1, {**E1, "episode_id": "E2", "closed_on": "2016-01-01"}],
        risk_levels=[
            level("2015-05-01", "HIGH"),
            level("2015-05-01", "LOW"),
            level("2099-01-01", "HIGH"),
        ],
        reviews=[
            {"episode_id": "E1", "due_on": "2015-06-01", "done_on": "2015-06-01"},
            {"episode_id": "E1", "due_on": "2015-08-01"},
            {"episode_id": "E1", "due_on": "2015-07-01"},
            {"episode_id": "E2", "due_on": "2015-07-01"},
        ],
        allocations=[
            {**worker, "worker": "W1", "worker_name": "Ann Past", "to_date": "2015-05-01"},
            {**worker, "worker": "W2", "worker_name": "Bo Present", "from_date": "2015-05-01"},
            {**worker, "worker": "W3", "worker_name": "Cy Helper", "lead": "N"},
        ],
    )
    first, second = Episode.objects.order_by("reference")
    assert (first.level, first.level_set_on) == ("LOW", date(2015, 5, 1))
    assert (first.review_due_on, first.lead_worker) == (date(2015, 7, 1), "Bo Present")
    assert (second.closed_on, second.review_due_on, second.level) == (date(2016, 1, 1), None, "")
    assert result.after["open, LOW"] == 1


def test_ids_are_unique_within_a_partnership_only(tmp_path: Path) -> None:
    import_files(tmp_path)
    take(tmp_path, partnership_code="kirklees")
    assert Child.objects.filter(reference="C1").count() == 2
    assert FactSource.objects.filter(first=True).count() == 2


def test_an_unknown_partnership_is_refused_and_none_is_made(tmp_path: Path) -> None:
    write_extract(tmp_path)
    with pytest.raises(RuleBroken, match="No partnership has the code mordor"):
        take(tmp_path, partnership_code="mordor")
    assert not Partnership.objects.exists()


def test_only_who_may_import_for_that_partnership_does(cast: Cast, tmp_path: Path) -> None:
    write_extract(tmp_path)
    for name in ("amira", "otto", "gus"):
        with pytest.raises(NotAllowed):
            import_extract(path=tmp_path, by=cast.people[name])
    with pytest.raises(NotAllowed):
        import_extract(path=tmp_path, partnership_code="kirklees", by=cast.people["ana"])
    assert import_extract(path=tmp_path, by=cast.people["ana"]).changes


def test_odd_things_are_warned_of_and_imported(tmp_path: Path) -> None:
    heard = Heard()
    write_extract(
        tmp_path,
        children=[{**JODIE, "nhs_number": "943 476 5918", "upn": "B823432104567"}],
        episodes=[
            {**E1, "closed_on": "2015-06-01"},
            {**E1, "episode_id": "E2", "referred_on": "2015-05-01"},
        ],
        risk_levels=[level("2015-07-01", "LOW"), level("2015-04-01", "LOW")],
        crimes=[{**CRIME, "recorded_on": "2015-05-31"}],
        suspects=[{"suspect_id": "S1"}],
        crime_suspects=[{"crime_ref": "K1", "suspect_id": "S1"}] * 2,
    )
    result = take(tmp_path, listener=heard)
    assert heard.warnings == [
        "children.csv:2: nhs_number: has a wrong check digit (9434765918)",
        "children.csv:2: upn: has a wrong check digit (B823432104567)",
        "crime_suspects.csv:3: suspect_id: is linked to the crime already (S1)",
        "crimes.csv:2: recorded_on: lies before offence_date (2015-05-31)",
        "episodes.csv:3: referred_on: another episode of the child was open (2015-05-01)",
        "risk_levels.csv:2: set_on: lies after the closing of the episode, 2015-06-01 (2015-07-01)",
        "risk_levels.csv:3: set_on: lies before the referral of the episode, 2015-04-02 (2015-04-01)",
    ]
    assert counts(result, "children").warnings == 2
    assert RiskLevel.objects.count() == 2


def test_nothing_is_left_in_staging(tmp_path: Path) -> None:
    import_files(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relpersistence <> 'p' AND relkind = 'r'")
        assert cursor.fetchall() == []
