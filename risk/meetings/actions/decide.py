"""Deciding an item once: its level, its closing or its proposal, its actions, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import RuleBroken
from hub.facts.moments import write_moment
from partners.agencies.models import Agency
from referrals.measures.actions import note_leaving
from risk.levels.actions import set_level
from risk.levels.models import RiskLevel
from risk.levels.rules import Decision
from risk.meetings.actions.hold import check_running, settle_item, touched
from risk.meetings.actions.others import record_others
from risk.meetings.models import MeetingDecision, MeetingItem, MeetingTask
from risk.meetings.queries.ground import ground_of, rank_of
from risk.meetings.rules.effects import (
    CLOSE,
    NOT_DECIDED,
    Confirmer,
    Effect,
    check_confirmed,
    check_given,
    confirmers,
    effect_of,
    needed,
    rises,
)
from risk.meetings.rules.others import Answer, check_answers, matters_asked
from risk.meetings.rules.times import entered_later, moment_of
from risk.proposals.actions import Change, propose, replace_open
from risk.proposals.rules import Kind

NOT_RECORDER = "{name} records this meeting. Take over as recorder, then decide."
UNKNOWN = "Choose what is decided."
NO_WHAT = "Write what is to be done, or take the action away."
NO_AGENCY = "Choose which agency does it."
NO_DAY = "Give the day by which it is done: the meeting's or a later one."


@dataclass(frozen=True)
class Agreed:
    """An action that was agreed: what, which agency does it, by which day."""

    what: str
    agency_id: int
    due_on: date


@dataclass(frozen=True)
class Given:
    """What the recorder gave. `outcome` is a level, CLOSE or NOT_DECIDED (rules/effects.py).

    `other_risks` says "none" or what was referred on, and to whom. `others` are the answers about a strategy
    discussion and social care, by their matter; `told` is who was told of a child who moved or turned 18.
    `decided_at` is the time of the meeting's day, where it is entered afterwards.
    """

    outcome: str
    rationale: str = ""
    contingency: str = ""
    other_risks: str = ""
    exit_plan: str = ""
    closure_reason: str = ""
    told: str = ""
    missing_from: str = ""
    missing_by: date | None = None
    review_on: date | None = None
    confirmed: str = ""
    decided_at: time | None = None
    actions: tuple[Agreed, ...] = field(default=())
    others: Mapping[str, Answer] = field(default_factory=dict)


@transaction.atomic
def record_decision(
    *, item: MeetingItem, given: Given, seen_version: int, by: User
) -> MeetingDecision:
    """Record what the meeting decided of an item, with all that follows from it.

    Raises NotAllowed; RuleBroken for one who does not record, for what the outcome needs and is not given,
    for what the chair or the manager must confirm; Conflict where the item was decided meanwhile.
    """
    require(by, Permission.LEVELS_RECORD, item)
    now = write_moment(item.partnership_id)
    present = begin(item, seen_version, by)
    rank = _rank(given.outcome)
    decided_at = moment_of(present.meeting.held_on, given.decided_at, now)
    ground = ground_of(present)
    effect = effect_of(given.outcome, rank, ground)
    check_given(needed(given.outcome, rank, effect), vars(given))
    check_confirmed(confirmers(rank, effect, ground), _held(present, by), given.confirmed)
    asked = matters_asked(rank, effect, ground)
    check_answers(asked, given.others)
    measures = record_others(item=present, asked=asked, answers=given.others, by=by)
    measures += _tell(present, given, by)
    level = proposal = None
    if effect in (Effect.AT_ONCE, Effect.CLOSES):
        level = set_from_meeting(present, given.outcome, given.rationale, given.review_on, by)
        replace_open(episode=present.episode, now=now, by=by)
    if effect is Effect.PROPOSED or rises(rank, ground):
        proposal = propose(episode=present.episode, change=_change(given, effect), by=by)
    if _too_early(given.missing_by, present):
        raise RuleBroken("decision.missing_by", NO_DAY, "missing_by")
    decision = keep_decision(
        present,
        now,
        by,
        outcome=given.outcome,
        effect=effect,
        level=level,
        proposal=proposal,
        measures=measures,
        decided_at=decided_at,
        **_words(given, effect),
    )
    _agree(present, given.actions, now, by)
    return decision


def begin(item: MeetingItem, seen_version: int, by: User) -> MeetingItem:
    """Give the item as it stands under the lock, decided by nobody, and by the recorder alone."""
    present = MeetingItem.objects.select_related(
        "meeting__series", "meeting__recorder", "episode", "child", "proposal"
    ).get(pk=item.pk)
    check_running(present.meeting)
    if present.meeting.recorder_id != by.pk:
        name = present.meeting.recorder.name
        raise RuleBroken("meeting.not_recorder", NOT_RECORDER.format(name=name))
    settle_item(present, seen_version, MeetingItem.State.DECIDED)
    return present


def set_from_meeting(
    item: MeetingItem, level: str, reason: str, review_on: date | None, by: User
) -> RiskLevel:
    """Set the level that a meeting decided, on its day, agreed where the meeting has the say."""
    series = item.meeting.series
    agreed = RiskLevel.Agreed.PANEL if series.settles else RiskLevel.Agreed.DAILY
    return set_level(
        episode=item.episode,
        decision=Decision(level, item.meeting.held_on, reason, agreed),
        seen_level=item.episode.level,
        review_on=review_on,
        by=by,
    )


def keep_decision(item: MeetingItem, now: datetime, by: User, **columns: Any) -> MeetingDecision:
    """Write the decision itself, let the other screens know, and put it on the trail."""
    decision = MeetingDecision.objects.create(
        partnership_id=item.partnership_id,
        item=item,
        child_id=item.child_id,
        episode=item.episode,
        position=MeetingDecision.objects.filter(item=item).count() + 1,
        known_from=now,
        recorded_by=by,
        **columns,
    )
    touched(item.meeting, now)
    note("decision.recorded", Verb.COLLECTION, decision, now, by)
    return decision


def _tell(item: MeetingItem, given: Given, by: User) -> list[int]:
    """Record who is told of a closing at 18, or of a child who moved; nothing for another outcome."""
    if given.outcome != CLOSE:
        return []
    told = note_leaving(
        episode=item.episode,
        closure_reason=given.closure_reason,
        told=given.told,
        on=item.meeting.held_on,
        by=by,
    )
    return [told.pk] if told else []


def _too_early(day: date | None, item: MeetingItem) -> bool:
    """Whether what is asked for would be due before the meeting took place."""
    return day is not None and day < item.meeting.held_on


def _rank(outcome: str) -> int | None:
    if outcome in (CLOSE, NOT_DECIDED):
        return None
    rank = rank_of(outcome)
    if rank is None:
        raise RuleBroken("decision.outcome", UNKNOWN, "outcome")
    return rank


def _held(item: MeetingItem, by: User) -> frozenset[Confirmer]:
    held = set()
    if item.meeting.chair_id == by.pk:
        held.add(Confirmer.CHAIR)
    standing = standing_of(by)
    if standing is not None and standing.may(Permission.MEETINGS_CONFIRM):
        held.add(Confirmer.MANAGER)
    return frozenset(held)


def _change(given: Given, effect: Effect) -> Change:
    if given.outcome == CLOSE:
        return Change(
            Kind.CLOSING,
            given.rationale,
            closure_reason=given.closure_reason,
            exit_plan=given.exit_plan,
        )
    kind = Kind.FALL if effect is Effect.PROPOSED else Kind.RISE
    return Change(kind, given.rationale, level=given.outcome, exit_plan=given.exit_plan)


def _words(given: Given, effect: Effect) -> dict[str, Any]:
    """What of the given stands beside this outcome; what was typed for another is left out."""
    asked = {"rationale", "confirmed", *needed(given.outcome, None, effect)}
    if effect in (Effect.AT_ONCE, Effect.CLOSES):
        asked |= {"contingency", "other_risks"}
    names = ("rationale", "contingency", "other_risks", "exit_plan", "closure_reason",
             "missing_from", "missing_by", "confirmed")  # fmt: skip
    said = {name: getattr(given, name) for name in names if name in asked}
    return {name: v.strip() if isinstance(v, str) else v for name, v in said.items()}


def _agree(item: MeetingItem, agreed: tuple[Agreed, ...], now: datetime, by: User) -> None:
    known = set(Agency.objects.filter(partnership=item.partnership_id).values_list("pk", flat=True))
    for one in agreed:
        _check_agreed(one, known, item.meeting.held_on)
    MeetingTask.objects.bulk_create(
        MeetingTask(
            partnership_id=item.partnership_id,
            child_id=item.child_id,
            episode=item.episode,
            item=item,
            what=one.what.strip(),
            agency_id=one.agency_id,
            due_on=one.due_on,
            agreed_at=now,
            agreed_by=by,
        )
        for one in agreed
    )


def _check_agreed(one: Agreed, known: set[int], held_on: date) -> None:
    if not one.what.strip():
        raise RuleBroken("action.what", NO_WHAT, "actions")
    if one.agency_id not in known:
        raise RuleBroken("action.agency", NO_AGENCY, "actions")
    if one.due_on < held_on:
        raise RuleBroken("action.due_on", NO_DAY, "actions")


def note(event: str, verb: Verb, decision: MeetingDecision, now: datetime, by: User) -> None:
    """Put on the trail what was decided, without the words: who reads it sees no case.

    Of what is entered afterwards it says when it was decided.
    """
    item = decision.item
    later = entered_later(decision.decided_at, decision.known_from)
    record(
        event=event,
        verb=verb,
        what="episode",
        reference=decision.episode.reference,
        at=now,
        by=by,
        partnership_id=decision.partnership_id,
        after={
            "meeting": f"{item.meeting.series.code} {item.meeting.held_on.isoformat()}",
            "outcome": decision.outcome,
            "effect": decision.effect,
            **({"entered_later": decision.decided_at.isoformat()} if later else {}),
        },
        about=[decision.child.reference],
    )
