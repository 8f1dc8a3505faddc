"""Raising a disagreement, taking it up a level, settling it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from hub.access.gate import require, standing_of
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
from referrals.children.models import Child
from referrals.disagreements.models import Disagreement
from referrals.disagreements.rules import (
    LOWEST,
    NO_HUB,
    NOT_REFERRED,
    Ladder,
    Problem,
    due_on,
    raising_problem,
    settling_problem,
    taking_up_problem,
)
from referrals.episodes.models import Episode
from referrals.grants.models import Sight
from referrals.joinings.queries import all_kept, records_of

NEEDS = Permission.VIEWS_GIVE
OUTSIDE = Permission.DISAGREEMENTS_RAISE
NO_PARTY = "This is between two other agencies. One of them, or the hub's manager, does this."
NOT_HERE = "Choose an agency of this hub."


@transaction.atomic
def raise_disagreement(*, episode: Episode, issue: str, against: Agency, by: User) -> Disagreement:
    """Raise that one's own agency disagrees with another on an episode, also a closed one.

    Raises NotAllowed; RuleBroken for one's own agency, another hub's, and without words.
    """
    standing = require(by, NEEDS, episode)
    now = write_moment(episode.partnership_id)
    if against.partnership_id != episode.partnership_id:
        raise RuleBroken("disagreement.against", NOT_HERE, "against")
    return _raised(episode.child, episode.pk, standing, against, issue, now, by)


@transaction.atomic
def raise_with_hub(*, child: Child, issue: str, by: User) -> Disagreement:
    """Raise with the hub that one's own agency, which sees a part of the case, disagrees about a child.

    It goes to the hub's social care, on the latest episode that the agency is shown, also one of a record
    that is joined to the child's. Raises NotAllowed; RuleBroken where it is shown none, and without words.
    """
    standing = require(by, OUTSIDE, child)
    now = write_moment(child.partnership_id)
    shown = Sight.objects.shared_with(standing).without_hidden(standing)
    records = records_of(all_kept(by), [child.pk])
    latest = shown.filter(child__in=records, episode__isnull=False).order_by("-episode_id")
    sight = latest.select_related("child").first()
    if sight is None or sight.episode_id is None:
        raise RuleBroken("disagreement.not_shown", NOT_REFERRED)
    of_hub = Agency.objects.filter(partnership=child.partnership_id, kind=Agency.Kind.SOCIAL_CARE)
    hub = of_hub.order_by("pk").first()
    if hub is None:
        raise RuleBroken("disagreement.no_hub", NO_HUB)
    return _raised(sight.child, sight.episode_id, standing, hub, issue, now, by)


def _raised(
    child: Child,
    episode: int,
    standing: Standing,
    against: Agency,
    issue: str,
    now: datetime,
    by: User,
) -> Disagreement:
    own = standing.agency_id
    if own is None:
        raise RuleBroken("disagreement.against", NOT_HERE, "against")
    _refuse(raising_problem(issue, own=own, against=against.pk))
    fact = Disagreement.objects.create(
        partnership_id=child.partnership_id,
        child=child,
        episode_id=episode,
        number=0,
        issue=issue.strip(),
        raised_by_id=own,
        against=against,
        level=LOWEST,
        due_on=due_on(LOWEST, london_date(now), _ladder(child.partnership_id)),
        outside=standing.may(OUTSIDE),
        known_from=now,
        recorded_by=by,
    )
    fact.refresh_from_db(fields=["number"])
    _note("disagreement.raised", Verb.COLLECTION, fact, now, by)
    return fact


def _ladder(partnership_id: int) -> Ladder:
    return Partnership.objects.get(pk=partnership_id).practice.ladder


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
    _refuse(
        settling_problem(
            state=fact.state,
            level=fact.level,
            outcome=outcome,
            words=words,
            raised_it=standing.agency_id == fact.raised_by_id,
            outside=standing.may(OUTSIDE),
        )
    )
    new = correct(fact=fact, now=now, by=by, reason=words, state=outcome)
    _note("disagreement.settled", Verb.ALTERATION, new, now, by)
    return new


def _require_party(fact: Disagreement, by: User) -> Standing:
    """Let the parties and the hub's manager act; who is outside the hub, on what they raised with it."""
    held = standing_of(by)
    outside = held is not None and held.may(OUTSIDE)
    standing = require(by, OUTSIDE if outside else NEEDS, fact)
    party = standing.agency_id in (fact.raised_by.pk, fact.against.pk)
    if outside and not (fact.outside and standing.agency_id == fact.raised_by.pk):
        raise NotAllowed(NO_PARTY)
    if not party and not standing.may(Permission.TEAM_LEAD):
        raise NotAllowed(NO_PARTY)
    return standing


def _refuse(problem: Problem | None) -> None:
    if problem:
        raise RuleBroken("disagreement.rule", problem.message, problem.field)


def _note(event: str, verb: Verb, fact: Disagreement, now: datetime, by: User) -> None:
    """Put it on the trail: on its episode, or on the child for one who may not see the episode."""
    said: dict[str, Any] = {
        "disagreement": fact.number,
        "level": fact.level,
        "state": fact.state,
        "due_on": fact.due_on.isoformat(),
    }
    child = fact.child.reference
    standing = standing_of(by)
    whole = standing is not None and standing.may(Permission.CASES_VIEW)
    record(
        event=event,
        verb=verb,
        what="episode" if whole else "child",
        reference=fact.episode.reference if whole else child,
        at=now,
        by=by,
        partnership_id=fact.partnership_id,
        after=said,
        reason=fact.reason,
        about=[child],
    )
