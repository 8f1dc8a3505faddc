"""What the stories about engines share: connections, process ids, kills."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812  # it is a class

from hub.engines import actions, folders
from hub.engines.processes import listens, wait_for
from hub.engines.rules import (
    ENGINES,
    PROJECT,
    Places,
    parse_database_url,
)

ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="only root can become another user")


def places_of(data_dir: Path) -> Places:
    places = folders.find(data_dir)
    assert places is not None
    return places


def connect(url: str, **changed: str) -> Connection:
    parts = parse_database_url(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    told: dict[str, Any] = {word: parts[name] for name, word in names.items()}
    connection: Connection = psycopg2.connect(**{**told, "port": parts["PORT"], **changed})
    connection.autocommit = True
    return connection


def ask(url: str, statement: str, **changed: str) -> list[tuple[object, ...]]:
    connection = connect(url, **changed)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def ask_superuser(data_dir: Path, statement: str) -> list[tuple[object, ...]]:
    password = folders.read_secrets(places_of(data_dir)).postgres
    return ask(actions.urls(data_dir).database_url, statement, user="postgres", password=password)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def pids(data_dir: Path) -> dict[str, int]:
    found = actions.status(data_dir=data_dir)
    return {status.engine: status.pid for status in found if status.pid is not None}


def kill_both(data_dir: Path) -> dict[str, int]:
    killed = pids(data_dir)
    assert set(killed) == {"postgres", "valkey"}
    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)
    sockets = [places_of(data_dir).socket(engine) for engine in ENGINES]
    assert wait_for(lambda: not any(listens(socket) for socket in sockets), seconds=10)
    return killed


def run_python(code: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead but not yet buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state not in {"Z", "X"}
