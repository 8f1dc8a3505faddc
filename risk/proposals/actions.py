"""Proposing a change to the panel, saying what one's agency thinks of it, and moving a proposal on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import correct
from hub.facts.moments import write_moment
from referrals.episodes.models import Episode
from risk.proposals.models import AgencyView, Proposal
from risk.proposals.rules import GOES_TO, NO_VIEW, SETTLED, Kind, Opinion, State, View, check_view

MEANWHILE = "Somebody settled this proposal meanwhile. Look at what was decided."
SAME = "This is what your agency says already. Change it, or leave it as it is."
CHANGED = "Changed before the panel."


@dataclass(frozen=True)
class Change:
    """What is proposed of an episode: a level, or (`level` empty) its closing for a reason of the list."""

    kind: Kind
    words: str
    level: str = ""
    closure_reason: str = ""
    exit_plan: str = ""


@transaction.atomic
def propose(*, episode: Episode, change: Change, by: User) -> Proposal:
    """Put a change before the panel, in the place of one that waits for the same episode.

    Raises NotAllowed. The caller has checked what the outcome needs (risk/meetings/rules/effects.py).
    """
    require(by, Permission.LEVELS_RECORD, episode)
    now = write_moment(episode.partnership_id)
    replace_open(episode=episode, now=now, by=by)
    proposal = Proposal.objects.create(
        partnership_id=episode.partnership_id,
        child_id=episode.child_id,
        episode=episode,
        kind=change.kind,
        from_level=episode.level,
        to_level=change.level,
        closure_reason=change.closure_reason,
        words=change.words.strip(),
        exit_plan=change.exit_plan.strip(),
        proposed_by=by,
        proposed_at=now,
    )
    _note("proposal.made", Verb.COLLECTION, proposal, now, by, after=_said(proposal))
    return proposal


@transaction.atomic
def replace_open(*, episode: Episode, now: datetime, by: User) -> None:
    """Let the proposal that waits for an episode give way to what is decided now, if there is one."""
    require(by, Permission.LEVELS_RECORD, episode)
    for proposal in Proposal.objects.open().filter(episode=episode):
        move(proposal=proposal, to=State.REPLACED, now=now, by=by)


@transaction.atomic
def move(*, proposal: Proposal, to: State, now: datetime, by: User) -> None:
    """Move a proposal on as GOES_TO allows. Raises RuleBroken for another way, Conflict where it moved."""
    require(by, Permission.LEVELS_RECORD, proposal)
    was = State(proposal.state)
    if to not in GOES_TO[was]:
        raise RuleBroken("proposal.settled", SETTLED)
    settled_at = None if to is State.OPEN else now
    standing = Proposal.objects.filter(pk=proposal.pk, state=was)
    if not standing.update(state=to, settled_at=settled_at):
        raise Conflict(MEANWHILE)
    proposal.state, proposal.settled_at = to, settled_at
    _note(
        "proposal.moved",
        Verb.ALTERATION,
        proposal,
        now,
        by,
        before={"state": was},
        after={"state": to},
    )


@transaction.atomic
def give_view(*, proposal: Proposal, view: View, by: User) -> AgencyView:
    """Say what one's own agency thinks of a proposal, before the panel or at it.

    Raises NotAllowed; RuleBroken for a proposal that is settled, for one without an agency, for another
    level that is not named or has no reason, and for no change.
    """
    standing = require(by, Permission.VIEWS_GIVE, proposal)
    if standing.agency_id is None:
        raise RuleBroken("view.agency", "A view is an agency's: your post has none.")
    now = write_moment(proposal.partnership_id)
    if not Proposal.objects.open().filter(pk=proposal.pk).exists():
        raise RuleBroken("proposal.settled", SETTLED)
    if view.opinion not in list(Opinion):
        raise RuleBroken("view.opinion", NO_VIEW, "opinion")
    check_view(view, proposal.to_level)
    given = _keep(proposal, view, standing.agency_id, now, by)
    _note("proposal.viewed", Verb.COLLECTION, proposal, now, by, after=_told(given))
    return given


def _keep(proposal: Proposal, view: View, agency_id: int, now: datetime, by: User) -> AgencyView:
    columns = {"opinion": view.opinion, "level": "", "words": view.words.strip()}
    if view.opinion is Opinion.OTHER:
        columns["level"] = view.level
    old = AgencyView.objects.known().filter(proposal=proposal, agency=agency_id).first()
    if old is None:
        return AgencyView.objects.create(
            partnership_id=proposal.partnership_id,
            child_id=proposal.child_id,
            proposal=proposal,
            agency_id=agency_id,
            known_from=now,
            recorded_by=by,
            **columns,
        )
    if all(getattr(old, name) == value for name, value in columns.items()):
        raise RuleBroken("view.same", SAME)
    return correct(fact=old, now=now, by=by, reason=CHANGED, **columns)


def _said(proposal: Proposal) -> dict[str, Any]:
    # Without the words: who reads the trail sees no case.
    names = ("kind", "from_level", "to_level", "closure_reason")
    return {name: getattr(proposal, name) for name in names}


def _told(view: AgencyView) -> dict[str, Any]:
    return {"agency": view.agency_id, "opinion": view.opinion, "level": view.level}


def _note(
    event: str,
    verb: Verb,
    proposal: Proposal,
    now: datetime,
    by: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        event=event,
        verb=verb,
        what="episode",
        reference=proposal.episode.reference,
        at=now,
        by=by,
        partnership_id=proposal.partnership_id,
        before=before,
        after=after,
        about=[proposal.child.reference],
    )
