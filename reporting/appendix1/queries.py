"""Reading the cases of a report: one statement a table, in sql/, each with the same two conditions on a fact.

`known_from <= known_at` and not superseded by then: so the same arguments find the same facts for ever.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from hub.accounts.models import User
from reporting.appendix1.rules.cases import (
    Cases,
    CrimeCase,
    EpisodeCase,
    MissingCase,
    OccurrenceCase,
    OpenChild,
    OpenEpisode,
)
from reporting.appendix1.rules.parameters import PUBLISHED, Parameters
from reporting.appendix1.rules.strategic import RE_REFERRED_WITHIN
from reporting.disclosure.models import Release

SQL = Path(__file__).parent / "sql"
Row = tuple[Any, ...]


def read_cases(asked: Parameters, partnership_ids: Sequence[int], known_at: datetime) -> Cases:
    """Read everything the report counts, as known at that moment (aware)."""
    scope = {
        "partnerships": list(partnership_ids),
        "known_at": known_at,
        "types": list(asked.types),
        "year_start": asked.year_start,
        "year_end": asked.year_end,
    }
    open_then = _open(scope, asked.snapshot)
    return Cases(
        episodes=_episodes(scope, asked.year_start - RE_REFERRED_WITHIN),
        open_then=open_then,
        open_later=_open(scope, asked.movement_to) if asked.movement_to else [],
        children=_children(scope, asked.snapshot, open_then),
        wards={(owner, code): (ward, place) for owner, code, ward, place in _rows("wards", scope)},
        crimes=_crimes(scope),
        missing=[MissingCase(*row) for row in _rows("missing", scope)],
        occurrences=_occurrences(scope, asked),
    )


def latest_release(asked: Parameters, by: User) -> Release | None:
    """Give the last release that the person may read with these dates; None if there is none.

    Asked without a moment of knowledge it is the last of any; with one, that very release.
    """
    wanted = {**asked.as_json(), "disclosure": PUBLISHED}
    if asked.known_at is None:
        del wanted["known_at"]
    found = Release.objects.visible_to(by).filter(
        parameters__contains=wanted,
        parameters__types=wanted["types"],  # a list contains every part of itself
        partnerships=wanted["partnerships"],
    )
    return found.select_related("made_by").order_by("pk").last()


def by_reference(kind: str, ids: Iterable[int]) -> list[Row]:
    """Give number and reference of each case, with reference and number of its child, to one who may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reporting_by_reference(%s, %s::bigint[])", [kind, list(ids)])
        rows: list[Row] = cursor.fetchall()
    return rows


def _episodes(scope: dict[str, Any], closed_since: date) -> list[EpisodeCase]:
    return [EpisodeCase(*row) for row in _rows("episodes", {**scope, "closed_since": closed_since})]


def _open(scope: dict[str, Any], day: date) -> list[OpenEpisode]:
    return [OpenEpisode(*row) for row in _rows("open", {**scope, "day": day})]


def _children(scope: dict[str, Any], day: date, episodes: list[OpenEpisode]) -> list[OpenChild]:
    children = sorted({case.child for case in episodes})
    rows = _rows("children", {**scope, "day": day, "children": children})
    return [OpenChild(*row) for row in rows]


def _crimes(scope: dict[str, Any]) -> list[CrimeCase]:
    rows = _rows("crimes", scope)
    suspects: dict[int, list[date | None]] = defaultdict(list)
    for crime, born in _rows("links", {**scope, "crimes": [row[0] for row in rows]}):
        suspects[crime].append(born)
    return [CrimeCase(tuple(suspects[row[0]]), *row) for row in rows]


def _occurrences(scope: dict[str, Any], asked: Parameters) -> list[OccurrenceCase]:
    window = {"suspects_from": asked.suspects_from, "suspects_to": asked.suspects_to}
    return [OccurrenceCase(*row) for row in _rows("occurrences", {**scope, **window})]


def _rows(name: str, values: dict[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(name), values)
        rows: list[Row] = cursor.fetchall()
    return rows


@cache
def _statement(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
