"""What administrators do with their people: take them on, confirm, let them start anew, let them go."""

import secrets
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from hub.access.context import acting_as
from hub.access.gate import require
from hub.access.rules import Permission, Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.actions import appoint
from partners.agencies.models import Agency, Post, PostQuerySet
from partners.agencies.rules import NOT_YOURS, reaches
from partners.people.models import Renewal
from partners.people.rules import REASON_LONGEST, code_ends, digest_of, new_code


@transaction.atomic
def take_on(
    *,
    agency: Agency,
    username: str,
    name: str,
    role: Role,
    starts_on: date,
    now: datetime,
    by: User,
) -> str:
    """Open an account with a post, and give the code with which the person chooses their password.

    Raises NotAllowed, also for another agency than the administrator's; RuleBroken for a name that is taken.
    """
    _require_reach(by, agency)
    password = secrets.token_urlsafe(32)  # nobody knows it; the code lets the person choose theirs
    user = open_account(username=username, name=name, password=password, now=now, by=by)
    appoint(user=user, agency=agency, role=role, starts_on=starts_on, now=now, by=by)
    renewal = Renewal(
        user=user,
        partnership_id=agency.partnership_id,
        first=True,
        reason="New account",
        asked_by=by,
        asked_at=now,
    )
    return _approved(renewal, now, by)


@transaction.atomic
def ask_to_renew(*, user: User, reason: str, now: datetime, by: User) -> Renewal:
    """Ask that a person may start anew with password and second factor; somebody else approves.

    Raises NotAllowed for another agency's person; RuleBroken for one's own account, a closed one, that of a
    machine (partners/machines), and for no reason.
    """
    partnership_id = _require_over(user, by)
    _check_reason(reason)
    if not user.is_active:
        raise RuleBroken("person.gone", "This account is closed. Take the person on again instead.")
    if Post.objects.filter(user=user, tokens__isnull=False).exists():
        raise RuleBroken("person.machine", "Nobody signs in as a service account. Make it a token.")
    User.objects.select_for_update().get(pk=user.pk)
    if Renewal.objects.filter(user=user).waiting().exists():
        raise RuleBroken(
            "renewal.open", "This is asked for already: another administrator approves it."
        )
    renewal = Renewal.objects.create(
        user=user, partnership_id=partnership_id, reason=reason, asked_by=by, asked_at=now
    )
    _note("renewal.asked", user, reason, now, by)
    return renewal


@transaction.atomic
def approve_renewal(*, renewal: Renewal, now: datetime, by: User) -> str:
    """Approve as the second person, and give the code that is read out to the first: it is shown once.

    Raises NotAllowed and RuleBroken as above, RuleBroken for who asked and for whom they took on, Conflict
    for one approved before.
    """
    _require_over(renewal.user, by)
    if renewal.asked_by_id == by.pk:
        raise RuleBroken(
            "renewal.own", "You asked for this yourself. Another administrator approves it."
        )
    _refuse_ones_own_making(by, renewal.asked_by)
    held = Renewal.objects.select_for_update().get(pk=renewal.pk)
    if held.approved_at is not None:
        raise Conflict(
            "Somebody has approved this already. Ask for a new one if the code was lost."
        )
    if held.withdrawn_at is not None:
        raise Conflict("This was taken back. Ask for a new one if it is needed.")
    return _approved(held, now, by)


@transaction.atomic
def withdraw_renewal(*, renewal: Renewal, now: datetime, by: User) -> None:
    """Take back that a person may start anew; a code that was read out for it opens nothing any more.

    Whoever looks after the person may do it: an administrator who doubts the request stops it so.
    Raises NotAllowed, RuleBroken for one's own, Conflict for one that was used or taken back before.
    """
    _require_over(renewal.user, by)
    standing_still = Renewal.objects.filter(
        pk=renewal.pk, used_at__isnull=True, withdrawn_at__isnull=True
    )
    if not standing_still.update(withdrawn_at=now, withdrawn_by=by):
        raise Conflict("It is used, or was taken back before. Look at the person's page again.")
    _note("renewal.withdrawn", renewal.user, renewal.reason, now, by)


def _refuse_ones_own_making(by: User, asker: User) -> None:
    """Refuse an approver whom the asker took on, or who was taken on by such: that is no second person."""
    seen, who = {by.pk}, by
    taken_on = Renewal.objects.filter(first=True).select_related("asked_by")
    while first := taken_on.filter(user=who).first():
        if first.asked_by_id == asker.pk:
            message = "You were taken on by who asks. An administrator taken on by somebody else approves."
            raise RuleBroken("renewal.own_making", message)
        who = first.asked_by
        if who.pk in seen:
            return
        seen.add(who.pk)


def _approved(renewal: Renewal, now: datetime, by: User) -> str:
    code = new_code()
    Renewal.objects.filter(user=renewal.user).good(now).update(ends_at=now)  # one code at a time
    renewal.approved_by, renewal.approved_at = by, now
    renewal.digest, renewal.ends_at = digest_of(code), code_ends(now, renewal.first)
    renewal.save()
    _note("renewal.approved", renewal.user, renewal.reason, now, by)
    return code


