"""The demo's processes: started together, watched, and ended in order, whatever ends the demo."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hub.engines.processes import EngineError, open_log, take
from hub.engines.rules import PROJECT

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LEAVES_WITHIN = 20.0
_EARLIER_LEAVES_WITHIN = 45.0
_STOPPING = "(stopping)"


@dataclass(frozen=True)
class Child:
    """A process of the demo and the log that it writes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


class AlreadyRunning(Exception):  # it says what is so, not what went wrong
    """Another demo runs on this data folder; its address is the message."""


def end_with_parent() -> None:
    """Have the kernel end this process (SIGTERM) when the one that started it dies, killed or not.

    Linux can do it; elsewhere a killed demo leaves its processes to be ended by hand.
    """
    _die_with(os.getppid())()


def adopt_orphans() -> None:
    """Become the parent of engines started from here, so that we can bury them when they stop.

    A container's first process often buries nobody, and a stopped engine would linger as a zombie.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_CHILD_SUBREAPER, 1)


def bury_orphans() -> None:
    """Take leave of every child that has ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            continue


def _die_with(parent: int) -> Callable[[], None]:
    # The library is looked up before the fork: afterwards as little as possible should happen.
    prctl = getattr(ctypes.CDLL(None), "prctl", None)

    def ask() -> None:
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # it died before we asked
                os.kill(os.getpid(), signal.SIGTERM)

    return ask


class DemoLock:
    """One demo for one data folder.

    A second lock is inherited by the demo's processes: after a kill of the launcher the next demo
    waits for them to leave, so that it finds the same port free.
    """

    def __init__(self, run: Path) -> None:
        self._file = run / "demo.lock"
        self._number: int | None = None
        self._processes = run / "demo-processes.lock"
        self.inherited: int = -1

    def take(self, say: Callable[[str], None]) -> None:
        """Take both locks; raises AlreadyRunning, or EngineError if an old process stays."""
        self._number = take(self._file, seconds=_EARLIER_LEAVES_WITHIN if self._stopping() else 0)
        if self._number is None:
            raise AlreadyRunning(self._file.read_text() or "an address that it has not told yet")
        self.tell("")
        inherited = take(self._processes, seconds=0)
        if inherited is None:
            say("Waiting for the processes of an earlier demo to end ...")
            inherited = take(self._processes, seconds=_EARLIER_LEAVES_WITHIN)
        if inherited is None:
            raise EngineError(f"Processes of an earlier demo hold {self._processes}: end them.")
        self.inherited = inherited

    def _stopping(self) -> bool:
        return self._file.exists() and self._file.read_text() == _STOPPING

    def tell(self, address: str) -> None:
        """Leave a word for a second demo: where this one answers."""
        if self._number is not None:
            os.ftruncate(self._number, 0)
            os.pwrite(self._number, address.encode(), 0)

    def tell_stopping(self) -> None:
        """Let a second demo wait for this one instead of giving up."""
        self.tell(_STOPPING)


class Supervisor:
    """Starts processes that die with us, and ends them in the reverse order."""

    def __init__(self, logs: Path, inherited_lock: int) -> None:
        self._logs = logs
        self._lock = inherited_lock
        self._children: list[Child] = []

    def start(self, name: str, words: Sequence[str], environment: Mapping[str, str]) -> Child:
        """Start a Python module with its output in a log of its own."""
        path = self._logs / f"{name}.log"
        with open_log(path) as log:
            process = self._popen(words, environment, log)
        child = Child(name, process, path)
        self._children.append(child)
        return child

    def run(self, words: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run a Python command to its end, its output on our terminal; return its exit code."""
        process = self._popen(words, environment, None)
        try:
            return process.wait()
        finally:
            _end(process)

    def _popen(
        self, words: Sequence[str], environment: Mapping[str, str], log: int | None
    ) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C at the terminal reaches the launcher alone, which ends
        # the others in order.
        return subprocess.Popen(  # noqa: S603  # our own commands
            [sys.executable, *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=PROJECT,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            pass_fds=(self._lock,),
            start_new_session=True,
            preexec_fn=_die_with(os.getpid()),  # one thread, and it does little
        )

    def dead(self) -> Child | None:
        """The first process that has ended by itself, if any."""
        return next((child for child in self._children if child.process.poll() is not None), None)

    def stop(self) -> None:
        """End every process, the last started first, and wait for each."""
        while self._children:
            _end(self._children.pop().process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to finish; kill what is left of its session after a while."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_LEAVES_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def interrupt_on_signals() -> None:
    """Make SIGTERM and SIGHUP interrupt us as Ctrl-C does."""
    for word in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(word, signal.default_int_handler)


def ignore_signals() -> None:
    """From now on let nothing interrupt the orderly end."""
    for word in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(word, signal.SIG_IGN)
