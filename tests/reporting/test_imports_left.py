"""What is left when something dies: a killed worker, a lost message, a file that nobody wants."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from kombu.exceptions import OperationalError

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.errors import NotAllowed, RuleBroken
from hub.facts.models import FactSource
from hub.facts.moments import write_moment
from referrals.children.models import Child
from reporting.extracts.actions import import_extract
from reporting.extracts.rules.labels import clean_name
from reporting.imports import tasks
from reporting.imports.actions import clear_out, confirm, pick_up, work_on
from reporting.imports.actions.moving import move
from reporting.imports.models import ExtractUpload
from reporting.imports.rules import (
    ENDED,
    STARTS_AT_MOST,
    TRANSITIONS,
    WORK,
    LeftAlone,
    State,
    left_alone,
    part_done,
    state_before,
)
from tests.cast import Cast
from tests.reporting.uploading import confirmed, process, received, wait_for, work, zipped

pytestmark = pytest.mark.usefixtures("uploads", "hurried")
LATER = timedelta(minutes=4)
MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def wake(after: timedelta = LATER) -> list[int]:
    """What the timer finds, that much later."""
    return pick_up(now=timezone.now() + after, by=operator())


# --- the rules ---------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("was", State)
def test_an_upload_takes_the_steps_of_the_table_and_no_other(
    was: State, ana: User, cast: Cast
) -> None:
    for to in State:
        upload = received(b"a", ana, cast.bradford)
        upload.state = was
        if to not in TRANSITIONS[was]:
            with pytest.raises(RuleBroken):
                move(upload, to, now=MOMENT)
        elif was == State.UPLOADED:
            assert move(upload, to, now=MOMENT)
            assert not move(ExtractUpload(pk=upload.pk, state=was), State.CHECKING, now=MOMENT)
        else:  # the row itself still stands at the beginning
            assert not move(upload, to, now=MOMENT)


def test_every_state_is_reached_and_only_the_ends_lead_nowhere() -> None:
    reached = {State.UPLOADED, *(later for states in TRANSITIONS.values() for later in states)}
    assert reached == set(State)
    assert {state for state in State if not TRANSITIONS[state]} == ENDED
    assert all(state_before(working) == waiting for waiting, working in WORK.items())


@given(st.sampled_from(State), st.integers(1, 5), st.integers(0, 3600))
def test_only_what_moves_and_was_silent_too_long_is_woken(
    state: State, starts: int, seconds: int
) -> None:
    now = MOMENT + timedelta(seconds=seconds)
    deed = left_alone(state, starts=starts, heard_at=MOMENT, now=now)
    if state in WORK:
        assert (deed == LeftAlone.HURRY) == (seconds > 60)
    elif state in WORK.values() and seconds > 180:
        assert deed == (LeftAlone.GIVE_UP if starts >= STARTS_AT_MOST else LeftAlone.START_AGAIN)
    else:
        assert deed is None


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_can_be_shown_and_leads_nowhere(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= 100
    assert clean.isprintable()
    assert not set('/\\<>:"|?*\0\n') & set(clean)
    assert clean.strip(".")


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_reading_is_never_more_than_its_part(read: int, size: int) -> None:
    assert 0 <= part_done("Reading children.csv", read, size) <= part_done("Writing", 0, 0) < 100


# --- a killed worker ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_owed_that_fell_silent_is_started_again_and_done(
    ana: User, cast: Cast, tmp_path: Path
) -> None:
    upload = confirmed(tmp_path / "x", ana, cast.bradford)
    move(upload, State.IMPORTING, now=timezone.now(), starts=1)
    assert wake(timedelta(minutes=2)) == []
    assert wake() == [upload.pk]
    upload.refresh_from_db()
    assert upload.state == State.CONFIRMED
    assert work(upload).state == State.IMPORTED
    assert upload.starts == 2
    assert FactSource.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.UPLOADED, State.CONFIRMED])
def test_owed_that_dies_three_times_fails_with_a_sentence_and_nothing_imported(
    state: State, ana: User, cast: Cast, tmp_path: Path
) -> None:
    if state == State.CONFIRMED:
        upload = confirmed(tmp_path / "x", ana, cast.bradford)
    else:
        upload = received(zipped(tmp_path / "x"), ana, cast.bradford)
    for start in range(1, 4):
        move(upload, WORK[state], now=timezone.now(), starts=start)
        found = wake()
        upload.refresh_from_db()
        assert found == ([upload.pk] if start < 3 else [])
    assert upload.state == State.FAILED
    assert "stopped 3 times" in upload.message
    assert not FactSource.objects.exists()
    assert work(upload).state == State.FAILED


@pytest.mark.django_db
def test_a_message_that_was_lost_is_sent_again(ana: User, cast: Cast) -> None:
    upload = received(b"a", ana, cast.bradford)
    assert wake(timedelta(seconds=30)) == []
    assert wake(timedelta(seconds=90)) == [upload.pk]
    assert wake(timedelta(seconds=100)) == []
    upload.refresh_from_db()
    assert upload.state == State.UPLOADED


@pytest.mark.django_db
def test_a_worker_that_comes_back_late_publishes_nothing(
    ana: User, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = confirmed(tmp_path / "x", ana, cast.bradford)
    whole = import_extract

    def slow(**how: Any) -> Any:
        result = whole(**how)
        ExtractUpload.objects.filter(pk=upload.pk).update(starts=2)  # another took over
        return result

    monkeypatch.setattr("reporting.imports.actions.working.import_extract", slow)
    # Here all lies in one transaction, so the other's taking over is taken back as well.
    work(upload)
    assert not FactSource.objects.exists()
    assert not Child.objects.filter(reference="C1").exists()


@pytest.mark.django_db
def test_owed_beyond_the_time_limit_ends_with_its_sentence(
    ana: User, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = confirmed(tmp_path / "x", ana, cast.bradford)

    def endless(**_: Any) -> bool:
        move(upload, State.IMPORTING, now=timezone.now(), starts=1)
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(tasks, "work_on", endless)
    tasks.work(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.message) == (State.FAILED, tasks.TOO_LONG)


@pytest.mark.django_db
def test_the_tasks_call_the_actions_and_a_silent_queue_loses_nothing(
    ana: User, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = received(zipped(tmp_path / "x"), ana, cast.bradford)
    called: list[int] = []

    def silent(arguments: tuple[int], **_: Any) -> None:
        called.append(arguments[0])
        raise OperationalError

    monkeypatch.setattr(tasks.work, "apply_async", silent)
    ExtractUpload.objects.update(heard_at=MOMENT)
    tasks.pick_up_left()
    tasks.clear_out_old()
    assert called == [upload.pk]
    tasks.work(upload.pk)
    upload.refresh_from_db()
    assert upload.state == State.CHECKED


@pytest.mark.django_db
def test_only_who_imports_may_work_on_imports(amira: User, ana: User, cast: Cast) -> None:
    upload = received(b"a", ana, cast.bradford)
    with pytest.raises(NotAllowed):
        work_on(number=upload.pk, now=MOMENT, by=amira)
    with pytest.raises(NotAllowed):
        pick_up(now=MOMENT, by=amira)
    with pytest.raises(NotAllowed):
        clear_out(now=MOMENT, by=amira)


# --- real processes, two connections -----------------------------------------------------------------


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_writes_leaves_nothing_and_the_next_one_finishes(
    ana: User, cast: Cast, tmp_path: Path, uploads: Path
) -> None:
    upload = confirmed(tmp_path / "x", ana, cast.bradford)
    code = f"from reporting.imports.tasks import work; work({upload.pk})"
    with process(code, uploads) as worker, transaction.atomic():
        write_moment(cast.bradford.pk)  # the worker waits for this before it writes
        wait_for(upload, lambda: upload.step == "Writing")
        assert upload.state == State.IMPORTING
        assert upload.part_done == part_done("Writing", 0, 0)
        worker.kill()
        worker.wait()
    assert not Child.objects.filter(reference="C1").exists()
    assert wake() == [upload.pk]
    upload.refresh_from_db()
    assert work(upload).state == State.IMPORTED
    assert Child.objects.filter(reference="C1").count() == 1
    assert not any(path.suffix == ".zip" for path in uploads.iterdir())


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_confirm_at_once_one_does(ana: User, cast: Cast, tmp_path: Path) -> None:
    upload = work(received(zipped(tmp_path / "x"), ana, cast.bradford))
    seen, start, did = upload.state_since.isoformat(), Barrier(4), []

    def click() -> None:
        mine = ExtractUpload.objects.get(pk=upload.pk)
        start.wait()
        did.append(confirm(upload=mine, seen=seen, now=timezone.now(), by=ana))
        connection.close()

    people = [Thread(target=click) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(did) == [False, False, False, True]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_called_for_one_import_do_it_once(
    ana: User, cast: Cast, tmp_path: Path
) -> None:
    upload = confirmed(tmp_path / "x", ana, cast.bradford)

    def called() -> None:
        work_on(number=upload.pk, now=timezone.now(), by=operator())
        connection.close()

    workers = [Thread(target=called) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    upload.refresh_from_db()
    assert (upload.state, upload.starts) == (State.IMPORTED, 1)
    assert FactSource.objects.count() == 1


# --- clearing out ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_after_a_day_files_lists_and_strays_are_gone(
    ana: User, cast: Cast, tmp_path: Path, uploads: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        waiting = work(received(zipped(tmp_path / "x"), ana, cast.bradford))
        refused = work(received(b"no zip", ana, cast.bradford))
    fresh = received(b"a", ana, cast.bradford)
    stray = uploads / "stray.upload"
    stray.write_bytes(b"left by a crash")
    os.utime(stray, (0, 0))
    day = timezone.now() - timedelta(hours=25)
    ExtractUpload.objects.exclude(pk=fresh.pk).update(state_since=day)
    with django_capture_on_commit_callbacks(execute=True):
        clear_out(now=timezone.now(), by=operator())
    waiting.refresh_from_db()
    refused.refresh_from_db()
    assert waiting.state == State.CANCELLED
    assert "not confirmed within 24 hours" in waiting.message
    assert refused.faults_in == ""
    assert sorted(path.name for path in uploads.iterdir()) == sorted(
        [fresh.stored_as, waiting.faults_in]
    )
    ExtractUpload.objects.exclude(pk=fresh.pk).update(state_since=day)
    with django_capture_on_commit_callbacks(execute=True):
        clear_out(now=timezone.now(), by=operator())
    assert [path.name for path in uploads.iterdir()] == [fresh.stored_as]
