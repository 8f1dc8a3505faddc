"""Keeping the current values, which lists show, in step with the dated facts behind them."""

import logging
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.facts.moments import write_moment
from partners.partnerships.models import Partnership
from referrals.grants.actions import put_sight_right
from referrals.matching.actions import put_keys_right

logger = logging.getLogger(__name__)
SQL = Path(__file__).parent / "sql"
KINDS = ("episodes", "children")


@transaction.atomic
def renew_current_values(*, now: datetime, by: User) -> dict[str, list[str]]:
    """Put right the current values that disagree with the facts; give the references, by kind.

    Time alone moves some (an allocation that ends today). Any that moved are said in the log, as
    numbers, and on the trail, by reference: a wrong list hides a child.
    """
    require(by, Permission.CASES_RECORD)
    for partnership in Partnership.objects.visible_to(by).order_by("pk"):
        write_moment(partnership.pk)  # no fact is written meanwhile
    put_right = {kind: _put_right(kind, now) for kind in KINDS}
    put_sight_right(now=now, by=by)
    put_keys_right(now=now, by=by)
    counts = {kind: len(found) for kind, found in put_right.items()}
    if any(counts.values()):
        logger.warning("current values put right: %s", counts)
    record(
        event="current_values.renewed",
        verb=Verb.ALTERATION,
        what="current values",
        reference="all",
        at=now,
        by=by,
        after=put_right,
    )
    return put_right


@transaction.atomic
def renew_after(*, kind: str, number: int, now: datetime, by: User) -> None:
    """Bring the current values of one child or episode (`kind` of KINDS) in step with facts just written.

    The deed that wrote them has asked for the right, holds the partnership's lock, and is on the trail.
    """
    require(by, Permission.EXTRACT_IMPORT)
    _put_right(kind, now, only=number)


def _put_right(kind: str, now: datetime, only: int | None = None) -> list[str]:
    with connection.cursor() as cursor:
        statement = (SQL / f"{kind}.sql").read_text(encoding="utf-8")
        cursor.execute(statement, {"today": london_date(now), "only": only})
        return [reference for (reference,) in cursor.fetchall()]
