"""Putting a place forward for a day's meeting, saying what the meeting said of it, and taking one back."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.facts.actions import correct, withdraw
from hub.facts.moments import write_moment
from referrals.intake.models import Referral
from referrals.intake.rules import PLACE
from risk.places.models import PlaceForward
from risk.places.rules import (
    ALREADY,
    NO_PLACE,
    WITHDRAWN,
    Problem,
    discussed_problem,
    forward_problem,
)

DISCUSSED = "What the meeting said of it was recorded."


@transaction.atomic
def put_place_forward(*, referral: Referral, for_day: date, because: str, by: User) -> PlaceForward:
    """Put the place that a referral tells of on the list of a day's meeting, with the reason.

    Raises NotAllowed; RuleBroken without a reason, for a day without a meeting or before today, for a
    referral about something else or one that was withdrawn, and where it is put forward for that day already.
    """
    require(by, Permission.PLACES_PUT_FORWARD, referral)
    now = write_moment(referral.partnership_id)
    _raise(forward_problem(because=because, for_day=for_day, today=london_date(now)))
    held = Referral.objects.get(pk=referral.pk)
    if held.about != PLACE:
        raise RuleBroken("place.about", NO_PLACE, "referral")
    if held.withdrawn_at is not None:
        raise RuleBroken("place.withdrawn", WITHDRAWN, "referral")
    if PlaceForward.objects.known().filter(referral=held, for_day=for_day).exists():
        raise RuleBroken("place.already", ALREADY, "for_day")
    fact = PlaceForward.objects.create(
        referral=held,
        partnership_id=held.partnership_id,
        for_day=for_day,
        because=because.strip(),
        known_from=now,
        recorded_by=by,
    )
    _enter("place.put_forward", Verb.COLLECTION, fact, now, by)
    return fact


@transaction.atomic
def note_discussed(*, forward: PlaceForward, came_of_it: str, on: date, by: User) -> PlaceForward:
    """Record what the meeting of a day said of a place: it is off the list, and stands in the minutes.

    Raises NotAllowed; RuleBroken without words or for a day that cannot be; Conflict where somebody recorded
    it or took the place back meanwhile.
    """
    require(by, Permission.PLACES_PUT_FORWARD, forward)
    now = write_moment(forward.partnership_id)
    since = london_date(forward.known_from)
    _raise(
        discussed_problem(
            came_of_it=came_of_it, on=on, put_forward_on=since, today=london_date(now)
        )
    )
    said = {"came_of_it": came_of_it.strip(), "discussed_on": on}
    new = correct(fact=forward, now=now, by=by, reason=DISCUSSED, **said)
    _enter("place.discussed", Verb.ALTERATION, new, now, by, discussed_on=on.isoformat())
    return new


@transaction.atomic
def take_place_back(*, forward: PlaceForward, reason: str, by: User) -> None:
    """Take a place off the list before any meeting has spoken of it.

    Raises NotAllowed, RuleBroken without a reason, Conflict where somebody was there first.
    """
    require(by, Permission.PLACES_PUT_FORWARD, forward)
    now = write_moment(forward.partnership_id)
    withdraw(fact=forward, now=now, by=by, reason=reason)
    _enter("place.taken_back", Verb.ALTERATION, forward, now, by, reason)


def _raise(problem: Problem | None) -> None:
    if problem is not None:
        raise RuleBroken(problem.code, problem.message, problem.field)


def _enter(
    event: str,
    verb: Verb,
    fact: PlaceForward,
    now: datetime,
    by: User,
    reason: str = "",
    **more: Any,
) -> None:
    record(
        event=event,
        verb=verb,
        what="referral",
        reference=fact.referral.reference,
        at=now,
        by=by,
        partnership_id=fact.partnership_id,
        after={"for_day": fact.for_day.isoformat(), **more},
        reason=reason.strip(),
    )
