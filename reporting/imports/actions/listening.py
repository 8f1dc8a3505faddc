"""Hearing how an import goes: faults into a file, progress into the row, through a connection of its own."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.models import User
from reporting.extracts.rules.identifying import IDENTIFYING
from reporting.extracts.rules.outcome import Fault, Listener, formula_safe
from reporting.imports.actions.files import open_new
from reporting.imports.models import ExtractUpload
from reporting.imports.rules import part_done

BEATS_EVERY = 2.0
NOT_KEPT = "(not shown: see the extract)"
COLUMNS = ("kind", "file", "line", "column", "problem", "value")


class Ears(Listener):
    """Keeps what an import tells; `size` is how many bytes it has to read."""

    def __init__(self, size: int, lists: io.TextIOBase | None = None) -> None:
        self._size = size
        self._read = 0
        self._list = csv.writer(lists) if lists else None
        self.step_name = ""
        self.faults = 0
        self.warnings = 0
        self._write(COLUMNS)

    @property
    def part_done(self) -> int:
        """Per cent."""
        return part_done(self.step_name, self._read, self._size)

    def step(self, name: str, size: int = 0) -> None:
        """Hear that a step begins; one with a size reads a file."""
        self.step_name = f"Reading {name}" if size else name

    def note(self, text: str) -> None:
        """Hear what it waits for."""
        self.step_name = text[:80]

    def read(self, size: int) -> None:
        """Hear that so much more was read."""
        self._read += size

    def fault(self, fault: Fault) -> None:
        """Write it down."""
        self.faults += 1
        self._write(_cells("fault", fault))

    def warning(self, fault: Fault) -> None:
        """Write it down."""
        self.warnings += 1
        self._write(_cells("warning", fault))

    def _write(self, cells: tuple[str, ...]) -> None:
        if self._list:
            self._list.writerow([formula_safe(cell) for cell in cells])


def _cells(kind: str, fault: Fault) -> tuple[str, ...]:
    """Write a line; a value that says who somebody is stays in the extract, where line and column find it."""
    value = NOT_KEPT if fault.value and fault.column in IDENTIFYING | {"row"} else fault.value
    return (kind, fault.file, str(fault.line), fault.column, fault.problem, value)


@contextmanager
def listing(path: Path, size: int) -> Iterator[Ears]:
    """Listen, and keep the list of faults and warnings in a file that a spreadsheet can open."""
    with open_new(path) as raw, io.TextIOWrapper(raw, "utf-8", "replace", newline="") as lists:
        yield Ears(size, lists)


@contextmanager
def heartbeat(upload: ExtractUpload, ears: Ears, by: User) -> Iterator[None]:
    """Say every two seconds, while this lasts, that the work goes on and how far it is.

    The work is one long transaction whose writing nobody sees yet; a thread has a connection of its own.
    It must end before the work's transaction touches the row itself, or each would wait for the other.
    """
    stop = Event()
    beating = Thread(target=_beat, args=(upload, ears, by, stop), daemon=True)
    beating.start()
    try:
        yield
    finally:
        stop.set()
        beating.join()


def _beat(upload: ExtractUpload, ears: Ears, by: User, stop: Event) -> None:
    try:
        while not stop.wait(BEATS_EVERY):
            _say(upload, ears, by)
    finally:
        connection.close()


def _say(upload: ExtractUpload, ears: Ears, by: User) -> None:
    """Say it once. A database that does not answer will end the work by itself."""
    try:
        with acting_as(by):
            same = ExtractUpload.objects.filter(
                pk=upload.pk, state=upload.state, starts=upload.starts
            )
            same.update(heard_at=timezone.now(), step=ears.step_name, part_done=ears.part_done)
    except (OperationalError, InterfaceError):
        connection.close()
