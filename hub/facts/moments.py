"""The one moment of a write, and the lock that makes a report repeatable.

A report that is made again with the same `known_at` must find the same facts. So a write takes its
moment under a lock that it holds until it commits, and a report shares that lock while it reads: no
fact can appear later with an earlier moment.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import connection

LOCK_SPACE = 7_310


def write_moment(partnership_id: int) -> datetime:
    """Take the partnership's moment for a write; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, partnership_id])
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def hold_still(partnership_ids: Iterable[int]) -> datetime:
    """Share the partnerships' locks, so that nothing is written while a report reads; give the moment."""
    with connection.cursor() as cursor:
        for number in sorted(partnership_ids):
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK_SPACE, number])
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)
