"""Accounts: making them, and the operator's own."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.fernet import InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.db import transaction

from hub.access.context import acting_as
from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.accounts.rules import factor_cipher, name_problem, user_name_problem
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import NotAllowed, RuleBroken

OPERATOR = "operator"
# What the sign-in library encrypts by the adapter: a telephone's secret, what recovery codes are made from.
ENCRYPTED = ("secret", "seed")


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

    Raises NotAllowed, and RuleBroken for a user name that is taken or is the command line's, for a name
    that cannot be read or typed, and for a password that is too easy.
    """
    require(by, Permission.PEOPLE_MANAGE)
    for field, problem in (("username", user_name_problem(username)), ("name", name_problem(name))):
        if problem:
            raise RuleBroken(f"account.{field}", problem, field)
    if username.lower() == OPERATOR or User.objects.filter(username__iexact=username).exists():
        raise RuleBroken("account.taken", "This user name is taken. Choose another.", "username")
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
def use_up(*, code: str, by: User) -> None:
    """Let a code of the person's telephone be good for nothing more: it was typed somewhere."""
    Authenticator.objects.get(user=by, type=Authenticator.Type.TOTP).wrap().validate_code(code)


@transaction.atomic
def hold_factors(*, by: User) -> None:
    """Let nobody else use the person's second factors meanwhile: one code sent twice at once is used once."""
    list(Authenticator.objects.select_for_update().filter(user=by))


@transaction.atomic
def move_session(*, session: SessionBase, by: User) -> None:
    """Give a session another key, under which its person's list of sessions still finds and ends it."""
    before = session.session_key
    session.cycle_key()
    UserSession.objects.filter(user=by, session_key=before).update(session_key=session.session_key)


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
    known = list(User.objects.filter(username__iexact=username).values_list("username", flat=True))
    by = operator()
    with acting_as(by):  # nobody is signed in, and an event is written in one's own name alone
        record(
            event="signed.in.refused",
            verb=Verb.CONSULTATION,
            what="account",
            reference=known[0] if known else "unknown name",
            at=now,
            by=by,
        )


@transaction.atomic
def reseal_factors(*, now: datetime, by: User) -> int:
    """Encrypt anew, with HUB_SECRET_KEY, what a former key has encrypted of second factors; give how many.

    Nobody's telephone or recovery codes change. Afterwards the former key is needed for none of them.
    Raises NotAllowed, and RuleBroken, changing nothing, where no key that is set opens one.
    """
    if not by.is_operator:
        raise NotAllowed("Second factors are encrypted anew from the command line alone.")
    present = factor_cipher([settings.SECRET_KEY])
    every = factor_cipher([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    resealed = 0
    # Locked: a recovery code that is used meanwhile is written after us, and not undone.
    for factor in Authenticator.objects.select_for_update().order_by("pk"):
        try:
            data = _resealed(factor.data, present, every)
        except InvalidToken:
            raise RuleBroken(
                "factor.key",
                "A second factor opens with no key that is set, and nothing was changed. Put the key it was"
                " encrypted with into HUB_FORMER_SECRET_KEYS. If that key is lost, its person starts anew.",
            ) from None
        if data != factor.data:
            factor.data = data
            factor.save(update_fields=["data"])
            resealed += 1
    record(
        event="factors.resealed",
        verb=Verb.ALTERATION,
        what="account",
        reference="factors",
        at=now,
        by=by,
        after={"factors": resealed},
    )
    return resealed


def _resealed(data: dict[str, Any], present: MultiFernet, every: MultiFernet) -> dict[str, Any]:
    """Give a factor's data with what is encrypted of them under the present key; a passkey has nothing."""

    def anew(text: str) -> str:
        try:
            present.decrypt(text)
        except InvalidToken:
            return every.rotate(text).decode()
        return text

    found: dict[str, Any] = {name: anew(data[name]) for name in ENCRYPTED if name in data}
    if "migrated_codes" in data:
        found["migrated_codes"] = [anew(code) for code in data["migrated_codes"]]
    return {**data, **found}
