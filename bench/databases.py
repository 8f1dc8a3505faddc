"""Databases of the bench's own, beside the hub's, made empty and dropped at the end."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg2
from django.db import connection, transaction
from django.utils import timezone

# How many seconds a database that is cleaned may take until it is dropped.
PATIENCE = 60
MANAGE = str(Path(__file__).resolve().parent.parent / "manage.py")


@dataclass(frozen=True)
class Ran:
    """A finished command: its seconds and the most memory it held, in megabytes."""

    seconds: float
    megabytes: float
    output: str


def url_of(database: str) -> str:
    """Give the address of a database on the same server, as its owner.

    This process itself is the application's role, as the web server is: what it measures is what that
    role may do.
    """
    return urlunsplit(urlsplit(_owner())._replace(path=f"/{database}"))


def application_url(database: str) -> str:
    """Give the same address as the application's role."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def _owner() -> str:
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def command(database: str, *words: str, settings: str = "") -> Ran:
    """Run a management command on a database, with other settings if named; raises where it fails."""
    # Of the two addresses `migrate` takes the owner's where there is one: both name this database.
    here = url_of(database)
    environment = {**os.environ, "DATABASE_URL": here, "DATABASE_OWNER_URL": here}
    environment["DJANGO_SETTINGS_MODULE"] = settings or os.environ["DJANGO_SETTINGS_MODULE"]
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, MANAGE, *words],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        megabytes = 0.0
        while process.poll() is None:
            megabytes = max(megabytes, _most_held(process.pid))
            time.sleep(0.02)
        seconds = time.perf_counter() - start
        output.seek(0)
        said = output.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{said[-3000:]}")
    return Ran(seconds, megabytes, said)


def _most_held(pid: int) -> float:
    """Read the most memory a process has held. (getrusage would count its parent's, from before exec.)"""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


@contextmanager
def fresh(*names: str) -> Iterator[None]:
    """Make empty, migrated databases; drop them afterwards, whatever happened."""
    try:
        for name in names:
            _drop(name)
            _run(f'CREATE DATABASE "{name}"')
            command(name, "migrate", "--verbosity", "0")
        yield
    finally:
        _close_all()
        for name in names:
            _drop(name)


def load(name: str, episodes: int, seed: int) -> None:
    """Fill a database as the demo's is: a district, its people and an imported extract of that size."""
    from hub.access.context import act_as
    from hub.accounts.actions import operator
    from reporting.demo.actions import set_up_partners

    use(name)
    with transaction.atomic():
        act_as(operator())
        set_up_partners(now=timezone.now(), by=operator())
    with tempfile.TemporaryDirectory() as folder:
        extract = str(Path(folder) / "extract")
        words = ("--episodes", str(episodes), "--seed", str(seed), "--output", extract)
        command(name, "make_extract", *words)
        command(name, "import_extract", extract, "--no-progress")
    vacuum(name)


def connect(name: str) -> "psycopg2.extensions.connection":
    """Open a plain connection to a database."""
    return psycopg2.connect(url_of(name))


_open: dict[str, Any] = {}


def use(name: str) -> None:
    """Point Django's own connection at a database; the one it leaves stays open, warm for the next time."""
    _open[connection.settings_dict["NAME"]] = connection.connection
    connection.connection = _open.get(name)
    connection.settings_dict["NAME"] = name


_owners: dict[str, Any] = {}


def ask_as_owner(statement: str, values: Any = None) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Ask the database in use as its owner, past the second wall: what is measured against has none.

    Gives the names of the columns and the rows; nothing of either where the statement changes rows.
    """
    name = connection.settings_dict["NAME"]
    if name not in _owners:
        _owners[name] = connect(name)
        _owners[name].autocommit = True
    with _owners[name].cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.description is None:
            return [], []
        return [column.name for column in cursor.description], cursor.fetchall()


_past_the_wall: dict[str, Any] = {}


@contextmanager
def as_owner() -> Iterator[None]:
    """Let Django's own connection be the owner's meanwhile: the same code, past the second wall."""
    name, held = connection.settings_dict["NAME"], connection.connection
    if name not in _past_the_wall:
        opened, owner = connection.copy(), urlsplit(_owner())
        opened.settings_dict["USER"] = unquote(owner.username or "")
        opened.settings_dict["PASSWORD"] = unquote(owner.password or "")
        opened.connect()
        _past_the_wall[name] = opened.connection
    connection.connection = _past_the_wall[name]
    try:
        yield
    finally:
        connection.connection = held


def _close_all() -> None:
    connection.close()
    while _past_the_wall:
        _past_the_wall.popitem()[1].close()
    while _owners:
        _owners.popitem()[1].close()
    while _open:
        _name, opened = _open.popitem()
        if opened is not None:
            opened.close()


def vacuum(name: str) -> None:
    """Clean and analyse, as the server does by itself after a while."""
    _run("VACUUM (ANALYZE)", name)


def _drop(name: str) -> None:
    """Drop it, as soon as the server's own cleaning, which nobody but a superuser ends, is out of it."""
    for _second in range(PATIENCE):
        with suppress(psycopg2.errors.InsufficientPrivilege):
            _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        time.sleep(1)
    raise RuntimeError(f"{name} was not let go of within {PATIENCE} seconds: drop it by hand")


def _run(statement: str, database: str | None = None) -> None:
    opened = psycopg2.connect(url_of(database) if database else _owner())
    opened.autocommit = True
    with opened.cursor() as cursor:
        cursor.execute(statement)
    opened.close()
