"""Joining two records of one child, and taking them apart again; neither record's rows are touched."""

from datetime import datetime

from django.db import IntegrityError, transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import withdraw
from hub.facts.moments import write_moment
from referrals.children.models import Child
from referrals.joinings.models import Joining
from referrals.joinings.rules import LONGEST, Pair, joining_problem

NO_REASON = "Write why these two records are of one child"
TOO_LONG = f"Write why in at most {LONGEST:,} characters"
# What stands in the way may be hidden from the person: to say more would tell of it.
CANNOT = "These two records cannot be joined now. Ask the hub's manager"


@transaction.atomic
def join_records(*, child: Child, kept: Child, reason: str, by: User) -> Joining:
    """Let the record `child` be read with the record `kept`, from this moment on.

    Raises NotAllowed; RuleBroken for two that cannot be joined (one of them is hidden), or without a reason;
    Conflict where somebody joined them meanwhile.
    """
    for one in (child, kept):
        require(by, Permission.RECORDS_JOIN, one)
    now = write_moment(kept.partnership_id)
    _check(child, kept, reason, by)
    fact = _written(child, kept, reason.strip(), now, by)
    _on_trail("children.joined", Verb.COMBINATION, fact, now, by, reason)
    return fact


def _check(child: Child, kept: Child, reason: str, by: User) -> None:
    if Child.objects.visible_to(by).filter(pk__in=(child.pk, kept.pk)).count() < len({child, kept}):
        raise RuleBroken("joining.cannot", CANNOT, "kept")
    problem = joining_problem(_pair(child, kept, by))
    if problem and problem.meanwhile:
        raise Conflict(problem.message)
    if problem:
        raise RuleBroken(problem.code, problem.message, "kept")
    if not reason.strip():
        raise RuleBroken("joining.reason", NO_REASON, "reason")
    if len(reason) > LONGEST:
        raise RuleBroken("joining.reason", TOO_LONG, "reason")


def _pair(child: Child, kept: Child, by: User) -> Pair:
    """Read under the lock how both records stand: two people at one pair follow each other here."""
    standing = Joining.objects.visible_to(by).known()
    into = dict(
        standing.filter(child__in=(child.pk, kept.pk)).values_list("child_id", "kept__reference")
    )
    has = standing.filter(kept=child).values_list("child__reference", flat=True).order_by("pk")
    return Pair(
        child=child.reference,
        kept=kept.reference,
        child_into=into.get(child.pk, ""),
        kept_into=into.get(kept.pk, ""),
        child_has=has.first() or "",
    )


def _written(child: Child, kept: Child, reason: str, now: datetime, by: User) -> Joining:
    try:
        with transaction.atomic():
            return Joining.objects.create(
                partnership_id=kept.partnership_id,
                child=child,
                kept=kept,
                reason=reason,
                known_from=now,
                recorded_by=by,
            )
    except IntegrityError:
        raise RuleBroken("joining.cannot", CANNOT, "kept") from None


@transaction.atomic
def take_apart(*, fact: Joining, reason: str, by: User) -> None:
    """Let two records be read apart again: each has what it had, and what was recorded there since.

    Raises NotAllowed, RuleBroken without a reason, Conflict where they were taken apart meanwhile.
    """
    require(by, Permission.RECORDS_JOIN, fact)
    now = write_moment(fact.partnership_id)
    withdraw(fact=fact, now=now, by=by, reason=reason)
    _on_trail("children.taken_apart", Verb.ALTERATION, fact, now, by, reason)


def _on_trail(event: str, verb: Verb, fact: Joining, now: datetime, by: User, reason: str) -> None:
    kept, child = fact.kept.reference, fact.child.reference
    record(
        event=event,
        verb=verb,
        what="child",
        reference=kept,
        at=now,
        by=by,
        partnership_id=fact.partnership_id,
        after={"kept": kept, "joined": child},
        reason=reason.strip(),
        about=[child],
    )
