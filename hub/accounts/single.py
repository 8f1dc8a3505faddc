"""Single sign-on: whom an agency's own provider lets in, and as whom."""

from typing import Any, NoReturn

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal.jwtkit import verify_jti
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
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


# Each is a signature by a key of the provider's own: none that whoever knows the hub's secret could make too.
SIGNED_WITH = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]
NEEDED_CLAIMS = ["iss", "sub", "aud", "exp", "iat"]
CLOCKS_DIFFER = 30  # seconds
WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class Verifying(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # likewise
    """Believes what a provider says where its signature, its name and its addressee are right.

    The library looks at no signature, for the answer comes by TLS (OpenID Connect Core 3.1.3.7); a police
    force's standard asks for it all the same (OWASP ASVS 5.0, 6.8.2, 10.5.3 and 10.5.4).
    """

    @property
    def openid_config(self) -> dict[str, Any]:
        """Give the provider's description, where it names the issuer and the transport of its entry."""
        told: dict[str, Any] = super().openid_config
        server = settings.SSO[self.provider_id].server
        if str(told.get("issuer", "")).rstrip("/") != server.removesuffix(WELL_KNOWN).rstrip("/"):
            raise OAuth2Error("the description names another issuer")
        by_tls = server.startswith("https://")
        if by_tls and any(not str(told.get(name)).startswith("https://") for name in ENDPOINTS):
            raise OAuth2Error("the description leads away from TLS")
        return told

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **told: Any
    ) -> SocialLogin:
        """Take a person whom token and description of the person agree about (Core 5.3.2)."""
        if not told["response"].get("id_token"):
            raise OAuth2Error("no ID token")
        login = super().complete_login(request, app, token, **told)
        said = login.account.extra_data
        if said["userinfo"].get("sub") != said["id_token"]["sub"]:
            raise OAuth2Error("the ID token is of another person")
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(jwt.get_unverified_header(id_token).get("kid")),
                algorithms=SIGNED_WITH,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_DIFFER,
                options={"require": NEEDED_CLAIMS},
            )
        except (jwt.PyJWTError, ValueError) as wrong:
            raise OAuth2Error("the ID token is not good") from wrong
        verify_jti(claims)
        return claims

    def _key(self, number: str | None) -> jwt.PyJWK:
        """Give the provider's key of that number; one without a number is the only one there is."""
        with SingleAdapter(self.request).get_requests_session() as asked:
            answer = asked.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        found = [key for key in keys if key.key_id == number] if number else keys
        if len(found) != 1:
            raise jwt.InvalidKeyError("no such key")
        return found[0]


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
