"""What every test can ask for."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import override_settings
from django.test.client import store_rendered_templates  # type: ignore[attr-defined]  # left out of the stubs
from pytest_django import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

from hub.site.middleware import with_room
from tests.emptied import sql_flush
from tests.kept import KEPT
from tests.memory import let_the_owner_rest_triggers, temporary_tables_in_memory
from tests.second_wall import requests_as_application
from tests.shaped import few_classes_made_anew

pytest_plugins = ["tests.laid", "tests.cast", "tests.sampled"]


def pytest_collection(session: pytest.Session) -> None:
    """Let the second process read the tests from the last: on a fresh clone two compile half of them each."""
    worker: str = getattr(session.config, "workerinput", {}).get("workerid", "gw0")
    if worker.endswith("1") and session.config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        root = session.config.rootpath
        for path in sorted(Path(root / "tests").rglob("test_*.py"), reverse=True):
            with suppress(Exception):  # what cannot be read is told where it is collected
                import_module(".".join(path.relative_to(root).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """Look for garbage among what the stories make alone, and less often: all else stays to the end."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def tables_are_emptied_quickly() -> Iterator[None]:
    """Empty the tables in our own way after a test that really commits."""
    refilling = "django.core.management.commands.flush.emit_post_migrate_signal"
    with patch.object(DatabaseOperations, "sql_flush", sql_flush), patch(refilling):
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_are_looked_for_once() -> Iterator[None]:
    """Find the static files once: each of Django's test clients looks through all their folders anew."""
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    plain = WhiteNoiseMiddleware.add_files_from_finders

    def add(server: Any) -> None:
        told = server.static_prefix, server.static_root, server.max_age, server.allow_all_origins
        if told not in found:
            plain(server)
            found[told] = dict(server.files)
        server.files.update(found[told])

    with patch.object(WhiteNoiseMiddleware, "add_files_from_finders", add):
        yield


@pytest.fixture(scope="session", autouse=True)
def one_transaction_holds_a_story() -> Iterator[None]:
    """Remember on the story's own connection: what a second one writes would outlive the story."""
    with override_settings(REMEMBERED_IN="default"):
        yield


@pytest.fixture(scope="session", autouse=True)
def answers_keep_one_context() -> Iterator[None]:
    """Keep the context of the page itself alone: Django's client copies that of each component too."""

    def store(kept: dict[str, list[Any]], **told: Any) -> None:
        if "context" not in kept:
            store_rendered_templates(kept, **told)

    with patch("django.test.client.store_rendered_templates", store):
        yield


@pytest.fixture(scope="session", autouse=True)
def stories_have_room() -> Iterator[None]:
    """Lay and run every story as the web server answers: it is called a hundred frames deep."""
    story = pytest.Function
    with patch.multiple(story, setup=with_room(story.setup), runtest=with_room(story.runtest)):
        yield


@pytest.fixture(scope="session")
def tables_are_made_quickly() -> Iterator[None]:
    """Let migrations make no more classes than they need (tests/shaped.py)."""
    with few_classes_made_anew():
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    tables_are_made_quickly: None,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    quick_passwords: None,
    tables_are_emptied_quickly: None,
) -> Iterator[None]:
    """Make the cast once, and keep it aside for every story that asks for it."""
    from tests.cast import make_cast, make_empty_hub  # a plugin: pytest rewrites it first
    from tests.laid import load_scales  # likewise

    with ExitStack() as stack:
        with django_db_blocker.unblock():
            let_the_owner_rest_triggers()
            stack.enter_context(temporary_tables_in_memory())
            call_command("flush", verbosity=0, interactive=False)  # a run that was killed left rows
            load_scales()
            KEPT.make(lambda: make_cast(make_empty_hub()))
            call_command("flush", verbosity=0, interactive=False)
        yield


@pytest.fixture(autouse=True)
def pages_pass_the_second_wall(
    request: pytest.FixtureRequest, scales_are_there: None
) -> Iterator[None]:
    """Answer every request of the test client as the application's role, on which row security acts.

    Not where a test really commits: there the client's connection is the web server's own to open.
    """
    if "db" not in request.fixturenames:
        yield
        return
    with requests_as_application():
        yield