@transaction.atomic
def renew(*, username: str, code: str, password: str, now: datetime) -> User:
    """Let a person with a good code choose a password; their second factors and sessions end.

    Nobody is signed in, so the trail has it under the operator's name. Raises RuleBroken with the same
    words for an unknown name, a wrong code and one that is used or too old; and for a password too easy.
    """
    by = operator()
    renewals = Renewal.objects.select_for_update(of=("self",)).good(now)
    found = renewals.filter(
        user__username__iexact=username, user__is_active=True, digest=digest_of(code)
    ).first()
    if found is None:
        raise RuleBroken(
            "renewal.code",
            "The user name or the code is wrong, or the code is used or too old.",
            "code",
        )
    try:
        validate_password(password, found.user)
    except ValidationError as error:
        raise RuleBroken("account.password", " ".join(error.messages), "password") from error
    found.user.set_password(password)
    found.user.save(update_fields=["password"])
    found.used_at = now
    found.save(update_fields=["used_at"])
    _shut_out(found.user)
    with acting_as(by):
        _note("renewal.used", found.user, "", now, by, found.partnership_id)
    return found.user


@transaction.atomic
def confirm_post(*, post: Post, now: datetime, by: User) -> None:
    """Say that a person still needs a post, as is asked once a year.

    Raises NotAllowed, and RuleBroken for one's own post.
    """
    _require_over(post.user, by)
    _require_reach(by, post.agency)
    before = post.confirmed_on
    post.confirmed_on = london_date(now)
    post.save(update_fields=["confirmed_on"])
    _note("post.confirmed", post.user, f"{post.role}, before: {before or 'never'}", now, by)


@transaction.atomic
def unconfirm_post(*, post: Post, before: date | None, now: datetime, by: User) -> None:
    """Take back what was said today of a post: it is to be confirmed as before.

    Raises NotAllowed, RuleBroken for one's own post, Conflict where nobody confirmed it today.
    """
    _require_over(post.user, by)
    _require_reach(by, post.agency)
    today = london_date(now)
    if not Post.objects.filter(pk=post.pk, confirmed_on=today).update(confirmed_on=before):
        raise Conflict("Nothing was said of this post today.")
    _note(
        "post.confirmation_undone", post.user, f"{post.role}, back to: {before or 'never'}", now, by
    )


@transaction.atomic
def change_post(*, post: Post, role: Role, reason: str, now: datetime, by: User) -> Post:
    """Let a person go on in the same agency as something else, from now on: their post ends, another begins.

    Raises as `end_post` and `appoint` do.
    """
    end_post(post=post, reason=reason, now=now, by=by)
    day = london_date(now)
    return appoint(user=post.user, agency=post.agency, role=role, starts_on=day, now=now, by=by)


@transaction.atomic
def end_post(*, post: Post, reason: str, now: datetime, by: User) -> None:
    """End a post at once: at the person's next request it is gone.

    Raises NotAllowed, RuleBroken for one's own post or no reason, Conflict where it has ended.
    """
    _require_over(post.user, by)
    _require_reach(by, post.agency)
    _check_reason(reason)
    if not _ended(Post.objects.filter(pk=post.pk), now):
        raise Conflict("This post has ended already.")
    _note("post.ended", post.user, reason, now, by)


@transaction.atomic
def let_go(*, user: User, reason: str, now: datetime, by: User) -> None:
    """Cut a leaver off at once: their posts here end; where none is left, account, factors and sessions too.

    A post elsewhere that is still to begin keeps the account.

    Raises NotAllowed, and RuleBroken for one's own account or no reason.
    """
    _require_over(user, by)
    _check_reason(reason)
    standing = require(by, Permission.PEOPLE_MANAGE)
    held = Post.objects.filter(user=user).select_related("agency")
    mine = [
        post.pk for post in held if reaches(standing, post.agency_id, post.agency.partnership_id)
    ]
    _ended(Post.objects.filter(pk__in=mine), now)
    if not Post.objects.filter(user=user).lasting(london_date(now)).exists():
        user.is_active = False
        user.save(update_fields=["is_active"])
        _shut_out(user)
    _note("person.let_go", user, reason, now, by)


def _ended(posts: PostQuerySet, now: datetime) -> int:
    """End them at this moment; one that is to begin later never begins. Gives how many there were.

    Their days stay as they were: a post that began today was held today.
    """
    return posts.lasting(london_date(now)).update(ended_at=now)


def _shut_out(user: User) -> None:
    """End a person's sessions and take their second factors away."""
    Authenticator.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()


def _require_reach(by: User, agency: Agency) -> None:
    standing = require(by, Permission.PEOPLE_MANAGE, agency)
    if not reaches(standing, agency.pk, agency.partnership_id):
        raise NotAllowed(NOT_YOURS)


def _require_over(user: User, by: User) -> int:
    """Ask that the person is one of the administrator's; give the partnership in which they are."""
    standing = require(by, Permission.PEOPLE_MANAGE)
    if user == by:
        raise RuleBroken("person.own", "Nobody does this to themselves. Ask another administrator.")
    for post in Post.objects.filter(user=user).select_related("agency"):
        if reaches(standing, post.agency_id, post.agency.partnership_id):
            return post.agency.partnership_id
    raise NotAllowed(NOT_YOURS)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken("reason.missing", "Write the reason", "reason")
    if len(reason) > REASON_LONGEST:
        raise RuleBroken("reason.long", f"Write at most {REASON_LONGEST} characters", "reason")


def _note(
    event: str, user: User, reason: str, now: datetime, by: User, partnership_id: int | None = None
) -> None:
    record(
        event=event,
        verb=Verb.ALTERATION,
        what="account",
        reference=user.username,
        at=now,
        by=by,
        partnership_id=partnership_id,
        reason=reason,
    )
