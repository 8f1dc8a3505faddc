"""Saying who sees a child: grants, restrictions of a record, and persons shut out."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.db import connection, transaction
from django.db.models import Max, Q

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from hub.facts.actions import MEANWHILE, correct
from hub.facts.moments import write_moment
from referrals.children.models import Child
from referrals.episodes.models import Allocation
from referrals.grants.models import GroupGrant, PersonGrant, Restriction
from referrals.grants.rules import Terms, check_reason, check_terms, end_of

EMERGENCY = "Emergency access opens a record; it does not let you say who sees it."
LEADS = "Only the child's lead worker or the hub's manager says who sees this child."
RESTRICTING = "Named when the record was restricted."
RAN_OUT = "It ran out."


def require_access(by: User, child: Child) -> None:
    """Raise NotAllowed unless the person says who sees this child: a manager, or its lead worker.

    Nor does one say so who is in by an emergency: it would be for good what was given for some hours.
    """
    standing = standing_of(by)
    if standing is not None and standing.may(Permission.GRANTS_MANAGE):
        require(by, Permission.GRANTS_MANAGE, child)
    else:
        require(by, Permission.GRANTS_MANAGE_LED, child)
        _require_lead(by, child)
    mine = PersonGrant.objects.in_force().filter(content_object=child, user=by, emergency=True)
    if mine.exists():
        raise NotAllowed(EMERGENCY)


def _require_lead(by: User, child: Child) -> None:
    held = Allocation.objects.known().filter(episode__child=child, lead=True, to_date__isnull=True)
    if not held.filter(worker=by.username).exists():
        raise NotAllowed(LEADS)


@transaction.atomic
def give_grant(
    *, child: Child, to: Group | User, terms: Terms, by: User
) -> GroupGrant | PersonGrant:
    """Let an agency, a service's team or a person see a child until the end of a day.

    Raises NotAllowed; RuleBroken for a wrong day, no reason, one who holds a grant or is shut out.
    """
    require_access(by, child)
    now = write_moment(child.partnership_id)
    check_terms(terms, london_date(now))
    grant = _give(child, to, terms.because, by, now, end_of(terms.until))
    after = {"to": _called(to), "until": terms.until.isoformat()}
    _on_trail("grant.given", Verb.DISCLOSURE, child, now, by, terms.because, after=after)
    return grant


def _give(
    child: Child, to: Group | User, because: str, by: User, now: datetime, expires: datetime | None
) -> GroupGrant | PersonGrant:
    _refuse_one_who_is_shut_out(child, to)
    held: Any = _grants_to(child, to)
    held.filter(expires_at__lte=now).update(ended_at=now, ended_by=by, ended_because=RAN_OUT)
    if held.exists():
        raise RuleBroken("grant.twice", "They have a grant already. End it first", "to")
    whom: dict[str, Any] = {"user": to} if isinstance(to, User) else {"group": to}
    return held.create(  # type: ignore[no-any-return]  # one of two tables
        **whom,
        content_object=child,
        partnership_id=child.partnership_id,
        permission=_view_child(),
        because=because.strip(),
        starts_at=now,
        expires_at=expires,
        granted_by=by,
    )


def _grants_to(child: Child, to: Group | User) -> Any:
    """The grants given by hand that nobody has ended, to one audience on the whole child."""
    if isinstance(to, User):
        return PersonGrant.objects.filter(content_object=child, user=to, ended_at__isnull=True)
    return GroupGrant.objects.filter(
        content_object=child, group=to, episode=None, by_referral=False, ended_at__isnull=True
    )


def _refuse_one_who_is_shut_out(child: Child, to: Group | User) -> None:
    barred = Restriction.objects.in_force().filter(child=child, person__isnull=False)
    if isinstance(to, User) and barred.filter(person=to).exists():
        raise RuleBroken("grant.shut_out", "They are shut out of this child's record", "to")


def _view_child() -> DjangoPermission:
    return DjangoPermission.objects.get(
        codename="view_child", content_type__app_label="referrals", content_type__model="child"
    )


@transaction.atomic
def end_grant(*, grant: GroupGrant | PersonGrant, because: str, by: User) -> None:
    """End a grant at once.

    Raises NotAllowed; Conflict where it has ended; RuleBroken without a reason, for one that a service
    referral gave, and for the last person who may open a restricted record for good.
    """
    child = grant.content_object
    require_access(by, child)
    now = write_moment(child.partnership_id)
    check_reason(because)
    if grant.by_referral:
        message = (
            "This grant came with the service's answer: it ends when the service's support ends"
        )
        raise RuleBroken("grant.by_referral", message)
    _keep_one_named(grant, child)
    still: Any = type(grant)._default_manager.filter(pk=grant.pk, ended_at__isnull=True)
    if not still.update(ended_at=now, ended_by=by, ended_because=because.strip()):
        raise Conflict(MEANWHILE)
    to = grant.user if isinstance(grant, PersonGrant) else grant.group
    _on_trail("grant.ended", Verb.ALTERATION, child, now, by, because, before={"to": _called(to)})


def _keep_one_named(grant: GroupGrant | PersonGrant, child: Child) -> None:
    """A restricted record that nobody may open would be lost to the child."""
    if not isinstance(grant, PersonGrant) or not _restricted(child).exists():
        return
    others = PersonGrant.objects.in_force().filter(content_object=child, expires_at__isnull=True)
    if not others.exclude(pk=grant.pk).exists():
        message = "Nobody could open this restricted record any more. Name somebody else first"
        raise RuleBroken("grant.last_named", message)


# --- restrictions -------------------------------------------------------------------------------


@transaction.atomic
def restrict(*, child: Child, because: str, by: User) -> Restriction:
    """Hide a record from all but people named: at first whoever restricts it and those who lead it.

    Raises NotAllowed; RuleBroken without a reason, or where it is restricted already.
    """
    require_access(by, child)
    now = write_moment(child.partnership_id)
    check_reason(because)
    if _restricted(child).exists():
        raise RuleBroken("restriction.twice", "This record is restricted already")
    named = _name_those_who_lead(child, by, now)
    fact = _hide(child, Restriction.Kind.NAMED, None, because, by, now)
    _on_trail("child.restricted", Verb.ALTERATION, child, now, by, because, after={"named": named})
    return fact


def _name_those_who_lead(child: Child, by: User, now: datetime) -> list[str]:
    leads = Allocation.objects.known().filter(episode__child=child, to_date__isnull=True, lead=True)
    held = PersonGrant.objects.filter(content_object=child, ended_at__isnull=True)
    shut_out = Restriction.objects.in_force().filter(child=child, person__isnull=False)
    people = User.objects.filter(Q(username__in=leads.values("worker")) | Q(pk=by.pk))
    people = people.filter(is_active=True).exclude(pk__in=shut_out.values("person"))
    named = list(people.order_by("username"))
    for person in named:
        held.filter(user=person).update(ended_at=now, ended_by=by, ended_because=RESTRICTING)
        _give(child, person, RESTRICTING, by, now, None)
    return [person.username for person in named]


@transaction.atomic
def shut_out(*, child: Child, person: User, because: str, by: User) -> Restriction:
    """Hide a child's record from one person, without telling them: a conflict of interest.

    Their own grant of it ends. Raises NotAllowed; RuleBroken without a reason, or where they are shut
    out already.
    """
    require_access(by, child)
    now = write_moment(child.partnership_id)
    check_reason(because)
    standing = Restriction.objects.in_force().filter(child=child)
    if standing.filter(person=person).exists():
        raise RuleBroken("restriction.twice", "They are shut out already", "person")
    for grant in PersonGrant.objects.filter(
        content_object=child, user=person, ended_at__isnull=True
    ):
        end_grant(grant=grant, because=because, by=by)
    fact = _hide(child, Restriction.Kind.CONFLICT, person, because, by, now)
    after = {"person": person.username}
    _on_trail("child.person_shut_out", Verb.ALTERATION, child, now, by, because, after=after)
    return fact


def _hide(
    child: Child, kind: str, person: User | None, because: str, by: User, now: datetime
) -> Restriction:
    today = london_date(now)
    same = Restriction.objects.filter(child=child, kind=kind, person=person, from_date=today)
    last = same.aggregate(last=Max("position"))["last"] or 0
    return Restriction.objects.create(
        child=child,
        partnership_id=child.partnership_id,
        kind=kind,
        person=person,
        because=because.strip(),
        from_date=today,
        position=last + 1,
        known_from=now,
        recorded_by=by,
    )


@transaction.atomic
def lift(*, fact: Restriction, reason: str, by: User) -> None:
    """End a restriction, today; the grants by name stay as they are.

    Raises NotAllowed; RuleBroken without a reason; Conflict where it changed meanwhile.
    """
    child = fact.child
    require_access(by, child)
    now = write_moment(child.partnership_id)
    if fact.to_date is not None:
        raise Conflict(MEANWHILE)
    correct(fact=fact, now=now, by=by, reason=reason, to_date=london_date(now))
    before = {"kind": fact.kind, "person": fact.person.username if fact.person else ""}
    _on_trail("child.restriction_lifted", Verb.ALTERATION, child, now, by, reason, before=before)


def _restricted(child: Child) -> Any:
    return Restriction.objects.in_force().filter(child=child, kind=Restriction.Kind.NAMED)


# --- the night's check --------------------------------------------------------------------------


@transaction.atomic
def put_sight_right(*, now: datetime, by: User) -> int:
    """Bring the grants of service referrals, and what grants show, back in step; give how many were not.

    Triggers keep them: anything but 0 is a fault to be looked into, and is put on the trail.
    """
    require(by, Permission.CASES_RECORD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT referrals_put_sight_right()")
        changed = int(cursor.fetchone()[0])
    if changed:
        record(
            event="sight.put_right",
            verb=Verb.ALTERATION,
            what="grants",
            reference="all",
            at=now,
            by=by,
            after={"rows": changed},
        )
    return changed


def _called(to: Group | User) -> str:
    return to.username if isinstance(to, User) else to.name


def _on_trail(
    event: str, verb: Verb, child: Child, now: datetime, by: User, reason: str, **more: Any
) -> None:
    record(
        event=event,
        verb=verb,
        what="child",
        reference=child.reference,
        at=now,
        by=by,
        partnership_id=child.partnership_id,
        reason=reason.strip(),
        **more,
    )
