"""Single sign-on: whom an agency's own provider lets in, and as whom."""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from hub.accounts.actions import note_sign_in_refused
from hub.accounts.models import User
from hub.accounts.rules import Provider
from hub.days.rules import london_date

UNKNOWN = (
    "{name} knows you, but no account of that agency here bears your name there. Ask your agency's"
    " administrator."
)
FAILED = "Signing in with {name} did not work. Try again, or sign in with your password."


class SingleAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types of its own
    """A provider vouches for people of its own agency, by the user name that it knows them by.

    The first sign-in ties the account to the provider's own number for the person. After that the number
    counts: a user name that the provider gives to somebody else later opens nothing.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody signs up: an administrator opens accounts."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whom the provider may vouch for; lead everybody else back, saying what to do."""
        provider = settings.SSO[sociallogin.account.provider]
        user = sociallogin.user if sociallogin.is_existing else _named(provider, sociallogin)
        if user is None or not _may_vouch(provider, user):
            note_sign_in_refused(username=user.username if user else "", now=timezone.now())
            _back(request, UNKNOWN.format(name=provider.name))
        if not sociallogin.is_existing:
            sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> NoReturn:
        """Lead back to sign in, whatever went wrong between the two."""
        _back(request, FAILED.format(name=provider.name))

    def get_requests_session(self) -> Any:
        """Follow no redirect when a provider is asked: its addresses are those of its entry."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no e-mail address."""


def _named(provider: Provider, sociallogin: SocialLogin) -> User | None:
    """Give the account that bears the name, unless another of the provider's people is tied to it."""
    told = sociallogin.account.extra_data
    claims = told.get("userinfo") or told.get("id_token") or {}
    name = str(claims.get("preferred_username") or "")
    tied = SocialAccount.objects.filter(provider=provider.id).values("user_id")
    return (
        User.objects.filter(username__iexact=name, is_operator=False).exclude(pk__in=tied).first()
    )


def _may_vouch(provider: Provider, user: User) -> bool:
    """Say whether the account is open, a person's, and holds a post of the provider's agency today."""
    partnership, agency = provider.agency.split("/")
    posts: Any = apps.get_model("partners", "Post")
    held = posts.objects.of_people().held_on(london_date(timezone.now())).filter(user=user)
    return (
        user.is_active
        and held.filter(agency__code=agency, agency__partnership__code=partnership).exists()
    )


def _back(request: HttpRequest, said: str) -> NoReturn:
    messages.error(request, said)
    raise ImmediateHttpResponse(redirect("account_login"))
