"""Putting a place forward for a day's meeting, and taking one back; what was said: risk/meetings/actions."""

from datetime import date, datetime

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.facts.actions import withdraw
from hub.facts.moments import write_moment
from referrals.intake.models import Referral
from referrals.intake.rules import PLACE
from risk.places.models import PlaceForward
from risk.places.rules import (
    ALREADY,
    NO_PLACE,
    SPOKEN,
    WITHDRAWN,
    Problem,
    forward_problem,
)


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
    already = PlaceForward.objects.known().filter(referral=held, for_day=for_day).first()
    if already is not None:
        said = SPOKEN if already.discussed_on else ALREADY
        raise RuleBroken("place.already", said, "for_day")
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
) -> None:
    record(
        event=event,
        verb=verb,
        what="referral",
        reference=fact.referral.reference,
        at=now,
        by=by,
        partnership_id=fact.partnership_id,
        after={"for_day": fact.for_day.isoformat()},
        reason=reason.strip(),
    )
