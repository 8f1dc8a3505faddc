"""Recording episodes by hand: their referral, their closing, who holds them.

Closing changes the episode alone: who held it and which review was planned stay as they were recorded,
so that a closing that was recorded wrongly can be taken away again.
"""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import correct
from hub.facts.moments import write_moment
from partners.staffing.models import NewlyQualified
from partners.staffing.rules import Days, involves_cse, refusal
from referrals.children.models import Child
from referrals.episodes.models import Allocation, Episode, EpisodeFact
from referrals.episodes.rules import (
    Closing,
    Course,
    Referral,
    Worker,
    check_closing,
    check_end,
    check_holding,
    check_referral,
    next_reference,
)

Said = dict[str, Any]
CLOSED = "This episode is closed. A new concern is a new episode."
NOT_CLOSED = "This episode is open: there is no closing to correct."
SAME = "This is what is recorded already. Change what is wrong, or leave it as it is."
HOLDS = "This person holds the episode already, in the same part."
LEAD_CHANGED = (
    "Somebody allocated the episode meanwhile. Look at who leads it now, then decide again."
)


@transaction.atomic
def open_episode(*, child: Child, referral: Referral, by: User) -> Episode:
    """Open an episode for a new concern about a child, who may have others open.

    Its reference is the next of the partnership's own. Raises NotAllowed; RuleBroken for a referral that
    cannot be.
    """
    require(by, Permission.CASES_RECORD, child)
    now = write_moment(child.partnership_id)
    check_referral(referral, Course(born=child.date_of_birth), london_date(now))
    episode = Episode.objects.create(
        partnership_id=child.partnership_id,
        reference=_next_reference(child.partnership_id),
        child=child,
        referred_on=referral.referred_on,
    )
    fact = EpisodeFact.objects.create(
        partnership_id=child.partnership_id,
        episode=episode,
        child=child,
        known_from=now,
        recorded_by=by,
        **_columns(referral),
    )
    _note("episode.opened", Verb.COLLECTION, episode, now, by, after=_said(fact))
    return episode


def _next_reference(partnership_id: int) -> str:
    # The lock of write_moment makes the numbers one row; the last may be that of a child who is hidden.
    with connection.cursor() as cursor:
        cursor.execute("SELECT referrals_last_episode(%s)", [partnership_id])
        return next_reference(cursor.fetchone()[0])


def _columns(referral: Referral) -> Said:
    return {
        "referred_on": referral.referred_on,
        "referral_source": referral.source,
        "referring_agency": " ".join(referral.agency.split()),
        "exploitation_types": list(referral.types),
    }


@transaction.atomic
def correct_episode(*, fact: EpisodeFact, referral: Referral, reason: str, by: User) -> EpisodeFact:
    """Put right how an episode was referred; the version that the person saw stays readable.

    Raises NotAllowed; RuleBroken for a referral that cannot be, for no change and without a reason;
    Conflict where somebody changed the episode meanwhile.
    """
    require(by, Permission.CASES_RECORD, fact)
    now = write_moment(fact.partnership_id)
    check_referral(referral, _course(fact), london_date(now))
    changes = _columns(referral)
    _must_differ(fact, changes)
    new = correct(fact=fact, now=now, by=by, reason=reason, **changes)
    Episode.objects.filter(pk=fact.episode_id).update(referred_on=new.referred_on)
    _note_correction("episode.corrected", fact, new, by)
    return new


@transaction.atomic
def close_episode(*, fact: EpisodeFact, closing: Closing, reason: str, by: User) -> EpisodeFact:
    """Close an open episode for good, with the reason in words.

    Raises NotAllowed; RuleBroken for one that is closed, for a closing that cannot be and without a
    reason; Conflict where somebody changed the episode meanwhile.
    """
    require(by, Permission.CASES_RECORD, fact)
    if fact.closed_on is not None:
        raise RuleBroken("episode.closed", CLOSED)
    return _change_closing("episode.closed", fact, closing, reason, by)


