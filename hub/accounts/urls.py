"""Addresses of signing in and out, and of how one does. The names of allauth's own pages are allauth's."""

from allauth.account.views import reauthenticate
from allauth.mfa.base.views import reauthenticate as reauthenticate_by_code
from allauth.mfa.recovery_codes.views import view_recovery_codes
from allauth.mfa.webauthn.views import reauthenticate_webauthn
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.views import factors, own, signing, single

# allauth's views answer PUT as POST, and more besides.
read = require_safe
asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("sign-in/", signing.sign_in, name="account_login"),
    path("sign-in/code/", signing.second_step, name="mfa_authenticate"),
    path("sign-in/passkey/", signing.by_passkey, name="mfa_login_webauthn"),
    path("sign-in/with/<slug:provider_id>/", single.to_provider, name="openid_connect_login"),
    path(
        "sign-in/with/<slug:provider_id>/back/",
        single.from_provider,
        name="openid_connect_callback",
    ),
    path("sign-out/", signing.sign_out, name="hub-sign-out"),
    path("conduct/", own.conduct, name="hub-conduct"),
    path("account/again/", own.again(reauthenticate), name="account_reauthenticate"),
    path("account/again/code/", own.again(reauthenticate_by_code), name="mfa_reauthenticate"),
    path(
        "account/again/passkey/",
        own.again(reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "account/password/", asked(factors.ChangePassword.as_view()), name="account_change_password"
    ),
    path("account/sessions/", own.sessions, name="usersessions_list"),
    path("account/sessions/<int:number>/end/", own.end_session, name="hub-session-end"),
    path("account/factors/", factors.mine, name="mfa_index"),
    path(
        "account/factors/telephone/",
        asked(factors.AddTelephone.as_view()),
        name="mfa_activate_totp",
    ),
    path("account/factors/telephone/picture/", factors.picture, name="hub-factor-picture"),
    path(
        "account/factors/telephone/remove/",
        asked(factors.RemoveTelephone.as_view()),
        name="mfa_deactivate_totp",
    ),
    path("account/factors/passkeys/", asked(factors.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "account/factors/passkeys/<int:pk>/remove/",
        asked(factors.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("account/factors/codes/", read(view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/factors/codes/new/",
        asked(factors.NewCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]
