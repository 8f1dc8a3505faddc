"""Taking a meeting's paper out of the hub: on the trail, and in the log of each child that it names."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.facts.moments import write_moment
from referrals.children.models import Child
from referrals.disclosures.actions import log_sheet
from referrals.disclosures.rules import PUBLIC_TASK, SHEET, Told
from risk.meetings.models import MeetingSeries

NO_RECIPIENT = "Enter who it is for."


@transaction.atomic
def take_out(
    *,
    series: MeetingSeries,
    day: date,
    what: str,
    recipient: str,
    children: Collection[Child],
    besides: Collection[str] = (),
    by: User,
) -> datetime:
    """Put on the trail that a paper of a meeting leaves the hub, and give when; `what` is in words.

    `besides`: the references of the referrals that tell of places on it. Each child on it gets a row in the
    log of disclosures. Raises NotAllowed; RuleBroken without a recipient.
    """
    require(by, Permission.CASES_VIEW, series)
    if not recipient.strip():
        raise RuleBroken("paper.recipient", NO_RECIPIENT, "recipient")
    now = write_moment(series.partnership_id)
    told = Told(SHEET, f"{what}, {day.day} {day:%B %Y}", recipient, PUBLIC_TASK, london_date(now))
    record(
        event="meeting.taken_out",
        verb=Verb.DISCLOSURE,
        what="meeting",
        reference=f"{series.code} {day.isoformat()}",
        at=now,
        by=by,
        partnership_id=series.partnership_id,
        after={"what": what, "recipient": recipient.strip()},
        about=[*(child.reference for child in children), *besides],
    )
    for child in children:
        log_sheet(child=child, told=told, now=now, by=by)
    return now
