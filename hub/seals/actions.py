"""Sealing the trail, taking the heads outside the database, and blanking content that must be erased."""

import fcntl
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Change, Verb
from hub.errors import NotAllowed, RuleBroken
from hub.seals.models import Seal
from hub.seals.queries import last_line, waiting
from hub.seals.rules import FIRST, Batch, anchor_line, link, read_anchor, signing_key

SEALING = 7_311  # of the database's advisory locks: one seals at a time


@transaction.atomic
def seal(*, now: datetime, by: User) -> Seal | None:
    """Seal what is finished and not yet sealed; None where there is nothing, or another is at it.

    Raises RuleBroken where the database counts its transactions from further back than the last seal
    did: it was restored into a new cluster (docs/operations.md, "The trail after a restore").
    """
    require(by, Permission.TRAIL_READ)
    if not _sealing_alone():
        return None
    last = Seal.objects.last()
    reach, running, events, changes, members = waiting(
        last.reach if last else 0, last.running if last else []
    )
    if last and reach < last.reach:
        raise RuleBroken(
            "trail.counter", "The database's transactions are counted anew. Raise them."
        )
    if not events + changes:
        return None
    number = last.number + 1 if last else 1
    batch = Batch(number, now, reach, tuple(running), events, changes, members)
    return _bound(batch, bytes(last.head) if last else FIRST)


def _sealing_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALING])
        return bool(cursor.fetchone()[0])


def _bound(batch: Batch, previous: bytes) -> Seal:
    made = link(batch, previous, signing_key(settings.TRAIL_KEY, settings.SECRET_KEY))
    return Seal.objects.create(
        number=batch.number,
        sealed_at=batch.sealed_at,
        reach=batch.reach,
        running=list(batch.running),
        events=batch.events,
        changes=batch.changes,
        members=batch.members,
        previous=made.previous,
        head=made.head,
        signature=made.signature,
        signer=made.signer,
    )


@transaction.atomic
def export_heads(*, to: Path, by: User) -> int:
    """Add the heads that the file does not hold yet to its end; give how many.

    It is on the disk when this returns. Heads tell of nobody.
    """
    require(by, Permission.TRAIL_READ)
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(to, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)  # two must not add the same
        last = last_line(to)
        newer = Seal.objects.filter(number__gt=read_anchor(last).number if last else 0)
        lines = [anchor_line(seal.link()) for seal in newer]
        os.write(file, "".join(f"{line}\n" for line in lines).encode())
        os.fsync(file)
    finally:
        os.close(file)
    return len(lines)


@transaction.atomic
def make_months(*, up_to: date, today: date, by: User) -> int:
    """Make the monthly parts of the trail that are missing, up to a month; give how many."""
    require(by, Permission.TRAIL_READ)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(hub_make_trail_months(parent::regclass, %s, %s))"
            " FROM unnest(ARRAY['hub_auditevent', 'hub_change']) AS parent",
            [today, up_to],
        )
        return int(cursor.fetchone()[0])


@transaction.atomic
def erase_content(
    *, events: list[int], changes: list[int], reason: str, now: datetime, by: User
) -> AuditEvent:
    """Blank what events and changes hold of a person, as the law may demand; the chain stays whole.

    The erasure is an event of its own that names them: blanked content without one counts as broken.
    It is told to the partnership's auditors, where all of it is of one. Only the command line may, as the
    owner of the tables. Raises NotAllowed, and RuleBroken without a reason or for what is not there.
    """
    if not by.is_operator:
        raise NotAllowed("What the trail holds is erased from the command line alone.")
    if not reason.strip():
        raise RuleBroken("erasure.reason", "Write on what ground this is erased.")
    chosen, changed = _chosen(AuditEvent, events), _chosen(Change, changes)
    whose = {
        whose
        for rows in (chosen, changed)
        for whose in rows.values_list("partnership_id", flat=True)
    }
    chosen.update(before=None, after=None, reason="")
    changed.update(before=None, after=None)
    named = [f"event {number}" for number in events] + [f"change {number}" for number in changes]
    return record(
        event="trail.erased",
        verb=Verb.ERASURE,
        what="trail",
        reference="content",
        at=now,
        by=by,
        partnership_id=whose.pop() if len(whose) == 1 else None,
        about=named,
        reason=reason.strip(),
    )


def _chosen(model: type[AuditEvent] | type[Change], numbers: list[int]) -> Any:
    """Give the rows of these numbers; raises RuleBroken where one is not there."""
    rows: Any = model._default_manager.filter(pk__in=numbers)
    absent = set(numbers) - set(rows.values_list("pk", flat=True))
    if absent:
        kind = "change" if model is Change else "event"
        raise RuleBroken("erasure.number", f"There is no {kind} {min(absent)} on the trail.")
    return rows
