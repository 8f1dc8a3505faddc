"""What the panel does with a proposal: ratifying it, setting another level, leaving it for another day."""

from collections.abc import Mapping
from datetime import time

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.errors import RuleBroken
from hub.facts.moments import write_moment
from referrals.episodes.actions import close_episode
from referrals.episodes.models import EpisodeFact
from referrals.episodes.rules import Closing
from risk.levels.models import RiskLevel
from risk.meetings.actions.decide import begin, keep_decision, set_from_meeting
from risk.meetings.actions.others import record_others
from risk.meetings.models import MeetingDecision, MeetingItem
from risk.meetings.queries.ground import ground_of, rank_of
from risk.meetings.rules.effects import Effect
from risk.meetings.rules.others import Answer, check_answers, matters_asked
from risk.meetings.rules.times import moment_of
from risk.proposals.actions import move
from risk.proposals.models import Proposal
from risk.proposals.rules import SETTLED_AS, Kind, Settling, State, Verdict, check_verdict

NOT_A_PANEL = "This meeting does not settle proposals. The panel does."


@transaction.atomic
def settle(
    *,
    item: MeetingItem,
    verdict: Verdict,
    seen_version: int,
    by: User,
    others: Mapping[str, Answer] | None = None,
    decided_at: time | None = None,
) -> MeetingDecision:
    """Record what the panel decided of a proposal, and let it take effect.

    `others` are the answers about a strategy discussion and social care, where it sets another level;
    `decided_at` is the time of the panel's day, where it is entered afterwards.

    Raises NotAllowed; RuleBroken for a meeting that settles none, for the proposer alone, without a reason
    or a level, and for one who does not record; Conflict where it was settled meanwhile.
    """
    require(by, Permission.LEVELS_RECORD, item)
    now = write_moment(item.partnership_id)
    present = begin(item, seen_version, by)
    if not present.meeting.series.settles or present.proposal is None:
        raise RuleBroken("meeting.settles_not", NOT_A_PANEL)
    proposal = Proposal.objects.get(pk=present.proposal.pk)
    check_verdict(
        verdict,
        proposed=proposal.to_level,
        proposer=proposal.proposed_by_id == by.pk,
        state=State(proposal.state),
    )
    at = moment_of(present.meeting.held_on, decided_at, now)
    measures = _ask_others(present, verdict, others or {}, by)
    level = _effect(present, proposal, verdict, by)
    if verdict.settling in SETTLED_AS:
        move(proposal=proposal, to=SETTLED_AS[verdict.settling], now=now, by=by)
    none = verdict.settling is Settling.NOT_YET
    return keep_decision(
        present,
        now,
        by,
        outcome=verdict.settling,
        effect=Effect.NONE if none else Effect.AT_ONCE,
        level=level,
        proposal=proposal,
        measures=measures,
        rationale=verdict.reason.strip(),
        decided_at=at,
    )


def _ask_others(
    item: MeetingItem, verdict: Verdict, answers: Mapping[str, Answer], by: User
) -> list[int]:
    """Ask of another level what the daily meeting asks; of what is ratified the daily meeting has asked."""
    if verdict.settling is not Settling.OTHER_LEVEL:
        return []
    asked = matters_asked(rank_of(verdict.level), Effect.AT_ONCE, ground_of(item))
    check_answers(asked, answers)
    return record_others(item=item, asked=asked, answers=answers, by=by)


def _effect(item: MeetingItem, proposal: Proposal, verdict: Verdict, by: User) -> RiskLevel | None:
    """Set the level or close the episode; a rise that is ratified is in force already."""
    if verdict.settling is Settling.OTHER_LEVEL:
        return set_from_meeting(item, verdict.level, verdict.reason, None, by)
    if verdict.settling is Settling.NOT_YET or proposal.kind == Kind.RISE:
        return None
    if proposal.kind == Kind.FALL:
        return set_from_meeting(item, proposal.to_level, verdict.reason, None, by)
    fact = EpisodeFact.objects.known().get(episode=proposal.episode_id)
    closing = Closing(item.meeting.held_on, proposal.closure_reason)
    close_episode(fact=fact, closing=closing, reason=verdict.reason, by=by)
    return None