@transaction.atomic
def correct_closing(
    *, fact: EpisodeFact, closing: Closing | None, reason: str, by: User
) -> EpisodeFact:
    """Put right a closing that was recorded wrongly; None: it was not closed at all.

    Raises as `close_episode` does, and RuleBroken for an episode that is open and for no change.
    """
    require(by, Permission.CASES_RECORD, fact)
    if fact.closed_on is None:
        raise RuleBroken("episode.open", NOT_CLOSED)
    return _change_closing("episode.closing_corrected", fact, closing, reason, by)


def _change_closing(
    event: str, fact: EpisodeFact, closing: Closing | None, reason: str, by: User
) -> EpisodeFact:
    now = write_moment(fact.partnership_id)
    if closing is not None:
        check_closing(closing, fact.referred_on, _course(fact), london_date(now))
    changes = {
        "closed_on": closing.closed_on if closing else None,
        "closure_reason": closing.reason if closing else "",
    }
    _must_differ(fact, changes)
    new = correct(fact=fact, now=now, by=by, reason=reason, **changes)
    due = None if closing else _earliest_review(fact.episode)
    Episode.objects.filter(pk=fact.episode_id).update(
        closed_on=changes["closed_on"], review_due_on=due
    )
    _note_correction(event, fact, new, by)
    return new


def _course(fact: EpisodeFact) -> Course:
    # Levels and reviews belong to the room above; they are asked by the names of their relations.
    levels = fact.episode.levels.known().aggregate(first=Min("set_on"), last=Max("set_on"))
    return Course(
        born=fact.child.date_of_birth,
        closed_on=fact.closed_on or date.max,
        first_level_on=levels["first"] or date.max,
        last_level_on=levels["last"] or date.min,
    )


def _earliest_review(episode: Episode) -> date | None:
    outstanding = episode.reviews.known().filter(done_on__isnull=True)
    due: date | None = outstanding.aggregate(due=Min("due_on"))["due"]
    return due


@transaction.atomic
def allocate(
    *, episode: Episode, worker: Worker, lead: bool, from_date: date, seen_lead: str, by: User
) -> Allocation:
    """Give an open episode to a worker from a day on; a lead takes over from whoever led it.

    `seen_lead` names the lead worker whom the person saw. Raises NotAllowed; RuleBroken for a closed
    episode, a day that cannot be, one who holds it already, a lead who is newly qualified; Conflict where it
    was allocated meanwhile.
    """
    require(by, Permission.CASES_RECORD, episode)
    now = write_moment(episode.partnership_id)
    if episode.closed_on is not None:
        raise RuleBroken("episode.closed", CLOSED)
    ending = _ending(episode, worker, lead, from_date)
    today = london_date(now)
    check_holding(from_date, episode.referred_on, (held.from_date for held in ending), today)
    if lead:
        _refuse_newly_qualified(episode, worker, Days(from_date, max(from_date, today)))
    for held in ending:
        reason = f"Handed over to {worker.name}." if lead else "Holds it in another part now."
        correct(fact=held, now=now, by=by, reason=reason, to_date=from_date)
    allocation = _new_allocation(episode, worker, lead, from_date, now, by)
    _renew_lead(episode, seen_lead, today)
    after = _said(allocation)
    _note("episode.allocated", Verb.COLLECTION, episode, now, by, {"lead": seen_lead}, after)
    return allocation


def _ending(episode: Episode, worker: Worker, lead: bool, from_date: date) -> list[Allocation]:
    """Give whose time ends: who led until then, and the worker's own in the other part."""
    holding = Allocation.objects.known().filter(episode=episode).still_held(from_date)
    held = list(holding)
    if any(item.worker == worker.code and item.lead == lead for item in held):
        raise RuleBroken("allocation.holds", HOLDS, "worker")
    return [item for item in held if item.worker == worker.code or (lead and item.lead)]


