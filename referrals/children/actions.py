"""Recording children by hand: each correction a new version with its reason, the old one readable."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.facts.actions import correct, withdraw
from hub.facts.models import FactQuerySet
from hub.facts.moments import write_moment
from referrals.children.models import Address, Alias, CareStatus, Child, ChildDetails
from referrals.children.rules.details import (
    Details,
    OtherName,
    Referred,
    check_birth,
    check_numbers,
)
from referrals.children.rules.spells import Held, Where, check_address, check_end, check_status

CURRENT = ("forenames", "surname", "date_of_birth", "gender")
WHAT = {Alias: "alias", Address: "address", CareStatus: "status"}
# The trail is read by those who see no case: where a child is kept safe does not stand on it.
KEPT_FROM_THE_TRAIL = ("line", "postcode", "ward")
Said = Details | OtherName | Where | Held


@transaction.atomic
def correct_details(*, fact: ChildDetails, details: Details, reason: str, by: User) -> ChildDetails:
    """Correct who a child is: a new version, and the current columns with it.

    `fact` is the version the person saw. Raises NotAllowed; RuleBroken for a wrong number or date of
    birth, a missing reason or no change; Conflict where somebody corrected it meanwhile.
    """
    child = fact.child
    require(by, Permission.CASES_RECORD, child)
    now = write_moment(child.partnership_id)
    old = fact.said
    _refuse_the_same(old, details)
    if details.date_of_birth != old.date_of_birth:
        check_birth(details.date_of_birth, london_date(now), _referrals_of(child))
    check_numbers(details, old)
    new = correct(fact=fact, now=now, by=by, reason=reason, **asdict(details))
    Child.objects.filter(pk=child.pk).update(**{name: getattr(new, name) for name in CURRENT})
    _on_trail("child.details_corrected", child, now, by, old, details, reason)
    return new


def _referrals_of(child: Child) -> list[Referred]:
    episodes = Child._meta.apps.get_model("referrals", "Episode").objects.filter(child=child)
    rows = episodes.order_by("referred_on").values_list("reference", "referred_on", "closed_on")
    return [Referred(reference, on, closed is None) for reference, on, closed in rows]


# --- other names --------------------------------------------------------------------------------


@transaction.atomic
def add_alias(*, child: Child, name: str, kind: str, by: User) -> Alias:
    """Record another name that a child is known by.

    Raises NotAllowed; RuleBroken for a name that is there already.
    """
    require(by, Permission.CASES_RECORD, child)
    now = write_moment(child.partnership_id)
    standing = Alias.objects.known().filter(child=child)
    if standing.filter(name__iexact=name).exists():
        raise RuleBroken("alias.twice", "This name is recorded already", "name")
    said = OtherName(name, kind)
    new = Alias.objects.create(**asdict(said), **_new(standing, child, now, by))
    _on_trail("alias.recorded", child, now, by, None, said)
    return new


# --- where it lives -----------------------------------------------------------------------------


@transaction.atomic
def add_address(*, child: Child, where: Where, ends_former: bool, by: User) -> Address:
    """Record where a child lives; `ends_former`: those still held end on the day it begins.

    Raises NotAllowed; RuleBroken for wrong days, an address that says nothing, or a former one that
    begins later than this.
    """
    require(by, Permission.CASES_RECORD, child)
    now = write_moment(child.partnership_id)
    check_address(where, child.date_of_birth, london_date(now))
    if ends_former:
        _end_former(child, where.from_date, now, by)
    same_day = Address.objects.known().filter(child=child, from_date=where.from_date)
    new = Address.objects.create(
        **asdict(where), **_end_known(where.to_date, now), **_new(same_day, child, now, by)
    )
    _on_trail("address.recorded", child, now, by, None, where)
    return new


def _end_former(child: Child, on: date, now: datetime, by: User) -> None:
    reason = "Moved to the address that was recorded with this."
    for former in Address.objects.known().filter(child=child, to_date__isnull=True):
        if former.from_date > on:
            message = "A former address begins later than this one. Correct its days first"
            raise RuleBroken("address.former_later", message, "from_date")
        new = correct(fact=former, now=now, by=by, reason=reason, to_date=on)
        _on_trail("address.ended", child, now, by, former.said, new.said, reason)


@transaction.atomic
def correct_address(*, fact: Address, where: Where, reason: str, by: User) -> Address:
    """Correct an address, its days included; `fact` is the version the person saw.

    Raises NotAllowed; RuleBroken for wrong days, no change or no reason; Conflict where somebody
    corrected it meanwhile.
    """
    child = fact.child
    require(by, Permission.CASES_RECORD, child)
    now = write_moment(child.partnership_id)
    _refuse_the_same(fact.said, where)
    born = child.date_of_birth if where.from_date != fact.from_date else None
    check_address(where, born, london_date(now))
    new = correct(fact=fact, now=now, by=by, reason=reason, **asdict(where))
    _on_trail("address.corrected", child, now, by, fact.said, new.said, reason)
    return new


# --- statuses in social care --------------------------------------------------------------------


@transaction.atomic
def add_status(*, child: Child, held: Held, by: User) -> CareStatus:
    """Record how social care holds a child.

    Raises NotAllowed; RuleBroken for wrong days, or where the same status runs already.
    """
    require(by, Permission.CASES_RECORD, child)
    now = write_moment(child.partnership_id)
    standing = CareStatus.objects.known().filter(child=child)
    check_status(held, [row.said for row in standing], london_date(now))
    same = standing.filter(status=held.status, from_date=held.from_date)
    new = CareStatus.objects.create(
        **asdict(held), **_end_known(held.to_date, now), **_new(same, child, now, by)
    )
    _on_trail("status.recorded", child, now, by, None, held)
    return new


@transaction.atomic
def correct_status(*, fact: CareStatus, held: Held, reason: str, by: User) -> CareStatus:
    """Correct a status, its days included; `fact` is the version the person saw.

    Raises NotAllowed; RuleBroken for wrong days, no change or no reason; Conflict where somebody
    corrected it meanwhile.
    """
    child = fact.child
    require(by, Permission.CASES_RECORD, child)
    now = write_moment(child.partnership_id)
    _refuse_the_same(fact.said, held)
    others = CareStatus.objects.known().filter(child=child).exclude(pk=fact.pk)
    check_status(held, [row.said for row in others], london_date(now))
    new = correct(fact=fact, now=now, by=by, reason=reason, **asdict(held))
    _on_trail("status.corrected", child, now, by, fact.said, new.said, reason)
    return new


# --- the same for all ---------------------------------------------------------------------------


@transaction.atomic
def end_record(
    *, fact: Address | CareStatus, to_date: date, reason: str, by: User
) -> Address | CareStatus:
    """End an address or a status on a day, which no longer counts; an extract's row stays as it is.

    Raises NotAllowed; RuleBroken for a wrong day or no reason; Conflict where it changed meanwhile.
    """
    require(by, Permission.CASES_RECORD, fact.child)
    now = write_moment(fact.child.partnership_id)
    if fact.to_date is not None:
        raise RuleBroken("spell.ended", "This has ended already. Correct it instead", "to_date")
    check_end(fact.from_date, to_date, london_date(now))
    new = correct(fact=fact, now=now, by=by, reason=reason, to_date=to_date)
    _on_trail(f"{WHAT[type(fact)]}.ended", fact.child, now, by, fact.said, new.said, reason)
    return new


@transaction.atomic
def withdraw_record(*, fact: Alias | Address | CareStatus, reason: str, by: User) -> None:
    """Let what was recorded wrongly, as of another child, stand no longer; it is still readable.

    Raises NotAllowed; RuleBroken without a reason; Conflict where it changed meanwhile.
    """
    require(by, Permission.CASES_RECORD, fact.child)
    now = write_moment(fact.child.partnership_id)
    withdraw(fact=fact, now=now, by=by, reason=reason)
    event = f"{WHAT[type(fact)]}.withdrawn"
    _on_trail(event, fact.child, now, by, fact.said, None, reason)


def _refuse_the_same(old: Said, new: Said) -> None:
    if new == old:
        raise RuleBroken("fact.same", "This says what is recorded already. Change it, or leave it")


def _new(equals: FactQuerySet[Any], child: Child, now: datetime, by: User) -> dict[str, Any]:
    """What a new fact of a child bears besides what it says: its place is behind its equals."""
    last = equals.aggregate(last=Max("position"))["last"] or 0
    return {
        "child": child,
        "partnership_id": child.partnership_id,
        "position": last + 1,
        "known_from": now,
        "recorded_by": by,
    }


def _end_known(end: date | None, now: datetime) -> dict[str, datetime | None]:
    return {"to_known_from": now if end else None}


def _on_trail(
    event: str,
    child: Child,
    now: datetime,
    by: User,
    before: Said | None,
    after: Said | None,
    reason: str = "",
) -> None:
    record(
        event=event,
        verb=Verb.COLLECTION if before is None else Verb.ALTERATION,
        what="child",
        reference=child.reference,
        at=now,
        by=by,
        partnership_id=child.partnership_id,
        before=_plain(before),
        after=_plain(after),
        reason=reason.strip(),
    )


def _plain(said: Said | None) -> dict[str, Any] | None:
    """Write a version for the trail; of a confidential address neither line nor postcode nor ward."""
    if said is None:
        return None
    hidden = KEPT_FROM_THE_TRAIL if isinstance(said, Where) and said.confidential else ()
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(said).items()
        if name not in hidden
    }
