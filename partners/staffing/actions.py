"""Entering who is newly qualified, who is away and who covers for them; and ending each."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from hub.access.gate import require, standing_of
from hub.access.rules import ROLES, Permission, Role
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from hub.facts.moments import write_moment
from partners.agencies.models import Post
from partners.agencies.rules import NOT_YOURS, reaches
from partners.staffing.models import Absence, NewlyQualified
from partners.staffing.rules import Colleague, Days, Problem, away_problem, qualifying_problem

OWN = "Nobody says this of themselves. Ask another administrator."
TWICE = "This is entered already for some of these days. End that first."
AWAY_TWICE = "An absence is entered already for some of these days. End it first."
COVER_AWAY = "This colleague is away on some of these days. Choose another."
NOT_FOR_OTHERS = "You say when you are away yourself. For somebody else the hub's manager does."
ENDED = "This has ended already."


@transaction.atomic
def enter_newly_qualified(
    *, post: Post, starts_on: date, ends_on: date, by: User
) -> NewlyQualified:
    """Enter that the social worker of a post is newly qualified until a day.

    Raises NotAllowed, also for another agency's people and for oneself; RuleBroken for another role, for days
    that cannot be, and beside another entry.
    """
    _require_reach(post, by)
    partnership_id = post.agency.partnership_id
    now, days = write_moment(partnership_id), Days(starts_on, ends_on)
    _refuse(qualifying_problem(post.role, days, london_date(now)))
    if NewlyQualified.objects.meeting(days).filter(user=post.user).exists():
        raise RuleBroken("qualified.twice", TWICE, "starts_on")
    entered = NewlyQualified.objects.create(
        partnership_id=partnership_id,
        user=post.user,
        starts_on=starts_on,
        ends_on=ends_on,
        entered_at=now,
        entered_by=by,
    )
    _note("person.newly_qualified", entered, now, by)
    return entered


@transaction.atomic
def end_newly_qualified(*, entered: NewlyQualified, post: Post, reason: str, by: User) -> None:
    """End before its day that somebody is newly qualified, with the reason.

    Raises NotAllowed as above; RuleBroken without a reason; Conflict where it has ended.
    """
    _require_reach(post, by)
    if not reason.strip():
        raise RuleBroken("qualified.reason", "Write why it ends.", "reason")
    now = write_moment(entered.partnership_id)
    _end(NewlyQualified.objects.filter(pk=entered.pk, user=post.user), now, by)
    _note("person.newly_qualified_ended", entered, now, by, reason)


def _require_reach(post: Post, by: User) -> None:
    standing = require(by, Permission.PEOPLE_MANAGE)
    if not reaches(standing, post.agency.pk, post.agency.partnership_id):
        raise NotAllowed(NOT_YOURS)
    if post.user_id == by.pk:
        raise NotAllowed(OWN)


@transaction.atomic
def plan_absence(*, away: Post, cover: Post, starts_on: date, ends_on: date, by: User) -> Absence:
    """Enter that the holder of a post is away, and who covers; each for oneself, the manager for all.

    Raises NotAllowed; RuleBroken for days and covers that cannot be, beside another absence, and where the
    cover is away then.
    """
    _require_own(away.user_id, away.agency.partnership_id, by)
    now, days = write_moment(away.agency.partnership_id), Days(starts_on, ends_on)
    _refuse(away_problem(days, _colleague(away), _colleague(cover), london_date(now)))
    planned = Absence.objects.meeting(days)
    if planned.filter(user=away.user).exists():
        raise RuleBroken("absence.twice", AWAY_TWICE, "starts_on")
    if planned.filter(user=cover.user).exists():
        raise RuleBroken("absence.cover", COVER_AWAY, "cover")
    absence = Absence.objects.create(
        partnership_id=away.agency.partnership_id,
        agency=away.agency,
        user=away.user,
        cover=cover.user,
        starts_on=starts_on,
        ends_on=ends_on,
        entered_at=now,
        entered_by=by,
    )
    _note("absence.entered", absence, now, by)
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, by: User) -> None:
    """Say that somebody is back, or not away after all: the cover's list is their own again.

    Raises NotAllowed; Conflict where it has ended.
    """
    _require_own(absence.user_id, absence.partnership_id, by)
    now = write_moment(absence.partnership_id)
    _end(Absence.objects.filter(pk=absence.pk), now, by)
    _note("absence.ended", absence, now, by)


def _require_own(person_id: int, partnership_id: int, by: User) -> None:
    standing = standing_of(by)
    own = standing is not None and person_id == by.pk
    if own and standing is not None and standing.partnership_id == partnership_id:
        return
    if standing is None or not standing.may(Permission.TEAM_LEAD):
        raise NotAllowed(NOT_FOR_OTHERS)
    if standing.partnership_id != partnership_id:
        raise NotAllowed("This belongs to another partnership. Ask its hub.")


def _colleague(post: Post) -> Colleague:
    sees = Permission.CASES_VIEW in ROLES[Role(post.role)].permissions
    return Colleague(post.user_id, post.agency_id, sees_cases=sees)


def _refuse(problem: Problem | None) -> None:
    if problem:
        raise RuleBroken("staffing.rule", problem.message, problem.field)


def _end(rows: Any, now: datetime, by: User) -> None:
    if not rows.filter(ended_at=None).update(ended_at=now, ended_by=by):
        raise Conflict(ENDED)


def _note(
    event: str, row: NewlyQualified | Absence, now: datetime, by: User, reason: str = ""
) -> None:
    told = {"starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    if isinstance(row, Absence):
        told["cover"] = row.cover.username
    record(
        event=event,
        verb=Verb.ALTERATION,
        what="account",
        reference=row.user.username,
        at=now,
        by=by,
        partnership_id=row.partnership_id,
        after=told,
        reason=reason.strip(),
    )
