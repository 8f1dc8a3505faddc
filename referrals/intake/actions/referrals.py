"""Receiving referrals, and what becomes of them before an episode has them."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from hub.access.gate import require, standing_of
from hub.access.rules import Permission, Standing
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from hub.facts.moments import write_moment
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.intake.models import Referral, ReferralFeedback, ReferralLink, ReferralVersion
from referrals.intake.rules import (
    FORM,
    HOW_TOLD,
    TAKEN_DOWN,
    Concern,
    due_on,
    problem_with,
    reference_of,
)

NOT_YOURS = (
    "You can change a referral that you sent yourself, until the hub puts it to a child. "
    "Call the hub, or send what is new as another referral."
)
CHANGED = "Somebody else changed this referral meanwhile. Look at it again, then decide."
FUTURE = "The day lies in the future. Give today or a day before it"


@transaction.atomic
def receive_referral(
    *,
    partnership: Partnership,
    concern: Concern,
    by: User,
    route: str = FORM,
    received_at: datetime | None = None,
) -> Referral:
    """Take in a referral that a partner sends, or one that the hub takes down from a call.

    `received_at` is when the call came, where it was written down later. Raises NotAllowed; RuleBroken,
    with the field, for what cannot be sent so.
    """
    standing = require(by, Permission.REFERRALS_MAKE, partnership)
    _check_route(route, received_at, standing)
    now = write_moment(partnership.pk)
    return received(partnership, concern, route, by, received_at=received_at or now, now=now)


def _check_route(route: str, received_at: datetime | None, standing: Standing) -> None:
    calls = standing.may(Permission.REFERRALS_RECEIVE)
    if route != FORM and not (calls and route in TAKEN_DOWN):
        raise RuleBroken("referral.route", "Choose how the concern arrived", "route")
    if received_at is not None and not calls:
        raise RuleBroken("referral.received", "It is received when it is sent", "received_at")


def received(
    partnership: Partnership,
    concern: Concern,
    route: str,
    by: User,
    *,
    received_at: datetime,
    now: datetime,
    link: ReferralLink | None = None,
) -> Referral:
    """Write a referral whose right to be sent was asked, under the partnership's lock. Raises RuleBroken."""
    if received_at > now:
        raise RuleBroken("referral.future", FUTURE, "received_at")
    said = _checked(concern, now)
    number = _next_number(partnership.pk)
    referral = Referral.objects.create(
        **said.columns(),
        partnership=partnership,
        number=number,
        reference=reference_of(number),
        route=route,
        link=link,
        received_at=received_at,
        recorded_at=now,
        recorded_by=by,
        decide_by=due_on(received_at, partnership.decision_days),
        feedback_by=due_on(received_at, partnership.feedback_days),
    )
    _keep_version(referral, said, 1, "", now, by)
    _note("referral.received", Verb.COLLECTION, referral, now, by, after={"route": route})
    return referral


def _checked(concern: Concern, now: datetime) -> Concern:
    said = concern.tidied()
    problem = problem_with(said, london_date(now))
    if problem:
        raise RuleBroken(f"referral.{problem.field}", problem.message, problem.field)
    return said


def _next_number(partnership_id: int) -> int:
    # A referrer sees none but their own, so the database counts; the lock of write_moment makes it one row.
    with connection.cursor() as cursor:
        cursor.execute("SELECT referrals_next_referral(%s)", [partnership_id])
        number: int = cursor.fetchone()[0]
    return number


def _keep_version(
    referral: Referral, said: Concern, number: int, reason: str, now: datetime, by: User
) -> None:
    ReferralVersion.objects.create(
        partnership_id=referral.partnership_id,
        referral=referral,
        number=number,
        said=said.kept(),
        reason=reason,
        recorded_by=by,
        recorded_at=now,
    )


@transaction.atomic
def amend_referral(
    *, referral: Referral, concern: Concern, seen: int, reason: str, by: User
) -> Referral:
    """Say it anew, with the reason: what was said before stays readable beside it.

    `seen` is the number of the version that the person saw. Raises NotAllowed; RuleBroken for what cannot
    be, no change or no reason; Conflict where it was amended or withdrawn meanwhile.
    """
    _require_own_or_desk(referral, by)
    _check_reason(reason)
    now = write_moment(referral.partnership_id)
    held = Referral.objects.get(pk=referral.pk)
    if held.withdrawn_at or held.versions.count() != seen:
        raise Conflict(CHANGED)
    said = _checked(concern, now)
    if said == held.concern:
        raise RuleBroken("referral.same", "Nothing is changed. Change what is wrong, or leave it.")
    _keep_version(held, said, seen + 1, reason.strip(), now, by)
    columns = said.columns()
    for name, value in columns.items():
        setattr(held, name, value)
    held.save(update_fields=list(columns))
    _note("referral.amended", Verb.ALTERATION, held, now, by, reason=reason.strip())
    return held


@transaction.atomic
def withdraw_referral(*, referral: Referral, reason: str, by: User) -> None:
    """Withdraw a referral that was not put to a child: it stays readable, with who withdrew it and why.

    Raises NotAllowed; RuleBroken without a reason; Conflict where it was joined, decided or withdrawn.
    """
    _require_own_or_desk(referral, by)
    _check_reason(reason)
    now = write_moment(referral.partnership_id)
    _change(
        Referral.objects.filter(pk=referral.pk).waiting(),
        withdrawn_at=now,
        withdrawn_by=by,
        withdrawn_because=reason.strip(),
    )
    _note("referral.withdrawn", Verb.ALTERATION, referral, now, by, reason=reason.strip())


