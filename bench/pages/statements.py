"""The statements written by hand, by name, and asking them."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.databases import ask_as_owner

_PART = re.compile(r"^-- (\w+)\n(.*?)(?=^-- |\Z)", re.MULTILINE | re.DOTALL)
FILES = ("floor.sql", "timeline.sql", "meeting.sql", "owed.sql", "daily.sql")


def _read() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in FILES:
        for name, statement in _PART.findall(Path(__file__).with_name(file).read_text()):
            if name in found:
                raise ValueError(f"two statements are called {name}")
            found[name] = statement
    return found


STATEMENTS = _read()


def ask(name: str, **values: Any) -> list[Any]:
    """Ask a statement; each row has its columns as attributes."""
    return list(_rows(*ask_as_owner(STATEMENTS[name], values)))


def _rows(columns: list[str], rows: list[tuple[Any, ...]]) -> Iterator[SimpleNamespace]:
    for row in rows:
        yield SimpleNamespace(**dict(zip(columns, row, strict=True)))
