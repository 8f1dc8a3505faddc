"""Processes that outlive the command that started them, and the locks they are known by.

An engine inherits a locked file from whoever starts it. The kernel frees the lock when the last
process of the engine has ended, however it ended: so a process id that was noted long ago, and
meanwhile belongs to somebody else, is never taken for an engine.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PAUSE = 0.05
_LONGEST_LOG = 10_000_000

# The locks that this process shares until it ends.
_used: dict[Path, int] = {}


class EngineError(Exception):
    """An engine could not be started, reached or stopped; the message is for the person."""


@dataclass(frozen=True)
class Account:
    """The unprivileged user that engines run as where root starts them."""

    name: str
    uid: int
    gid: int


def open_lock(path: Path) -> int:
    """Open a lock file, making it if need be; the number is not inherited unless passed on."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock for a block, waiting for whoever holds it now."""
    lock = open_lock(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def held(path: Path) -> bool:
    """Whether some living process holds the lock."""
    if not path.exists():
        return False
    lock = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(lock)


def take(path: Path, *, seconds: float) -> int | None:
    """Take the lock and return its open file, or None if it stays held for `seconds`."""
    lock = open_lock(path)
    if wait_for(lambda: _locked(lock), seconds=seconds):
        return lock
    os.close(lock)
    return None


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def use(path: Path) -> None:
    """Share the lock for as long as this process lives: it counts on what the lock stands for."""
    if path not in _used:
        _used[path] = open_lock(path)
        fcntl.flock(_used[path], fcntl.LOCK_SH)


def in_use(path: Path) -> bool:
    """Whether another process shares the lock; our own share is given up by asking."""
    ours = _used.pop(path, None)
    if ours is not None:
        os.close(ours)
    lock = open_lock(path)
    try:
        return not _locked(lock)
    finally:
        os.close(lock)


def wait_for(holds: Callable[[], bool], *, seconds: float) -> bool:
    """Ask again and again until it holds; False when the seconds have passed."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True


@dataclass(frozen=True)
class Launch:
    """What it takes to start an engine: command, lock, log, folder to work in, user to be."""

    command: Sequence[str | Path]
    lock: Path
    log: Path
    folder: Path
    account: Account | None


def launch(start: Launch) -> None:
    """Start a process in a session of its own, so that Ctrl-C at the terminal does not reach it.

    Raises EngineError if another process holds its lock, or the program cannot be run.
    """
    lock = take(start.lock, seconds=5)
    if lock is None:
        raise EngineError(f"{start.lock} is held by another process.")
    try:
        _run_detached(start, lock)
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(f"{start.command[0]} cannot be started: {error}") from error
    finally:
        os.close(lock)


def _run_detached(start: Launch, lock: int) -> None:
    # The shell leaves at once, so that the engine becomes a child of the system's first process,
    # which buries it when it dies: a child of ours would stay as a zombie while we live.
    with open_log(start.log) as log:
        subprocess.run(  # noqa: S603  # our own command, no word of it from outside
            ["/bin/sh", "-c", 'exec "$@" &', "sh", *start.command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=start.folder,
            env=clean_environment(),
            pass_fds=(lock,),
            start_new_session=True,
            umask=0o077,
            check=True,
            **identity(start.account),
        )


def identity(account: Account | None) -> dict[str, Any]:
    """The words with which `subprocess` becomes another user; none if we stay who we are."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def clean_environment() -> dict[str, str]:
    """What an engine sees: PGDATA, LC_ALL or a preloaded library of ours would change it."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@contextmanager
def open_log(path: Path) -> Iterator[int]:
    """Open a log to append to; a long one is set aside first, as `<name>.1`."""
    if path.exists() and path.stat().st_size > _LONGEST_LOG:
        path.replace(path.with_name(path.name + ".1"))
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield log
    finally:
        os.close(log)


def tail(path: Path, lines: int = 12) -> str:
    """The last lines of a log, indented, for an error message."""
    if not path.exists():
        return "    (no log)"
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 8192))
        text = log.read().decode(errors="replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def listens(path: Path) -> bool:
    """Whether a process takes calls at this socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process lives and works in that folder, as an engine does in its own."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == folder.resolve()
    except OSError:
        return False


def send(pid: int, word: signal.Signals) -> None:
    """Send a signal to a process that may have ended meanwhile."""
    try:
        os.kill(pid, word)
    except ProcessLookupError:
        return
