"""What a meeting had asked of others with a decision: recorded with it, and taken back with it."""

from collections.abc import Mapping

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from referrals.measures.actions import record_measure, withdraw_measure
from referrals.measures.models import Measure
from referrals.measures.rules import Taken
from risk.meetings.models import MeetingDecision, MeetingItem
from risk.meetings.rules.others import NOT, Answer


@transaction.atomic
def record_others(
    *, item: MeetingItem, asked: tuple[str, ...], answers: Mapping[str, Answer], by: User
) -> list[int]:
    """Record how each matter that was asked about stands, on the meeting's day; give the measures' numbers.

    Raises NotAllowed; Conflict where somebody recorded another state meanwhile.
    """
    require(by, Permission.CASES_RECORD, item)
    rows = Measure.objects.known().filter(episode=item.episode_id).latest_first()
    return [
        _record(item, matter, answers[matter], rows.filter(matter=matter).first(), by)
        for matter in asked
    ]


def _record(
    item: MeetingItem, matter: str, answer: Answer, standing: Measure | None, by: User
) -> int:
    held_on = item.meeting.held_on
    taken = Taken(
        matter,
        answer.state,
        max(held_on, standing.on) if standing else held_on,
        answer.because if answer.state in NOT else "",
    )
    seen = standing.state if standing else ""
    return record_measure(episode=item.episode, taken=taken, seen=seen, by=by).pk


@transaction.atomic
def take_others_back(*, decision: MeetingDecision, reason: str, by: User) -> None:
    """Take back what stands of the measures that a decision recorded. Raises NotAllowed."""
    require(by, Permission.CASES_RECORD, decision)
    for fact in Measure.objects.known().filter(pk__in=decision.measures):
        withdraw_measure(fact=fact, reason=reason, by=by)
