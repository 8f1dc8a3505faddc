"""Accounts: making them, and the operator's own."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from hub.access.context import acting_as
from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import RuleBroken

OPERATOR = "operator"


@transaction.atomic
def operator() -> User:
    """Give the account as which commands on the server act, made at its first use; it has no password."""
    user, _made = User.objects.get_or_create(
        is_operator=True, defaults={"username": OPERATOR, "name": "Command line", "password": "!"}
    )
    return user


@transaction.atomic
def open_account(*, username: str, name: str, password: str, now: datetime, by: User) -> User:
    """Open a person's account; what they may do comes from the posts they are given.

    Raises NotAllowed, and RuleBroken for a user name that is taken or is the command line's, and
    for a password that is too easy.
    """
    require(by, Permission.PEOPLE_MANAGE)
    if username == OPERATOR or User.objects.filter(username=username).exists():
        raise RuleBroken("account.taken", "This user name is taken. Choose another.")
    user = User(username=username, name=name)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken("account.password", " ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    record(
        event="account.opened",
        verb=Verb.COLLECTION,
        what="account",
        reference=username,
        at=now,
        by=by,
    )
    return user


@transaction.atomic
def note_sign_in(*, ways: list[str], address: str, now: datetime, by: User) -> None:
    """Put a sign-in on the trail: how the person proved who they are, and from which network address."""
    record(
        event="signed.in",
        verb=Verb.CONSULTATION,
        what="account",
        reference=by.username,
        at=now,
        by=by,
        after={"ways": ways, "address": address},
    )


@transaction.atomic
def note_own_change(*, event: str, now: datetime, by: User) -> None:
    """Put on the trail what a person changed in how they sign in: password, codes, passkeys, sessions."""
    record(
        event=event,
        verb=Verb.ALTERATION,
        what="account",
        reference=by.username,
        at=now,
        by=by,
    )


@transaction.atomic
def accept_conduct(*, now: datetime, by: User) -> None:
    """Take down that a person accepts the code of conduct, as they do once a year."""
    before = by.conduct_accepted_on
    by.conduct_accepted_on = london_date(now)
    by.save(update_fields=["conduct_accepted_on"])
    record(
        event="conduct.accepted",
        verb=Verb.COLLECTION,
        what="account",
        reference=by.username,
        at=now,
        by=by,
        before={"accepted_on": before.isoformat() if before else None},
        after={"accepted_on": by.conduct_accepted_on.isoformat()},
    )


@transaction.atomic
def note_sign_out(*, now: datetime, by: User) -> None:
    """Put a sign-out on the trail."""
    record(
        event="signed.out",
        verb=Verb.CONSULTATION,
        what="account",
        reference=by.username,
        at=now,
        by=by,
    )


@transaction.atomic
def note_sign_in_refused(*, username: str, now: datetime) -> None:
    """Put a refused sign-in on the trail, under the operator's name: who knocked is not known.

    A name that no account has is not kept: people type their password into the wrong field.
    """
    known = User.objects.filter(username=username).exists()
    by = operator()
    with acting_as(by):  # nobody is signed in, and an event is written in one's own name alone
        record(
            event="signed.in.refused",
            verb=Verb.CONSULTATION,
            what="account",
            reference=username if known else "unknown name",
            at=now,
            by=by,
        )
