"""The night's check of the keys by which children are found."""

from datetime import datetime

from django.db import connection, transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb


@transaction.atomic
def put_keys_right(*, now: datetime, by: User) -> int:
    """Bring the keys back in step with the names, births and numbers; give how many were not.

    Triggers keep them: anything but 0 is a fault to be looked into, and is put on the trail.
    """
    require(by, Permission.CASES_RECORD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT referrals_put_keys_right()")
        changed = int(cursor.fetchone()[0])
    if changed:
        record(
            event="keys.put_right",
            verb=Verb.ALTERATION,
            what="keys",
            reference="all",
            at=now,
            by=by,
            after={"rows": changed},
        )
    return changed
