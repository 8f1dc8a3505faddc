"""Putting a suspect forward for a day's meeting, and taking one back."""

from datetime import date, datetime

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import is_working_day, london_date
from hub.errors import RuleBroken
from hub.facts.actions import withdraw
from hub.facts.moments import write_moment
from risk.agenda.models import PutForward
from risk.suspects.models import Suspect

ALREADY = "The suspect is put forward for that day already."
NO_MEETING = "No meeting is held on that day. Give a working day, today or later."


@transaction.atomic
def put_forward(*, suspect: Suspect, for_day: date, because: str, by: User) -> PutForward:
    """Put a suspect on the list of a day's meeting, with the reason.

    Raises NotAllowed; RuleBroken without a reason, for a day without a meeting or before today, and where
    the suspect is put forward for it already.
    """
    require(by, Permission.SUSPECTS_PUT_FORWARD, suspect)
    now = write_moment(suspect.partnership_id)
    if not because.strip():
        raise RuleBroken("agenda.because", "Write why.", "because")
    if for_day < london_date(now) or not is_working_day(for_day):
        raise RuleBroken("agenda.day", NO_MEETING, "for_day")
    if PutForward.objects.known().filter(suspect=suspect, for_day=for_day).exists():
        raise RuleBroken("agenda.already", ALREADY, "for_day")
    fact = PutForward.objects.create(
        suspect=suspect,
        partnership_id=suspect.partnership_id,
        for_day=for_day,
        because=because.strip(),
        known_from=now,
        recorded_by=by,
    )
    _enter("suspect.put_forward", Verb.COLLECTION, fact, now, by)
    return fact


@transaction.atomic
def take_back(*, forward: PutForward, reason: str, by: User) -> None:
    """Take a suspect off the list.

    Raises NotAllowed, RuleBroken without a reason, Conflict where somebody did so meanwhile.
    """
    require(by, Permission.SUSPECTS_PUT_FORWARD, forward)
    now = write_moment(forward.partnership_id)
    withdraw(fact=forward, now=now, by=by, reason=reason)
    _enter("suspect.taken_back", Verb.ALTERATION, forward, now, by, reason)


def _enter(
    event: str, verb: Verb, fact: PutForward, now: datetime, by: User, reason: str = ""
) -> None:
    record(
        event=event,
        verb=verb,
        what="suspect",
        reference=fact.suspect.reference,
        at=now,
        by=by,
        partnership_id=fact.partnership_id,
        after={"for_day": fact.for_day.isoformat()},
        reason=reason.strip(),
    )
