"""The statements written by hand, by name, and asking them."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.databases import ask_as_owner

_PART = re.compile(r"^-- (\w+)\n(.*?)(?=^-- |\Z)", re.MULTILINE | re.DOTALL)
STATEMENTS = {
    name: statement
    for file in ("floor.sql", "timeline.sql", "meeting.sql", "owed.sql", "daily.sql")
    for name, statement in _PART.findall(Path(__file__).with_name(file).read_text())
}


def ask(name: str, **values: Any) -> list[Any]:
    """Ask a statement; each row has its columns as attributes."""
    return list(_rows(*ask_as_owner(STATEMENTS[name], values)))


def _rows(columns: list[str], rows: list[tuple[Any, ...]]) -> Iterator[SimpleNamespace]:
    for row in rows:
        yield SimpleNamespace(**dict(zip(columns, row, strict=True)))
