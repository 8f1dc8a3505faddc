"""Agencies and posts: who works where, as what, and under which number."""

from datetime import date, datetime

from django.contrib.auth.models import Group
from django.db import transaction

from hub.access.context import act_as
from hub.access.gate import require, standing_of
from hub.access.rules import Permission, Role
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import NotAllowed, RuleBroken
from partners.agencies.models import Agency, Post
from partners.agencies.rules import (
    Asking,
    asking_problem,
    first_day_problem,
    roles_given,
    telephone_problem,
)
from partners.partnerships.models import Partnership


@transaction.atomic
def add_agency(
    *, partnership: Partnership, code: str, name: str, kind: str, now: datetime, by: User
) -> Agency:
    """Take an agency into the partnership; one that is there already is given back."""
    require(by, Permission.PARTNERSHIP_SET_UP, partnership)
    group, _made = Group.objects.get_or_create(name=f"{partnership.code} agency {code}")
    agency, made = Agency.objects.get_or_create(
        partnership=partnership, code=code, defaults={"name": name, "kind": kind, "group": group}
    )
    if made:
        record(
            event="agency.added",
            verb=Verb.COLLECTION,
            what="agency",
            reference=code,
            at=now,
            by=by,
            partnership_id=partnership.pk,
        )
    return agency


@transaction.atomic
def give_telephone(*, agency: Agency, telephone: str, now: datetime, by: User) -> None:
    """Say under which number an agency's people are reached; the one that it has already is left.

    Raises NotAllowed, and RuleBroken where it is no telephone number.
    """
    require(by, Permission.PARTNERSHIP_SET_UP, agency)
    problem = telephone_problem(telephone)
    if problem:
        raise RuleBroken("agency.telephone", problem, "telephone")
    before = agency.telephone
    if telephone == before:
        return
    agency.telephone = telephone
    agency.save(update_fields=["telephone"])
    record(
        event="agency.telephone_given",
        verb=Verb.ALTERATION,
        what="agency",
        reference=agency.code,
        at=now,
        by=by,
        partnership_id=agency.partnership_id,
        before={"telephone": before},
        after={"telephone": telephone},
    )


@transaction.atomic
def set_asking(
    *, partnership: Partnership, asking: Asking, reason: str, now: datetime, by: User
) -> None:
    """Say when the daily meeting begins, by when checks are answered, who is asked, and where to remind.

    What was asked before keeps its time. Raises NotAllowed; RuleBroken for times that cannot be, and
    without a reason.
    """
    require(by, Permission.PARTNERSHIP_SETTINGS, partnership)
    problem = asking_problem(asking)
    if problem:
        raise RuleBroken("asking.times", problem[1], problem[0])
    if not reason.strip():
        raise RuleBroken("reason.missing", "Write the reason", "reason")
    own = Partnership.objects.filter(pk=partnership.pk)
    own.update(meets_at=asking.meets_at, checks_due_at=asking.due_at)
    agencies = Agency.objects.filter(partnership=partnership)
    agencies.filter(pk__in=asking.asked).update(asked_checks=True)
    agencies.exclude(pk__in=asking.asked).update(asked_checks=False)
    for number, mailbox in asking.mailboxes:
        agencies.filter(pk=number).update(mailbox=mailbox)
    times = {"meets_at": f"{asking.meets_at:%H:%M}", "due_at": f"{asking.due_at:%H:%M}"}
    record(
        event="partnership.asking_set",
        verb=Verb.ALTERATION,
        what="partnership",
        reference=partnership.code,
        at=now,
        by=by,
        partnership_id=partnership.pk,
        after={**times, "asked": sorted(asking.asked)},
        reason=reason,
    )


@transaction.atomic
def appoint(
    *, user: User, agency: Agency, role: Role, starts_on: date, now: datetime, by: User
) -> Post:
    """Give a person a post.

    Raises NotAllowed, also for an agency administrator outside the own agency; RuleBroken for one's own
    post, which another administrator gives, for a role that an agency of this kind does not have, for
    the operator's: nobody is appointed to it, and for a first day far away, but by the command line, which
    takes over what was.
    """
    standing = require(by, Permission.PEOPLE_MANAGE, agency)
    if standing.role is Role.AGENCY_ADMINISTRATOR and standing.agency_id != agency.pk:
        raise NotAllowed("You give posts in your own agency. Ask that agency's administrator.")
    if role is Role.OPERATOR:
        raise RuleBroken(
            "post.operator", "The operator's role belongs to the command line. Choose another."
        )
    if role not in roles_given(agency.kind, standing.role):
        message = (
            "People of this agency do not hold this role. Choose another, or their own agency."
        )
        raise RuleBroken("post.unfit", message, "role")
    far = first_day_problem(starts_on, london_date(now))
    if far and not by.is_operator:
        raise RuleBroken("post.first_day", far, "starts_on")
    if user == by:
        raise RuleBroken("post.own", "Nobody gives themselves a post. Ask another administrator.")
    same = Post.objects.filter(user=user, agency=agency, role=role).exclude(starts_on=starts_on)
    if same.held_on(starts_on).exists():
        raise RuleBroken("post.held", "They hold this post already. End it first.", "role")
    post, made = Post.objects.get_or_create(
        user=user, agency=agency, role=role, starts_on=starts_on, ended_at=None
    )
    if made:
        record(
            event="post.given",
            verb=Verb.COLLECTION,
            what="account",
            reference=user.username,
            at=now,
            by=by,
            partnership_id=agency.partnership_id,
            after={"role": role, "agency": agency.code, "starts_on": starts_on.isoformat()},
        )
    return post


@transaction.atomic
def choose_post(*, post: Post, now: datetime, by: User) -> None:
    """Act in one of one's own posts from now on; the trail names its role with every event.

    Raises NotAllowed for a post that the person does not hold today.
    """
    if (
        post.user_id != by.pk
        or not Post.objects.held_on(london_date(now)).filter(pk=post.pk).exists()
    ):
        raise NotAllowed("You do not hold this post today. Choose another.")
    before = standing_of(by)
    by.chosen_post = post.pk
    del by.standing_here
    act_as(by)
    record(
        event="post.chosen",
        verb=Verb.CONSULTATION,
        what="account",
        reference=by.username,
        at=now,
        by=by,
        before={"role": before.role if before else None},
        after={"role": post.role, "agency": post.agency.code},
    )
