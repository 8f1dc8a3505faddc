"""Ready or not: each part is asked, the answer is in words, and an unsafe database is refused."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.test import Client, override_settings
from django.utils import timezone

from hub.accounts.models import User
from hub.celery import app
from hub.health import queries, start
from hub.health.actions import beat
from hub.health.models import Heartbeat
from hub.health.rules import DatabaseFacts, Readiness, is_fresh, unsafe_database
from hub.health.tasks import heartbeat
from tests.cast import ClientFor
from tests.hub.test_settings import PRODUCTION

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SAFE = DatabaseFacts("hub_app", False, False, False, "on", "on")
AWAY = OperationalError("could not connect to server: the password was lantern-kestrel")


@contextmanager
def redis_that(answers: bool) -> Iterator[None]:
    with patch.object(queries, "_redis_answers", return_value=answers):
        yield


def ask(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/ready/")
    assert isinstance(response, JsonResponse)
    return response.status_code, response.json()


# --- the page ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_all_is_ready_when_every_part_answers(client: Client) -> None:
    beat(now=timezone.now())
    with redis_that(answers=True):
        assert ask(client) == (
            200,
            {
                "status": "ready",
                "parts": {
                    "database": "answers",
                    "migrations": "all applied",
                    "redis": "answers",
                    "worker": "at work",
                },
            },
        )


@pytest.mark.django_db
def test_a_worker_that_was_never_seen_makes_the_hub_not_ready(client: Client) -> None:
    with redis_that(answers=True):
        status, page = ask(client)
    assert (status, page["status"]) == (503, "not ready")
    assert page["parts"]["worker"] == "not seen for two minutes"
    assert page["parts"]["database"] == "answers"


@pytest.mark.django_db
def test_a_worker_that_stopped_two_minutes_ago_is_missed(client: Client) -> None:
    beat(now=timezone.now() - timedelta(minutes=2))
    with redis_that(answers=True):
        assert ask(client)[0] == 503


@pytest.mark.django_db
def test_a_queue_that_is_away_makes_the_hub_not_ready(client: Client) -> None:
    beat(now=timezone.now())
    with override_settings(CELERY_BROKER_URL="unix:///nowhere/valkey.sock?db=0"):
        status, page = ask(client)
    assert status == 503
    assert page["parts"]["redis"] == "does not answer"


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_makes_the_hub_not_ready(client: Client) -> None:
    beat(now=timezone.now())
    MigrationRecorder(connection).record_unapplied("hub", "0004_heartbeat")
    with redis_that(answers=True):
        status, page = ask(client)
    assert status == 503
    assert page["parts"]["migrations"] == "not all applied"


@pytest.mark.django_db
def test_a_database_that_is_away_is_told_in_a_word_and_what_it_knows_is_not_known(
    client: Client,
) -> None:
    with redis_that(answers=True), patch.object(connection, "cursor", side_effect=AWAY):
        status, page = ask(client)
    assert status == 503
    assert page["parts"] == {
        "database": "does not answer",
        "migrations": "not known",
        "redis": "answers",
        "worker": "not known",
    }
    assert "lantern" not in str(page)


@pytest.mark.django_db
def test_a_database_without_the_hubs_tables_answers_but_is_not_ready() -> None:
    broken = patch.object(queries, "_worker_seen", side_effect=OperationalError("no table"))
    with redis_that(answers=True), broken:
        assert queries.readiness(NOW) == Readiness(True, None, True, None)


@pytest.mark.django_db
def test_the_page_tells_nothing_of_the_one_who_asks(client_for: ClientFor, amira: User) -> None:
    with redis_that(answers=True):
        signed, anyone = ask(client_for(amira)), ask(client_for(None))
    assert signed == anyone


@pytest.mark.parametrize(
    ("answers", "ready"),
    [(b"+OK\r\n+PONG\r\n", True), (b"-WRONGPASS\r\n-NOAUTH\r\n", False), (b"", False)],
)
def test_a_redis_is_told_its_password_and_heard(answers: bytes, ready: bool) -> None:
    told = []
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as thread:

        def answer() -> None:
            with server.accept()[0] as line:
                told.append(line.recv(1000))
                line.sendall(answers)

        heard = thread.submit(answer)
        url = f"redis://:p%40ss@127.0.0.1:{server.getsockname()[1]}/0"
        with override_settings(CELERY_BROKER_URL=url):
            assert queries._redis_answers() is ready
        heard.result()
    assert told == [b"*2\r\n$4\r\nAUTH\r\n$4\r\np@ss\r\n*1\r\n$4\r\nPING\r\n"]


def test_the_queue_of_the_tests_answers() -> None:
    assert queries._redis_answers()


@pytest.mark.long
def test_a_web_worker_brings_no_more_than_it_serves_with() -> None:
    code = "import sys, hub.wsgi, hub.urls; print({'celery', 'redis', 'tqdm'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_the_web_server_answers_with_room() -> None:
    """As docs/decisions/0035-room-for-a-request.md says; tests/hub/test_site.py tells what it is for."""
    code = "import hub.wsgi; print(hub.wsgi.application.__code__.co_stacksize > 60_000)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "True\n"


def test_who_hurries_an_upload_knows_the_broker() -> None:
    code = (
        "import hub.wsgi, reporting.imports.tasks as t; from unittest.mock import patch\n"
        "from reporting.imports.views import hurry\n"
        "with patch.object(t, 'hurry'): hurry(1)\n"
        "print(bool(t.work.app.conf.broker_url))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "True\n"


# --- the heartbeat -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_task_leaves_one_row_however_often_it_beats() -> None:
    heartbeat()
    heartbeat()
    row = Heartbeat.objects.get()
    assert timezone.now() - row.seen_at < timedelta(seconds=30)
    assert str(row).startswith("worker 20")


def test_the_timer_beats_at_least_four_times_before_the_worker_is_missed() -> None:
    entry: dict[str, Any] = app.conf.beat_schedule["heartbeat"]
    app.loader.import_default_modules()
    assert entry["task"] in app.tasks
    assert entry["schedule"] * 4 <= 120


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(0, True), (119, True), (120, False), (600, False), (-5, True)]
)
def test_a_beat_is_fresh_for_two_minutes(seconds: int, fresh: bool) -> None:
    assert is_fresh(NOW - timedelta(seconds=seconds), NOW) is fresh


def test_no_beat_at_all_is_not_fresh() -> None:
    assert not is_fresh(None, NOW)


# --- an unsafe database is refused -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (replace(SAFE, superuser=True), "a superuser"),
        (replace(SAFE, bypasses_row_security=True), "passes by row security"),
        (replace(SAFE, owns_tables=True), "owns tables"),
        (replace(SAFE, fsync="off"), "fsync off"),
        (replace(SAFE, synchronous_commit="off"), "synchronous_commit off"),
        (replace(SAFE, without_wall=("risk_review",)), "not forced on risk_review"),
        (replace(SAFE, lets_anybody_in=True), "in with any password"),
    ],
)
def test_each_unsafe_fact_of_a_database_has_its_sentence(facts: DatabaseFacts, says: str) -> None:
    (sentence,) = unsafe_database(facts)
    assert says in sentence
    assert sentence.endswith(".")


def test_a_safe_database_has_no_sentence() -> None:
    assert unsafe_database(SAFE) == []
    assert unsafe_database(replace(SAFE, synchronous_commit="remote_apply")) == []


@pytest.mark.django_db
def test_the_database_says_that_the_tests_run_as_the_owner_and_keep_what_they_write() -> None:
    facts = queries.database_facts()
    assert facts.owns_tables
    assert (facts.fsync, facts.synchronous_commit) == ("on", "on")


@pytest.mark.django_db
def test_a_table_that_tells_of_a_child_without_a_wall_is_found() -> None:
    assert queries.database_facts().without_wall == ()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planted (child_id bigint)")
        cursor.execute("ALTER TABLE risk_review NO FORCE ROW LEVEL SECURITY")
    assert queries.database_facts().without_wall == ("planted", "risk_review")


@pytest.mark.parametrize(("refused", "anybody"), [(AWAY, False), (None, True)])
@pytest.mark.django_db
def test_a_database_that_trusts_whoever_comes_is_found(
    refused: Exception | None, anybody: bool
) -> None:
    with patch.object(BaseDatabaseWrapper, "connect", side_effect=refused):
        assert queries._lets_anybody_in() is anybody


@pytest.mark.django_db
def test_behind_tls_the_owner_is_refused_and_elsewhere_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with patch.object(connection, "close"):
        with override_settings(BEHIND_TLS=True), pytest.raises(ImproperlyConfigured, match="owns"):
            start.refuse_unsafe_database()
        start.refuse_unsafe_database()
    assert "owns tables" in caplog.text


def test_a_database_that_cannot_be_asked_is_refused() -> None:
    with (
        patch.object(start, "database_facts", side_effect=AWAY),
        pytest.raises(ImproperlyConfigured, match="cannot be asked") as refused,
    ):
        start.refuse_unsafe_database()
    assert "lantern" not in str(refused.value)


@pytest.mark.parametrize("signal", [worker_init, beat_init])
def test_a_worker_or_timer_on_an_unsafe_database_ends(signal: Any) -> None:
    unsafe = ImproperlyConfigured("it owns tables")
    with (
        patch.object(start, "refuse_unsafe_database", side_effect=unsafe),
        pytest.raises(SystemExit),
    ):
        signal.send(sender=None)


@pytest.mark.django_db(transaction=True)
def test_a_web_process_that_signs_in_as_the_owner_does_not_start() -> None:
    found = connection.settings_dict
    url = f"postgresql://{found['USER']}:{found['PASSWORD']}@/{found['NAME']}?host={found['HOST']}"
    environment = {"PATH": os.environ["PATH"], **PRODUCTION, "REDIS_URL": "redis://localhost/0"}
    result = subprocess.run(
        [sys.executable, "-c", "import hub.wsgi"],
        env={**environment, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "owns tables: it could undo their rules." in result.stderr.splitlines()[-1]
