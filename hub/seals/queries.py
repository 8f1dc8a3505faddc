"""What is sealed and what is there: asked of the database, which tells digests and numbers, no content."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q

from hub.audit.models import AuditEvent, Change
from hub.seals.models import Seal
from hub.seals.rules import Anchor, Break, Found, Link, breaks, read_anchor, signing_key

# A thousand seals at a time: a year has half a million, and they are walked, not held.
PAGE = 1000
WALK = """
SELECT number, events, changes, members, spoilt FROM (
    SELECT number, reach, running, lag(reach, 1, 0::bigint) OVER chain AS from_reach,
        lag(running, 1, '{}') OVER chain AS from_running
    FROM hub_seal WHERE number >= %s - 1 WINDOW chain AS (ORDER BY number) ORDER BY number LIMIT %s + 1
) AS seal CROSS JOIN LATERAL hub_members(from_reach, from_running, reach, running)
WHERE number >= %s ORDER BY number
"""
WAITING = """
SELECT reach, running, events, changes, members
FROM hub_snapshot() AS seen CROSS JOIN LATERAL hub_members(%s, %s, seen.reach, seen.running)
"""
# The reach of seals never falls, so its index finds the first that went far enough.
SEALS_OF = """
SELECT wanted, seal.number FROM unnest(%s::bigint[]) AS wanted CROSS JOIN LATERAL (
    SELECT number FROM hub_seal WHERE reach > wanted AND NOT wanted = ANY (running)
    ORDER BY reach, number LIMIT 1
) AS seal
"""
# Rows that claim a transaction which has not begun would never fall under a seal's snapshot until it has.
FUTURE = """
SELECT (SELECT count(*) FROM hub_auditevent WHERE transaction >= reach AND transaction <> ALL (running))
    + (SELECT count(*) FROM hub_change WHERE transaction >= reach AND transaction <> ALL (running))
FROM hub_snapshot()
"""


def waiting(reach: int, running: list[int]) -> tuple[int, list[int], int, int, bytes]:
    """Give the present snapshot and what it sees that the one given did not: one statement, so one view.

    A tuple of reach, running, numbers of events and changes, and their digest.
    """
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [reach, running])
        reach, running, events, changes, members = cursor.fetchone()
    return reach, running, events, changes, bytes(members)


def walk() -> Iterator[tuple[Link, Found]]:
    """Give each seal in order, with what is there now of what it covers."""
    first: int | None = Seal.objects.values_list("number", flat=True).first()
    while first is not None:
        seals = {seal.number: seal.link() for seal in Seal.objects.filter(number__gte=first)[:PAGE]}
        with connection.cursor() as cursor:
            cursor.execute(WALK, [first, PAGE, first])
            found = cursor.fetchall()
        for number, events, changes, members, spoilt in found:
            if number in seals:
                yield seals[number], Found(events, changes, bytes(members), spoilt)
        first = max(seals) + 1 if len(seals) == PAGE else None


def broken_links(anchors: Path) -> Iterator[Break]:
    """Verify the whole chain against the heads that were exported to this file."""
    yield from breaks(walk(), read_anchors(anchors), trusted_keys())
    with connection.cursor() as cursor:
        cursor.execute(FUTURE)
        future = cursor.fetchone()[0]
    if future:
        yield Break(0, f"{future} rows claim a transaction that has not begun")


def how_many() -> int:
    """Give the number of seals."""
    return Seal.objects.count()


def read_anchors(path: Path) -> dict[int, Anchor]:
    """Read the exported heads; a file that is not there holds none."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {anchor.number: anchor for anchor in map(read_anchor, lines)}


def trusted_keys() -> frozenset[bytes]:
    """Give the public keys whose signatures count: the present one and those before it."""
    present = signing_key(settings.TRAIL_KEY, settings.SECRET_KEY).public_key().public_bytes_raw()
    return frozenset({present, *(bytes.fromhex(key) for key in settings.TRAIL_FORMER_KEYS)})


def last_line(path: Path) -> str:
    """Give a file's last line without reading it whole; empty where there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 4096))
        lines = file.read().decode().splitlines()
    return lines[-1] if lines else ""


def seals_of(transactions: list[int]) -> dict[int, int]:
    """Give the number of the seal that covers each transaction; what is not sealed yet is left out."""
    with connection.cursor() as cursor:
        cursor.execute(SEALS_OF, [sorted(set(transactions))])
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Content:
    """What the trail holds about a record: numbers of its own events and of the changes made with them.

    `beside`: how many events more name it among others, as a list that was looked at does.
    """

    events: list[int]
    changes: list[int]
    beside: int


def content_of(references: list[str], partnership_id: int) -> Content:
    """Find what can be blanked of these references, but for what is blank already.

    Changes go by their transaction, and only where all its events are of these: an import tells of many.
    """
    named = AuditEvent.objects.filter(partnership_id=partnership_id, about__overlap=references)
    own = named.filter(reference__in=references)
    transactions = own.values("transaction")
    mixed = AuditEvent.objects.filter(transaction__in=transactions).exclude(
        partnership_id=partnership_id, reference__in=references
    )
    changes = Change.objects.filter(transaction__in=transactions).exclude(
        transaction__in=mixed.values("transaction")
    )
    blank = Q(before=None, after=None)
    return Content(
        events=list(own.exclude(blank, reason="").order_by("pk").values_list("pk", flat=True)),
        changes=list(changes.exclude(blank).order_by("pk").values_list("pk", flat=True)),
        beside=named.exclude(reference__in=references).count(),
    )


def may_blank() -> bool:
    """Say whether this connection's role may change the trail at all: only the tables' owner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('hub_auditevent', 'UPDATE')")
        return bool(cursor.fetchone()[0])
