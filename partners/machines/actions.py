"""Tokens: making them, ending them, noting their use and their refusal."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.text import slugify

from hub.access.context import acting_as
from hub.access.gate import require
from hub.access.rules import Permission, Role
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.accounts.rules import name_problem
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Verb
from hub.days.rules import LONDON, london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from hub.interface.rules import PREFIX
from partners.agencies.actions import appoint
from partners.agencies.models import Agency, Post
from partners.machines.models import MachineToken, MachineUse
from partners.machines.rules import (
    NOTED_EVERY,
    REFUSED_PER_MINUTE,
    SECRET_BYTES,
    Asked,
    digest_of,
    problem_with,
)

TAKEN = "This name belongs to a person, or to an account that was closed. Choose another."
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class MadeToken:
    """A token, and its secret: shown once, and kept nowhere."""

    token: MachineToken
    secret: str


@transaction.atomic
def make_token(*, agency: Agency, asked: Asked, now: datetime, by: User) -> MadeToken:
    """Make a token; the service account of that name is opened with its first.

    Raises NotAllowed, also for an agency administrator outside the own agency, and RuleBroken with the
    field that is wrong.
    """
    standing = require(by, Permission.PEOPLE_MANAGE, agency)
    if standing.role is Role.AGENCY_ADMINISTRATOR and standing.agency_id != agency.pk:
        raise NotAllowed("You make tokens for your own agency. Ask that agency's administrator.")
    asked = replace(asked, name=asked.name.strip())
    today = london_date(now)
    wrong = problem_with(asked, held=_roles_of_people(agency, now), today=today)
    if wrong:
        raise RuleBroken(f"token.{wrong.field}", wrong.message, wrong.field)
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = MachineToken.objects.create(
        partnership_id=agency.partnership_id,
        post=_post_of(agency, asked, now, by),
        scopes=sorted(set(asked.scopes)),
        digest=digest_of(secret),
        made_at=now,
        made_by=by,
        expires_at=datetime.combine(asked.expires_on + timedelta(days=1), time(), LONDON),
    )
    _note("token.made", Verb.COLLECTION, token, now, by)
    return MadeToken(token, secret)


def _roles_of_people(agency: Agency, now: datetime) -> set[str]:
    """Give the roles that people of the agency hold: a machine may do nothing that none of them may."""
    people = Post.objects.held_on(london_date(now)).of_people()
    return set(people.filter(agency=agency, user__is_active=True).values_list("role", flat=True))


def _post_of(agency: Agency, asked: Asked, now: datetime, by: User) -> Post:
    """Give the post of the service account of that name, opened and appointed where there is none."""
    username = f"{agency.partnership.code}.{agency.code}.{slugify(asked.name)}"[:80]
    problem = name_problem(asked.name)
    if problem:
        raise RuleBroken("token.name", problem, "name")
    if not slugify(asked.name):
        raise RuleBroken("token.name", "Enter a name with letters or figures.", "name")
    today, user = london_date(now), User.objects.filter(username=username).first()
    if user is None:
        user = _open_account(username, asked.name, now, by)
    elif not user.is_active or not MachineToken.objects.filter(post__user=user).exists():
        raise RuleBroken("token.name", TAKEN, "name")
    post = Post.objects.held_on(today).filter(user=user).order_by("starts_on", "pk").first()
    if post is None:
        return appoint(
            user=user, agency=agency, role=Role(asked.role), starts_on=today, now=now, by=by
        )
    if (post.agency_id, post.role) != (agency.pk, asked.role):
        message = "The account of this name has another role. Choose its role, or another name."
        raise RuleBroken("token.role", message, "role")
    return post


def _open_account(username: str, name: str, now: datetime, by: User) -> User:
    """Open a service account; without a password nobody signs in as it."""
    user = User(username=username, name=name)
    user.set_unusable_password()
    user.save()
    record(
        event="account.opened",
        verb=Verb.COLLECTION,
        what="account",
        reference=username,
        at=now,
        by=by,
        reason="A service account: nobody signs in as it.",
    )
    return user


@transaction.atomic
def end_token(*, token: MachineToken, reason: str, now: datetime, by: User) -> None:
    """End a token at once: its next request is refused.

    Raises NotAllowed, RuleBroken without a reason, Conflict where it has ended.
    """
    standing = require(by, Permission.PEOPLE_MANAGE, token)
    if standing.role is Role.AGENCY_ADMINISTRATOR and standing.agency_id != token.post.agency.pk:
        raise NotAllowed("You end tokens of your own agency. Ask that agency's administrator.")
    if not reason.strip():
        raise RuleBroken("token.reason", "Write why it ends.", "reason")
    standing_still = MachineToken.objects.filter(pk=token.pk, ended_at__isnull=True)
    if not standing_still.update(ended_at=now, ended_by=by):
        raise Conflict("This token has ended. Look at the list again.")
    _note("token.ended", Verb.ALTERATION, token, now, by, reason=reason.strip())


def _note(
    event: str, verb: Verb, token: MachineToken, now: datetime, by: User, reason: str = ""
) -> None:
    record(
        event=event,
        verb=verb,
        what="token",
        reference=f"{token.post.user.username} {token.pk}",
        at=now,
        by=by,
        partnership_id=token.partnership_id,
        after={
            "token": token.pk,
            "account": token.post.user.username,
            "agency": token.post.agency.code,
            "role": token.post.role,
            "scopes": token.scopes,
            "expires_at": token.expires_at.isoformat(),
        },
        reason=reason,
    )


@transaction.atomic
def note_use(*, token: MachineToken, now: datetime, by: User) -> None:
    """Note when a token was used, at most once a minute."""
    if by.pk != token.post.user_id:
        raise NotAllowed("A token is used by its own account.")
    use = MachineUse.objects.filter(token=token)
    if not use.filter(at__gt=now - NOTED_EVERY).exists():
        MachineUse.objects.update_or_create(token=token, defaults={"at": now})


@transaction.atomic
def note_too_many(*, now: datetime, by: User) -> None:
    """Put on the trail that a machine asks too often."""
    record(
        event="api.throttled",
        verb=Verb.CONSULTATION,
        what="account",
        reference=by.username,
        at=now,
        by=by,
    )


@transaction.atomic
def note_token_refused(*, token: MachineToken | None, now: datetime) -> None:
    """Put a refused token on the trail: in its account's name, or the operator's where it is unknown.

    Of an unknown one nothing is kept: a slip of the keyboard may be most of a good one. Whoever goes on
    knocking is noted so many times a minute and no more.
    """
    by = token.post.user if token else operator()
    with acting_as(by):  # nobody was let in, and an event is written in one's own name alone
        before = AuditEvent.objects.filter(
            user_id=by.pk, event="token.refused", at__gt=now - MINUTE
        )
        if before.count() >= REFUSED_PER_MINUTE:
            return
        record(
            event="token.refused",
            verb=Verb.CONSULTATION,
            what="token",
            reference=f"{by.username} {token.pk}" if token else "unknown token",
            at=now,
            by=by,
            partnership_id=token.partnership_id if token else None,
        )
