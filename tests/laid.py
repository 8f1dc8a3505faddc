"""The cast, or the demo, laid once for all stories of a file: each story works on a savepoint above it.

The first story of a file that asks for the cast has it laid (tests/kept.py) in a transaction of the file's;
every story's own transaction is then a savepoint within, and is undone as ever. What really commits, or asks
for no cast, finds nothing laid: the file's transaction is undone before it.
"""

from collections.abc import Callable, Generator
from copy import deepcopy
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.kept import KEPT

COMMITTING = {"transactional_db", "live_server"}


class Table:
    """What is laid in this process, and for which file."""

    def __init__(self) -> None:
        self._atomic: transaction.Atomic | None = None
        self.file: object = None
        self.kind: str | None = None
        self._laid: Any = None

    def lay(self, file: object, kind: str, blocker: DjangoDbBlocker) -> None:
        """Have it laid for the stories of a file that want this kind, unless it is."""
        if self._atomic:
            return
        self._blocker = blocker
        self._atomic, self.file, self.kind = transaction.atomic(), file, kind
        self._atomic._from_testcase = True  # type: ignore[attr-defined]  # Django's own mark: no deed's transaction
        self._atomic.__enter__()
        self._laid = KINDS[kind]()

    def clear(self) -> None:
        """Undo it."""
        if self._atomic:
            with self._blocker.unblock():
                transaction.set_rollback(True)
                self._atomic.__exit__(None, None, None)
        self._atomic = self._laid = self.file = self.kind = None

    def copy(self) -> Any:
        """Give a copy that a story may change, or None where nothing is laid."""
        return deepcopy(self._laid)


TABLE = Table()


def really_commits(item: pytest.Item) -> bool:
    """Say whether a test commits what it writes, so that every table is emptied after it."""
    marker = item.get_closest_marker("django_db")
    asked = set(getattr(item, "fixturenames", ()))
    return bool(COMMITTING & asked or (marker and marker.kwargs.get("transaction")))


def wanted_by(item: pytest.Item) -> str | None:
    """What a test finds laid: of the kinds that it asks for the last one entered, which lays all it needs."""
    asked = () if really_commits(item) else getattr(item, "fixturenames", ())
    return next((kind for kind in reversed(KINDS) if kind in asked), None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Clear away what the next test does not want, before a browser is there to hide the connection."""
    if (wanted_by(item), item.getparent(pytest.Module)) != (TABLE.kind, TABLE.file):
        TABLE.clear()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Lay what a test wants before its own transaction."""
    kind = wanted_by(request.node) if fixturedef.argname == "_django_db_helper" else None
    if kind:
        blocker: DjangoDbBlocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock():
            TABLE.lay(request.node.getparent(pytest.Module), kind, blocker)
    return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the stories of a file that want the same laid follow each other, then those that commit."""
    places = {item.path: number for number, item in reversed(list(enumerate(items)))}
    items.sort(key=lambda item: (places[item.path], really_commits(item), wanted_by(item) or ""))


def lay_the_cast() -> Any:
    """Put the cast where no story has made anything yet."""
    load_scales()
    return KEPT.put_back()


# The fixture that a story asks for, and what lays it. Other kinds are entered where they are told.
KINDS: dict[str, Callable[[], object]] = {"cast": lay_the_cast}


def load_scales() -> None:
    """Load the risk scales again where a test that really commits came before: it empties every table.

    (Django's own serialized_rollback cannot do it beside a browser, whose event loop hides its data.)
    """
    if not apps.get_model("risk", "RiskScale").objects.exists():
        import_module("risk.migrations.0003_scale_of_2014").load(apps, None)


@pytest.fixture(autouse=True)
def scales_are_there(request: pytest.FixtureRequest) -> None:
    """Have the risk scales there for every test that asks for the database."""
    asked = {"db", *COMMITTING} & set(request.fixturenames)
    if asked or request.node.get_closest_marker("django_db"):
        commits = really_commits(request.node)
        request.getfixturevalue("transactional_db" if commits else "db")
        load_scales()
