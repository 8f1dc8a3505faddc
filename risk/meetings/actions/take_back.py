"""Undoing a decision until its meeting is finished: a new fact, the old one stays readable."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.models import Verb
from hub.errors import RuleBroken
from hub.facts.actions import withdraw
from hub.facts.moments import write_moment
from referrals.episodes.actions import correct_closing
from referrals.episodes.models import EpisodeFact
from risk.levels.actions import withdraw_level
from risk.meetings.actions.decide import note
from risk.meetings.actions.hold import check_running, touched
from risk.meetings.actions.others import take_others_back
from risk.meetings.models import MeetingDecision, MeetingItem, MeetingTask
from risk.meetings.queries.ground import closed_by
from risk.proposals.actions import move
from risk.proposals.models import Proposal
from risk.proposals.rules import Settling, State

NOT_RECORDER = "Only the recorder takes a decision back. Take over as recorder first."


@transaction.atomic
def take_back(*, decision: MeetingDecision, reason: str, by: User) -> MeetingItem:
    """Take a decision back, with all that it made: the item waits again.

    Raises NotAllowed; RuleBroken without a reason, for a finished meeting and for one who does not
    record; Conflict where the decision stands no longer.
    """
    require(by, Permission.LEVELS_RECORD, decision)
    now = write_moment(decision.partnership_id)
    meeting = check_running(decision.item.meeting)
    if meeting.recorder_id != by.pk:
        raise RuleBroken("meeting.not_recorder", NOT_RECORDER)
    withdraw(fact=decision, now=now, by=by, reason=reason)
    _reopen(decision, reason, by)
    if decision.level is not None:
        withdraw_level(fact=decision.level, reason=reason, by=by)
    take_others_back(decision=decision, reason=reason, by=by)
    _put_proposals_back(decision, now, by)
    # What was agreed with it goes with it; what is done already stays.
    MeetingTask.objects.open().filter(item=decision.item, agreed_at=decision.known_from).update(
        done_at=now, done_by=by, came_of_it=f"Taken back with the decision: {reason.strip()}"
    )
    MeetingItem.objects.filter(pk=decision.item_id).update(
        state=MeetingItem.State.WAITING, version=F("version") + 1
    )
    touched(meeting, now)
    note("decision.taken_back", Verb.ALTERATION, decision, now, by)
    return MeetingItem.objects.get(pk=decision.item_id)


def _reopen(decision: MeetingDecision, reason: str, by: User) -> None:
    fact = EpisodeFact.objects.known().get(episode=decision.episode_id)
    if closed_by(decision, fact):
        correct_closing(fact=fact, closing=None, reason=reason, by=by)


def _put_proposals_back(decision: MeetingDecision, now: datetime, by: User) -> None:
    proposal = decision.proposal
    if proposal is not None and decision.outcome in list(Settling):
        if State(proposal.state) is not State.OPEN:
            move(proposal=proposal, to=State.OPEN, now=now, by=by)
        return
    if proposal is not None and State(proposal.state) is State.OPEN:
        move(proposal=proposal, to=State.TAKEN_BACK, now=now, by=by)
    replaced = Proposal.objects.filter(
        episode=decision.episode_id, state=State.REPLACED, settled_at__gte=decision.known_from
    )
    former = replaced.order_by("settled_at").first()
    if former is not None:
        move(proposal=former, to=State.OPEN, now=now, by=by)
