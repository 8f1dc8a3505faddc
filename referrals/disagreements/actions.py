"""Raising a disagreement, taking it up a level, settling it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from hub.access.gate import require
from hub.access.rules import Permission, Standing
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import NotAllowed, RuleBroken
from hub.facts.actions import correct
from hub.facts.moments import write_moment
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership
from referrals.disagreements.models import Disagreement
from referrals.disagreements.rules import (
    LOWEST,
    Ladder,
    Problem,
    due_on,
    raising_problem,
    settling_problem,
    taking_up_problem,
)
from referrals.episodes.models import Episode

NEEDS = Permission.VIEWS_GIVE
NO_PARTY = "This is between two other agencies. One of them, or the hub's manager, does this."
NOT_HERE = "Choose an agency of this hub."


@transaction.atomic
def raise_disagreement(*, episode: Episode, issue: str, against: Agency, by: User) -> Disagreement:
    """Raise that one's own agency disagrees with another on an episode, also a closed one.

    Raises NotAllowed; RuleBroken for one's own agency, another hub's, and without words.
    """
    standing = require(by, NEEDS, episode)
    now = write_moment(episode.partnership_id)
    if against.partnership_id != episode.partnership_id or standing.agency_id is None:
        raise RuleBroken("disagreement.against", NOT_HERE, "against")
    _refuse(raising_problem(issue, own=standing.agency_id, against=against.pk))
    fact = Disagreement.objects.create(
        partnership_id=episode.partnership_id,
        child_id=episode.child_id,
        episode=episode,
        number=_next_number(episode),
        issue=issue.strip(),
        raised_by_id=standing.agency_id,
        against=against,
        level=LOWEST,
        due_on=due_on(LOWEST, london_date(now), _ladder(episode.partnership_id)),
        known_from=now,
        recorded_by=by,
    )
    _note("disagreement.raised", Verb.COLLECTION, fact, now, by)
    return fact


def _ladder(partnership_id: int) -> Ladder:
    return Partnership.objects.get(pk=partnership_id).practice.ladder


def _next_number(episode: Episode) -> int:
    # The lock of write_moment makes the numbers one row.
    rows = Disagreement.objects.filter(episode=episode)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def take_up(*, fact: Disagreement, words: str, by: User) -> Disagreement:
    """Take a disagreement to the next level, with the reason; the days run anew.

    Raises NotAllowed, also for who is no party; RuleBroken for one that is settled or at the highest level,
    and without words; Conflict where somebody was there first.
    """
    _require_party(fact, by)
    now = write_moment(fact.partnership_id)
    _refuse(taking_up_problem(state=fact.state, level=fact.level, words=words))
    level = fact.level + 1
    due = due_on(level, london_date(now), _ladder(fact.partnership_id))
    new = correct(fact=fact, now=now, by=by, reason=words, level=level, due_on=due)
    _note("disagreement.taken_up", Verb.ALTERATION, new, now, by)
    return new


@transaction.atomic
def settle_disagreement(*, fact: Disagreement, outcome: str, words: str, by: User) -> Disagreement:
    """End a disagreement, with the reason.

    Raises NotAllowed, also for who is no party; RuleBroken for an end that cannot be at this level or for
    this agency, and without words; Conflict where somebody was there first.
    """
    standing = _require_party(fact, by)
    now = write_moment(fact.partnership_id)
    raised_it = standing.agency_id == fact.raised_by_id
    _refuse(
        settling_problem(
            state=fact.state, level=fact.level, outcome=outcome, words=words, raised_it=raised_it
        )
    )
    new = correct(fact=fact, now=now, by=by, reason=words, state=outcome)
    _note("disagreement.settled", Verb.ALTERATION, new, now, by)
    return new


def _require_party(fact: Disagreement, by: User) -> Standing:
    standing = require(by, NEEDS, fact)
    party = standing.agency_id in (fact.raised_by.pk, fact.against.pk)
    if not party and not standing.may(Permission.TEAM_LEAD):
        raise NotAllowed(NO_PARTY)
    return standing


def _refuse(problem: Problem | None) -> None:
    if problem:
        raise RuleBroken("disagreement.rule", problem.message, problem.field)


def _note(event: str, verb: Verb, fact: Disagreement, now: datetime, by: User) -> None:
    said: dict[str, Any] = {
        "disagreement": fact.number,
        "level": fact.level,
        "state": fact.state,
        "due_on": fact.due_on.isoformat(),
    }
    record(
        event=event,
        verb=verb,
        what="episode",
        reference=fact.episode.reference,
        at=now,
        by=by,
        partnership_id=fact.partnership_id,
        after=said,
        reason=fact.reason,
        about=[fact.episode.child.reference],
    )