def _refuse_newly_qualified(episode: Episode, worker: Worker, days: Days) -> None:
    """Refuse a lead who is newly qualified, where CSE is feared: of an import nobody is asked."""
    entered = NewlyQualified.objects.meeting(days).filter(
        partnership=episode.partnership_id, user__username=worker.code
    )
    row = entered.order_by("-ends_on").first()
    fact = EpisodeFact.objects.known().filter(episode=episode).order_by("-position", "-pk").first()
    types = fact.exploitation_types if fact else []
    if row is not None and involves_cse(types):
        raise RuleBroken("allocation.newly_qualified", refusal(worker.name, row.ends_on), "worker")


def _new_allocation(
    episode: Episode, worker: Worker, lead: bool, from_date: date, now: datetime, by: User
) -> Allocation:
    same_day = Allocation.objects.known().filter(
        episode=episode, worker=worker.code, from_date=from_date
    )
    return Allocation.objects.create(
        partnership_id=episode.partnership_id,
        episode=episode,
        worker=worker.code,
        worker_name=worker.name,
        agency=worker.agency,
        from_date=from_date,
        lead=lead,
        position=(same_day.aggregate(last=Max("position"))["last"] or 0) + 1,
        known_from=now,
        recorded_by=by,
    )


@transaction.atomic
def end_allocation(*, allocation: Allocation, to_date: date, reason: str, by: User) -> Allocation:
    """End a worker's time with an episode without another to follow; the last day is not counted.

    Raises NotAllowed; RuleBroken for a day that cannot be, for no change and without a reason; Conflict
    where somebody changed it meanwhile.
    """
    require(by, Permission.CASES_RECORD, allocation)
    now = write_moment(allocation.partnership_id)
    today = london_date(now)
    check_end(to_date, allocation.from_date, today)
    _must_differ(allocation, {"to_date": to_date})
    new = correct(fact=allocation, now=now, by=by, reason=reason, to_date=to_date)
    _renew_lead(new.episode, new.episode.lead_worker, today)
    _note_correction("allocation.ended", allocation, new, by)
    return new


def _renew_lead(episode: Episode, seen: str, today: date) -> None:
    """Put on the episode who leads it today, if nobody else changed that since the person looked."""
    leads = Allocation.objects.as_at(today).filter(episode=episode, lead=True)
    lead = leads.order_by("-from_date", "-position").first()
    name = (lead.worker_name or lead.worker) if lead else ""
    changed = Episode.objects.filter(pk=episode.pk, lead_worker=seen).update(lead_worker=name)
    if changed != 1:
        raise Conflict(LEAD_CHANGED)


def _must_differ(fact: EpisodeFact | Allocation, changes: Said) -> None:
    if all(getattr(fact, name) == value for name, value in changes.items()):
        raise RuleBroken("fact.same", SAME)


def _said(fact: EpisodeFact | Allocation) -> Said:
    """What a fact says, for the trail."""
    names = (
        ("referred_on", "referral_source", "referring_agency", "exploitation_types", "closed_on",
         "closure_reason")
        if isinstance(fact, EpisodeFact)
        else ("worker", "from_date", "to_date", "lead")
    )  # fmt: skip
    said = {name: getattr(fact, name) for name in names}
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in said.items()}


def _note_correction(
    event: str, old: EpisodeFact | Allocation, new: EpisodeFact | Allocation, by: User
) -> None:
    _note(
        event,
        Verb.ALTERATION,
        old.episode,
        new.known_from,
        by,
        before=_said(old),
        after=_said(new),
        reason=new.reason,
    )


def _note(
    event: str,
    verb: Verb,
    episode: Episode,
    at: datetime,
    by: User,
    before: Said | None = None,
    after: Said | None = None,
    reason: str = "",
) -> None:
    record(
        event=event,
        verb=verb,
        what="episode",
        reference=episode.reference,
        at=at,
        by=by,
        partnership_id=episode.partnership_id,
        before=before,
        after=after,
        reason=reason,
        about=[episode.child.reference],
    )
