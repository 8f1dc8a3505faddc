"""Recording measures on an episode, and taking back what was recorded wrongly."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import MEANWHILE, withdraw
from hub.facts.moments import write_moment
from partners.agencies.models import Agency
from referrals.episodes.models import Episode
from referrals.measures.models import Measure
from referrals.measures.rules import Taken, leaving_asks, leaving_problem, taken_problem


@transaction.atomic
def record_measure(*, episode: Episode, taken: Taken, seen: str, by: User) -> Measure:
    """Record how a matter stands on an episode from a day on; `seen` is the state that the person saw.

    Raises NotAllowed; RuleBroken for a state that does not follow on what stands, a day that cannot be and
    a missing reason; Conflict where somebody recorded another state meanwhile.
    """
    require(by, Permission.CASES_RECORD, episode)
    now = write_moment(episode.partnership_id)
    standing = _standing(episode, taken.matter)
    before = standing.state if standing else ""
    if before != seen:
        raise Conflict(MEANWHILE)
    earliest = max(standing.on, episode.referred_on) if standing else episode.referred_on
    problem = taken_problem(taken, before=before, earliest=earliest, today=london_date(now))
    if problem:
        raise RuleBroken("measure.taken", problem.message, problem.field)
    fact = Measure.objects.create(
        partnership_id=episode.partnership_id,
        child_id=episode.child_id,
        episode=episode,
        matter=taken.matter,
        state=taken.state,
        on=taken.on,
        because=taken.because.strip(),
        agencies=_agencies(episode, taken),
        position=_next_position(episode, taken),
        known_from=now,
        recorded_by=by,
    )
    _enter("measure.recorded", Verb.COLLECTION, fact, now, by, before={"state": before})
    return fact


@transaction.atomic
def note_leaving(
    *, episode: Episode, closure_reason: str, told: str, on: date, by: User
) -> Measure | None:
    """Record who was told, where an episode is closed because the child moved or turned 18.

    Nothing is recorded of another reason, nor where it stands already. Raises NotAllowed; RuleBroken where
    it is asked for and not written.
    """
    require(by, Permission.CASES_RECORD, episode)
    rows = Measure.objects.known().filter(episode=episode).latest_first()
    stands: dict[str, Measure] = {}
    for fact in rows:
        stands.setdefault(fact.matter, fact)
    states = {matter: fact.state for matter, fact in stands.items()}
    problem = leaving_problem(closure_reason, states, told)
    if problem:
        raise RuleBroken("closing.told", problem.message, problem.field)
    asked = leaving_asks(closure_reason, states)
    if asked is None:
        return None
    matter, state = asked
    since = max(on, stands[matter].on) if matter in stands else on
    taken = Taken(matter, state, since, told)
    return record_measure(episode=episode, taken=taken, seen=states.get(matter, ""), by=by)


@transaction.atomic
def withdraw_measure(*, fact: Measure, reason: str, by: User) -> None:
    """Take back a measure that was recorded wrongly: what stood before it stands again.

    Raises NotAllowed, RuleBroken without a reason, Conflict where it was taken back meanwhile.
    """
    require(by, Permission.CASES_RECORD, fact)
    now = write_moment(fact.partnership_id)
    withdraw(fact=fact, now=now, by=by, reason=reason)
    _enter("measure.withdrawn", Verb.ALTERATION, fact, now, by, reason=reason)


def _standing(episode: Episode, matter: str) -> Measure | None:
    return Measure.objects.known().filter(episode=episode, matter=matter).latest_first().first()


def _next_position(episode: Episode, taken: Taken) -> int:
    same = Measure.objects.filter(episode=episode, matter=taken.matter, on=taken.on)
    return (same.aggregate(last=Max("position"))["last"] or 0) + 1


def _agencies(episode: Episode, taken: Taken) -> list[int]:
    named = set(taken.agencies)
    ours = Agency.objects.filter(partnership=episode.partnership_id, pk__in=named)
    if named and ours.count() != len(named):
        raise RuleBroken("measure.agencies", "Choose agencies of this hub.", "agencies")
    return sorted(named)


def _enter(
    event: str,
    verb: Verb,
    fact: Measure,
    now: datetime,
    by: User,
    before: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        event=event,
        verb=verb,
        what="episode",
        reference=fact.episode.reference,
        at=now,
        by=by,
        partnership_id=fact.partnership_id,
        before=before,
        after={"matter": fact.matter, "state": fact.state, "on": fact.on.isoformat()},
        reason=reason.strip(),
        about=[fact.episode.child.reference],
    )
