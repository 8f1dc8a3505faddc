"""Planning reviews, and moving them."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Min

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import correct, withdraw
from hub.facts.moments import write_moment
from referrals.episodes.models import Episode
from risk.reviews.models import Review, ReviewQuerySet
from risk.reviews.rules import check_move, latest_review

ANSWERED = "Answered by a new level."
OTHERWISE = "The level that it belonged to was corrected."
CLOSED = "This episode is closed: it has no review."
NO_REASON = "Write why the review is moved: it is read at the review."
MEANWHILE = "Somebody moved the review meanwhile. Look at its new day, then decide again."


@transaction.atomic
def schedule(
    *, episode: Episode, due_on: date | None, now: datetime, by: User, answered: bool = True
) -> None:
    """Plan the review of the level now in force (None: it asks for none) in the place of those outstanding.

    A new level answers those: they are done today. A corrected level does not: they are withdrawn.
    """
    require(by, Permission.LEVELS_RECORD, episode)
    for review in _outstanding(episode):
        if answered:
            correct(fact=review, now=now, by=by, reason=ANSWERED, done_on=london_date(now))
        else:
            withdraw(fact=review, now=now, by=by, reason=OTHERWISE)
    if due_on is not None:
        _plan(episode, due_on, now, by)
    _note("review.scheduled", episode, now, by, before=None, after=due_on)


@transaction.atomic
def move_review(
    *, episode: Episode, due_on: date, seen_due_on: date | None, reason: str, by: User
) -> None:
    """Move the next review of an open episode to another day, or plan one where there is none.

    `seen_due_on` is the day the person saw. Raises NotAllowed; RuleBroken for a closed episode, a day
    that lies behind or beyond what the level allows and without a reason; Conflict where it was moved
    meanwhile.
    """
    require(by, Permission.LEVELS_RECORD, episode)
    now = write_moment(episode.partnership_id)
    present = Episode.objects.select_related("partnership").get(pk=episode.pk)
    _check(present, due_on, seen_due_on, reason, london_date(now))
    first = _outstanding(present).first()
    if first is None:
        _plan(present, due_on, now, by, reason)
    else:
        correct(fact=first, now=now, by=by, reason=reason, due_on=due_on)
    # Others that an extract brought may be due before the one that was moved.
    due = _outstanding(present).aggregate(due=Min("due_on"))["due"]
    Episode.objects.filter(pk=present.pk).update(review_due_on=due)
    _note("review.moved", present, now, by, before=seen_due_on, after=due_on, reason=reason)


def _check(
    episode: Episode, due_on: date, seen_due_on: date | None, reason: str, today: date
) -> None:
    if episode.closed_on is not None:
        raise RuleBroken("review.closed", CLOSED)
    if episode.review_due_on != seen_due_on:
        raise Conflict(MEANWHILE)
    if not reason.strip():
        raise RuleBroken("review.reason", NO_REASON, "reason")
    latest = latest_review(episode.level, episode.partnership.review_days, today)
    check_move(due_on, seen_due_on, latest, today)


def _outstanding(episode: Episode) -> ReviewQuerySet:
    left = Review.objects.known().filter(episode=episode, done_on__isnull=True)
    return left.order_by("due_on", "position", "pk")


def _plan(episode: Episode, due_on: date, now: datetime, by: User, reason: str = "") -> None:
    same_day = Review.objects.known().filter(episode=episode, due_on=due_on)
    Review.objects.create(
        partnership_id=episode.partnership_id,
        episode=episode,
        due_on=due_on,
        position=(same_day.aggregate(last=Max("position"))["last"] or 0) + 1,
        known_from=now,
        recorded_by=by,
        reason=reason.strip(),
    )


def _note(
    event: str,
    episode: Episode,
    now: datetime,
    by: User,
    *,
    before: date | None,
    after: date | None,
    reason: str = "",
) -> None:
    record(
        event=event,
        verb=Verb.COLLECTION if event == "review.scheduled" else Verb.ALTERATION,
        what="episode",
        reference=episode.reference,
        at=now,
        by=by,
        partnership_id=episode.partnership_id,
        before={"due_on": before.isoformat()} if before else None,
        after={"due_on": after.isoformat() if after else None},
        reason=reason.strip(),
        about=[episode.child.reference],
    )
