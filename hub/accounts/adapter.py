"""What django-allauth asks of the hub: how people come in, and how their second factors are kept."""

import re
from time import time
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from hub.access.context import act_as
from hub.access.gate import standing_of
from hub.accounts.actions import note_sign_in, note_sign_in_refused
from hub.accounts.http import page_of_ours, ways_of
from hub.accounts.models import User
from hub.accounts.rules import PASSWORD_SHORTEST, factor_cipher, password_problem

TOO_OFTEN = (
    "There were too many wrong attempts, so this way in is shut for 15 minutes. "
    "Wait, or sign in with a passkey"
)
WRONG = "The user name or password is wrong. Check both and try again"
CHANGED = (
    "This sign-in was not finished in time, or the account has changed meanwhile. Begin again."
)
# With which password a sign-in began: it may wait for its second factor.
BEGUN_WITH = "begun_with"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types of its own
    """Accounts are opened by administrators; signing in is on the trail, with how it was done."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
        "incorrect_password": "The password is wrong. Check it and try again",
        "enter_current_password": "The password is wrong. Type the one that you use now",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an administrator opens accounts."""
        return False

    def is_reauthentication_required(self, *, app: str, **told: Any) -> bool:
        """Ask nobody to prove themselves again who did so minutes ago, by signing in."""
        known = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in known), default=0)
        return bool(time() - latest >= REAUTHENTICATION_TIMEOUT)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the page that was asked for, where it is one of ours; else home."""
        return page_of_ours(request, request.POST.get("next") or request.GET.get("next") or "")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to one's own account."""
        return page_of_ours(request, "/account/")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse what comes too often; that is on the trail as a wrong password is."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self.authentication_failed(request, **credentials)
            raise

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **told: Any
    ) -> HttpResponse | None:
        """Note with which password a sign-in begins, before it waits for a second factor."""
        request.session[BEGUN_WITH] = user.get_session_auth_hash()
        refused: HttpResponse | None = super().pre_login(request, user, **told)
        return refused

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> NoReturn:
        """Lead somebody whose account is closed back to sign in, whatever they proved."""
        _begin_again(request)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Let a person in, and put it on the trail with how they proved who they are.

        Not where the account was closed, or its password changed, while a second factor was waited for.
        """
        begun_with = request.session.pop(BEGUN_WITH, "")
        same = constant_time_compare(begun_with, user.get_session_auth_hash())
        if not (user.is_active and same):
            _begin_again(request)
        super().login(request, user)
        if isinstance(user, User):
            act_as(user)
            ways = ways_of(request, user)
            note_sign_in(
                ways=ways, address=self.get_client_ip(request), now=timezone.now(), by=user
            )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Put a wrong password on the trail."""
        note_sign_in_refused(username=credentials.get("username", ""), now=timezone.now())

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Leave out allauth's own messages: each page of ours says what was done."""


class OwnRule:
    """What Django asks about a new password: the hub's own rule, in its own words."""

    def __init__(self) -> None:
        self.common = frozenset(CommonPasswordValidator().passwords)

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError for a password that is guessed too easily."""
        known = words_about(user) if isinstance(user, User) else set()
        problem = password_problem(password, known=known, common=self.common)
        if problem:
            raise ValidationError(problem, code="password")

    def get_help_text(self) -> str:
        """Say what is asked for."""
        return f"At least {PASSWORD_SHORTEST} characters, and no names that people here know."


def words_about(user: User) -> set[str]:
    """Give the names by which somebody guesses: the person's, their agency's, their partnership's."""
    standing = standing_of(user) if user.pk else None
    names = [
        user.username,
        user.name,
        *([standing.agency, standing.partnership] if standing else []),
    ]
    return {word for name in names for word in (*re.split(r"[^\w]+", name), name) if word}


def _begin_again(request: HttpRequest) -> NoReturn:
    clear_login(request)
    messages.error(request, CHANGED)
    raise ImmediateHttpResponse(redirect("account_login"))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # likewise
    """Secrets of second factors are encrypted in the database, with keys that it does not hold."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": "Add a telephone or a passkey first: the codes are for its loss",
        "incorrect_code": "The code is wrong, or was used before. Wait for the next one and type that",
    }

    def encrypt(self, text: str) -> str:
        """Encrypt the secret from which codes are made."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Undo `encrypt`; a key that was changed stays in HUB_FORMER_SECRET_KEYS until `reseal_factors`."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        """Name a passkey by its day, where the person gives it no name."""
        return f"Passkey of {timezone.localdate():%d %B %Y}"


def _cipher() -> MultiFernet:
    return factor_cipher([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
