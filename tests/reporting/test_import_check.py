"""The check of an extract: it foresees what the import does, and nobody's writing waits for it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hub.accounts.actions import operator
from hub.errors import NotAllowed
from hub.facts.models import FactSource
from hub.facts.moments import LOCK_SPACE
from partners.partnerships.actions import set_up
from partners.partnerships.models import Partnership
from referrals.episodes.models import Episode
from reporting.extracts.actions import ExtractRefused, check_extract
from reporting.extracts.models import ImportConflict
from reporting.extracts.rules.facts import FACTS, IDENTITIES
from reporting.extracts.rules.outcome import ImportResult
from tests.cast import NOW, Cast
from tests.make import set_level
from tests.oracle.extracts import mutate_extract, random_extract
from tests.reporting.importing import (
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
TABLES = (*{fact.table for fact in FACTS}, *IDENTITIES.values())


def check(path: Path, **options: Any) -> ImportResult:
    """Check as the operator does."""
    partnership = Partnership.objects.get(code="bradford")
    return check_extract(path=path, partnership=partnership, by=operator(), **options)


def check_and_take(path: Path, **options: Any) -> ImportResult:
    """Both, which must agree; the import's result."""
    foreseen = check(path, **options)
    done = take(path, **options)
    assert foreseen.files == done.files
    assert foreseen.before == done.before
    assert foreseen.after == done.after
    assert foreseen.new_conflicts == done.new_conflicts
    assert (foreseen.first, foreseen.notes) == (done.first, done.notes)
    return done


@pytest.fixture(autouse=True)
def bradford() -> Partnership:
    """The partnership, with nothing in it."""
    return set_up(code="bradford", now=NOW, by=operator())


@pytest.mark.long
@pytest.mark.parametrize("seed", sampled(range(8), 1))
def test_what_is_foreseen_is_what_the_import_then_does(seed: int, tmp_path: Path) -> None:
    random_extract(seed, tmp_path)
    assert check_and_take(tmp_path).first
    for change in range(3):
        mutate_extract(100 * seed + change, tmp_path)
        check_and_take(tmp_path)
    assert not check_and_take(tmp_path).changes


@pytest.mark.long
def test_levels_of_the_hub_days_to_come_and_columns_left_out_are_foreseen_too(
    tmp_path: Path,
) -> None:
    others = [{**E1, "episode_id": f"E{n}"} for n in range(2, 6)]
    import_files(
        tmp_path,
        episodes=[E1, *others],
        risk_levels=[level("2015-05-01", "HIGH", f"E{n}") for n in range(1, 5)],
    )
    by = operator()
    set_level(
        episode=Episode.objects.get(reference="E1"), level="LOW", set_on=date(2015, 6, 1), by=by
    )
    later = [
        level("2015-06-01", "MEDIUM"),  # a conflict
        level("2015-05-01", "LOW", "E2"),  # changed; that of E3 is withdrawn
        level("2015-05-01", "HIGH", "E4"),
        level("2999-01-01", "LOW", "E4"),
        level("2015-05-01", "NO_RISK", "E5"),
        level("2015-05-01", "HIGH", "E6"),
    ]
    write_extract(
        tmp_path,
        episodes=[E1, *others, {**E1, "episode_id": "E6"}],
        risk_levels=later,
    )
    done = check_and_take(tmp_path)
    assert done.new_conflicts == 1
    assert {name: count for name, count in done.after.items() if name.startswith("open, ")} == {
        "open, HIGH": 2,
        "open, MEDIUM": 0,
        "open, LOW": 2,
        "open, NO_RISK": 1,
        "open, level not set": 1,
    }
    closed = [{**row, "closed_on": "2016-01-01"} for row in (E1, *others)]
    write_extract(tmp_path, episodes=closed)
    assert check_and_take(tmp_path).after["open episodes"] == 1
    write_extract(tmp_path, episodes=[E1, *others])  # no closed_on: the closings stay
    assert check_and_take(tmp_path).after["open episodes"] == 1


def test_rows_left_out_are_foreseen_and_faults_are_told(tmp_path: Path) -> None:
    write_extract(tmp_path, children=[JODIE, {**JODIE, "child_id": "C2", "gender": "X"}])
    heard = Heard()
    with pytest.raises(ExtractRefused, match="1 fault"):
        check(tmp_path, listener=heard)
    assert heard.faults == ["children.csv:3: gender: is none of F, M, U (X)"]
    assert counts(check(tmp_path, skip_bad_rows=True), "children").refused == 1


def test_nothing_is_written_by_a_check(tmp_path: Path) -> None:
    import_files(tmp_path)
    set_level(episode=Episode.objects.get(), level="HIGH", set_on=date(2015, 5, 1), by=operator())
    write_extract(tmp_path, risk_levels=[level("2015-05-01", "LOW"), level("2015-06-01", "LOW")])
    assert check(tmp_path).new_conflicts == 1
    assert FactSource.objects.count() == 1
    assert not ImportConflict.objects.exists()
    assert Episode.objects.get().levels.count() == 1


def test_a_check_waits_for_no_writer_and_no_writer_for_it(
    bradford: Partnership, tmp_path: Path
) -> None:
    """Another connection holds what a writer holds, from the moment's lock to each table of facts."""
    random_extract(3, tmp_path)
    other: Any = connection.get_new_connection(connection.get_connection_params())
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, bradford.pk])
            cursor.execute(f"LOCK TABLE {', '.join(TABLES)} IN SHARE ROW EXCLUSIVE MODE")
            with connection.cursor() as own:
                own.execute("SET LOCAL lock_timeout = '1s'")
            assert check(tmp_path).changes
            cursor.execute("ROLLBACK")
            # And what the check's transaction still holds keeps nobody from writing.
            cursor.execute("SET lock_timeout = '1s'")
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, bradford.pk])
            assert cursor.fetchone() == (True,)
            cursor.execute(f"LOCK TABLE {', '.join(TABLES)} IN SHARE ROW EXCLUSIVE MODE")
    finally:
        other.close()


def test_only_who_may_import_there_may_check(cast: Cast, tmp_path: Path) -> None:
    write_extract(tmp_path)
    for person, partnership in (("amira", cast.bradford), ("ana", cast.kirklees)):
        with pytest.raises(NotAllowed):
            check_extract(path=tmp_path, partnership=partnership, by=cast.people[person])