@transaction.atomic
def join_referral(*, referral: Referral, child: Child, episode: Episode, by: User) -> None:
    """Put a referral to the child whom it is about, and to the episode that it opens or adds to.

    Raises NotAllowed; RuleBroken for another child's episode; Conflict where it is joined, decided or
    withdrawn already.
    """
    require(by, Permission.REFERRALS_RECEIVE, referral)
    require(by, Permission.REFERRALS_RECEIVE, child)
    if episode.child_id != child.pk:
        raise RuleBroken("referral.episode", "This episode is another child's", "episode")
    now = write_moment(referral.partnership_id)
    _change(
        Referral.objects.filter(pk=referral.pk).waiting(),
        child=child,
        episode=episode,
        joined_at=now,
        joined_by=by,
    )
    _note(
        "referral.joined",
        Verb.COMBINATION,
        referral,
        now,
        by,
        after={"child": child.reference, "episode": episode.reference},
        about=[child.reference, episode.reference],
    )


@transaction.atomic
def unjoin_referral(*, referral: Referral, reason: str, by: User) -> None:
    """Take a referral off the child to whom it was put: it waits again. The trail keeps both.

    Raises NotAllowed; RuleBroken without a reason; Conflict where it is put to none.
    """
    require(by, Permission.REFERRALS_RECEIVE, referral)
    _check_reason(reason)
    now = write_moment(referral.partnership_id)
    held = Referral.objects.select_related("child", "episode").get(pk=referral.pk)
    if held.child is None or held.episode is None:
        raise Conflict(CHANGED)
    before = {"child": held.child.reference, "episode": held.episode.reference}
    joined = Referral.objects.filter(pk=held.pk, child=held.child_id)
    _change(joined, child=None, episode=None, joined_at=None, joined_by=None, decided_at=None)
    _note(
        "referral.unjoined",
        Verb.ALTERATION,
        held,
        now,
        by,
        before=before,
        reason=reason.strip(),
        about=before.values(),
    )


@transaction.atomic
def settle_referral(*, referral: Referral, outcome: str, by: User) -> None:
    """Say what was done with a referral that is put to no child, such as one about a place.

    Raises NotAllowed; RuleBroken without words; Conflict where it was joined, settled or withdrawn.
    """
    require(by, Permission.REFERRALS_RECEIVE, referral)
    if not outcome.strip():
        raise RuleBroken("referral.outcome", "Write what was done with it", "outcome")
    now = write_moment(referral.partnership_id)
    waiting = Referral.objects.filter(pk=referral.pk).waiting()
    _change(waiting, outcome=outcome.strip(), decided_at=now)
    _note("referral.settled", Verb.ALTERATION, referral, now, by, reason=outcome.strip())


@transaction.atomic
def note_decided(*, episode: Episode, now: datetime, by: User) -> int:
    """Stop the clock of the referrals of an episode whose level was decided; give how many there were.

    Raises NotAllowed.
    """
    require(by, Permission.LEVELS_RECORD, episode)
    return Referral.objects.filter(episode=episode, decided_at=None).update(decided_at=now)


@transaction.atomic
def tell_referrer(
    *, referral: Referral, words: str, how: str, told_on: date, by: User
) -> ReferralFeedback:
    """Enter what the referrer was told of what came of it.

    Raises NotAllowed; RuleBroken without words, or for a way or a day that cannot be.
    """
    require(by, Permission.REFERRALS_RECEIVE, referral)
    now = write_moment(referral.partnership_id)
    if not words.strip():
        raise RuleBroken("feedback.words", "Write what the referrer was told", "words")
    if how not in HOW_TOLD:
        raise RuleBroken("feedback.how", "Choose how they were told", "how")
    if not london_date(referral.received_at) <= told_on <= london_date(now):
        message = "The day must lie between the referral and today"
        raise RuleBroken("feedback.day", message, "told_on")
    told = ReferralFeedback.objects.create(
        partnership_id=referral.partnership_id,
        referral=referral,
        words=words.strip(),
        how=how,
        told_on=told_on,
        recorded_by=by,
        recorded_at=now,
    )
    _note("referral.told", Verb.DISCLOSURE, referral, now, by, after={"how": how})
    return told


def _change(rows: Any, **values: Any) -> None:
    if not rows.update(**values):
        raise Conflict(CHANGED)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken("reason.missing", "Write the reason", "reason")


def _require_own_or_desk(referral: Referral, by: User) -> None:
    """Ask that the person sent it and it is put to no child yet, or that their role takes referrals in."""
    standing = standing_of(by)
    if standing is not None and standing.may(Permission.REFERRALS_RECEIVE):
        require(by, Permission.REFERRALS_RECEIVE, referral)
        return
    require(by, Permission.REFERRALS_MAKE, referral)
    if referral.recorded_by_id != by.pk or referral.child_id is not None:
        raise NotAllowed(NOT_YOURS)


def _note(event: str, verb: Verb, referral: Referral, now: datetime, by: User, **more: Any) -> None:
    record(
        event=event,
        verb=verb,
        what="referral",
        reference=referral.reference,
        at=now,
        by=by,
        partnership_id=referral.partnership_id,
        **more,
    )
