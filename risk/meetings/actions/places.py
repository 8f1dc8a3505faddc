"""What a meeting said of a place that was put forward."""

from datetime import date

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import RuleBroken
from hub.facts.actions import correct
from hub.facts.moments import write_moment
from risk.meetings.queries.day import meetings_for
from risk.places.models import PlaceForward
from risk.places.rules import NOT_ON_THE_LIST, discussed_problem

DISCUSSED = "What the meeting said of it was recorded."
UNCHANGED = "Nothing is changed yet. Change what is wrong, or cancel."


@transaction.atomic
def note_discussed(
    *, forward: PlaceForward, came_of_it: str, on: date, by: User, reason: str = ""
) -> PlaceForward:
    """Record what the meeting of a day said of a place: it is off the list, and stands in the minutes.

    What was recorded already is put right so, with the reason. Raises NotAllowed; RuleBroken without words,
    for a day on which no meeting was held since the place was put forward, where its referral tells of no
    place any more, for a correction without a reason or without a change; Conflict where somebody recorded
    it, or took the place back, meanwhile.
    """
    require(by, Permission.PLACES_PUT_FORWARD, forward)
    now = write_moment(forward.partnership_id)
    held = {meeting.held_on for meeting in meetings_for(forward, by)}
    problem = discussed_problem(came_of_it=came_of_it, on=on, held=held)
    if problem is not None:
        raise RuleBroken(problem.code, problem.message, problem.field)
    said = {"came_of_it": came_of_it.strip(), "discussed_on": on}
    again = forward.discussed_on is not None
    if not again and not PlaceForward.objects.of_places().filter(pk=forward.pk).exists():
        raise RuleBroken("place.gone", NOT_ON_THE_LIST)
    if again and all(getattr(forward, name) == value for name, value in said.items()):
        raise RuleBroken("place.unchanged", UNCHANGED)
    new = correct(fact=forward, now=now, by=by, reason=reason if again else DISCUSSED, **said)
    record(
        event="place.corrected" if again else "place.discussed",
        verb=Verb.ALTERATION,
        what="referral",
        reference=new.referral.reference,
        at=now,
        by=by,
        partnership_id=new.partnership_id,
        after={"for_day": new.for_day.isoformat(), "discussed_on": on.isoformat()},
        reason=reason.strip(),
    )
    return new
