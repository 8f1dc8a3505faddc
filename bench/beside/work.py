"""What is written: one row at a time, and many at once. Each works on rows of its own."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from bench.beside.models import Kept, Logged, Plain, Watched

KINDS: dict[str, Any] = {"plain": Plain, "trail": Watched, "auditlog": Logged, "history": Kept}
SINGLE, MANY = 100, 2_000
REFERRED, DUE = date(2026, 1, 5), date(2026, 3, 2)


def rows(kind: str, number: int) -> list[Any]:
    """Make rows that are not saved yet."""
    return [
        KINDS[kind](
            reference=f"E-{n}",
            child_id=n,
            referred_on=REFERRED,
            level="LOW",
            lead_worker="D. Worker",
        )
        for n in range(number)
    ]


def save_each(kind: str) -> None:
    """Create rows and change each: every save in a transaction of its own."""
    made = rows(kind, SINGLE)
    for row in made:
        row.save()
    for row in made:
        row.level, row.review_due_on = "HIGH", DUE
        row.save()


def save_together(kind: str) -> None:
    """The same in one transaction: nothing waits for the disk, and the trail's part is the greatest."""
    with transaction.atomic():
        save_each(kind)


def create_many(kind: str) -> None:
    """Create many rows by one statement."""
    if kind == "history":
        bulk_create_with_history(rows(kind, MANY), Kept)
    else:
        KINDS[kind].objects.bulk_create(rows(kind, MANY))


def change_many(kind: str) -> None:
    """Change the rows made last by one statement; django-simple-history has a way of its own."""
    last = KINDS[kind].objects.order_by("-pk").values_list("pk", flat=True)[MANY - 1]
    made = KINDS[kind].objects.filter(pk__gte=last)
    if kind == "history":
        changed = list(made)
        for row in changed:
            row.level, row.review_due_on = "HIGH", DUE
        bulk_update_with_history(changed, Kept, ["level", "review_due_on"])
    else:
        made.update(level="HIGH", review_due_on=DUE)


WORKS: dict[str, Callable[[str], None]] = {
    "single saves": save_each,
    "single saves in one transaction": save_together,
    "bulk_create": create_many,
    "bulk update": change_many,
}
NOTED = {
    "trail": "SELECT coalesce(sum(rows), 0) FROM hub_change WHERE \"table\" = 'beside_watched'",
    "auditlog": "SELECT count(*) FROM auditlog_logentry",
    "history": "SELECT count(*) FROM beside_historicalkept",
}


def noted(kind: str) -> int:
    """Count the changes of rows that a trail has seen so far."""
    if kind not in NOTED:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(NOTED[kind])
        return int(cursor.fetchone()[0])
