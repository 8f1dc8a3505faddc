"""One's own second factors: a telephone, passkeys, recovery codes. allauth's views, with ours around them."""

from typing import Any

from allauth.account.views import PasswordChangeView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.accounts.actions import note_own_change, use_up
from hub.accounts.http import PROVED, factor_is_needed, signed_in

MINE = reverse_lazy("mfa_index")


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show how the person signs in, and what is missing where their role needs a second factor."""
    user = signed_in(request)
    held = Authenticator.objects.filter(user=user).order_by("created_at")
    kinds = {kind: [one for one in held if one.type == kind] for kind in Authenticator.Type}
    codes = kinds[Authenticator.Type.RECOVERY_CODES]
    page = {
        "telephone": next(iter(kinds[Authenticator.Type.TOTP]), None),
        "passkeys": kinds[Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "missing": factor_is_needed(request, user),
    }
    return render(request, "accounts/factors.html", page)


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """Draw the secret that is being set up, for a telephone to scan; nothing where none is."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(signed_in(request), secret))
    return HttpResponse(drawn, content_type="image/svg+xml")


class _OnTheTrail:
    """Puts what was changed on the trail in the same transaction, and says it on the next page."""

    event: str
    said: str
    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # allauth's view is beside it
        note_own_change(event=self.event, now=timezone.now(), by=signed_in(self.request))
        messages.success(self.request, self.said)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # likewise
        answer.status_code = 422
        return answer


class _Proving(_OnTheTrail):
    """A factor that was just added proves the session too."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        self.request.session[PROVED] = True
        return answer


class AddTelephone(_Proving, ActivateTOTPView):  # type: ignore[misc]  # allauth has no types of its own
    """Scan a picture with an authenticator application, and type what it shows."""

    template_name = "accounts/telephone.html"
    event, said = "factor.telephone_added", "Your telephone is your second factor now."

    def form_valid(self, form: Any) -> HttpResponse:
        """Use up the code that was typed: whoever saw it cannot sign in with it as well."""
        answer = super().form_valid(form)
        use_up(code=form.cleaned_data["code"], by=signed_in(self.request))
        return answer


class RemoveTelephone(_OnTheTrail, DeactivateTOTPView):  # type: ignore[misc]  # likewise
    """Take the telephone away as a second factor."""

    template_name = "accounts/telephone_remove.html"
    event, said = "factor.telephone_removed", "The telephone is not your second factor any more."


class AddPasskey(_Proving, AddWebAuthnView):  # type: ignore[misc]  # likewise
    """Make a passkey on the device at hand."""

    template_name = "accounts/passkey.html"
    event, said = "factor.passkey_added", "You can sign in with this passkey now."


class RemovePasskey(_OnTheTrail, RemoveWebAuthnView):  # type: ignore[misc]  # likewise
    """Take a passkey away: it opens nothing any more."""

    template_name = "accounts/passkey_remove.html"
    success_url = MINE
    event, said = "factor.passkey_removed", "The passkey is removed."


class NewCodes(_OnTheTrail, GenerateRecoveryCodesView):  # type: ignore[misc]  # likewise
    """Make new recovery codes; the old ones end."""

    template_name = "accounts/codes_new.html"
    event, said = "factor.codes_made", "These are your new recovery codes. The old ones have ended."


class ChangePassword(_OnTheTrail, PasswordChangeView):  # type: ignore[misc]  # likewise
    """Choose another password; every other session of the person ends with it."""

    template_name = "accounts/password.html"
    event, said = "password.changed", "Your password is changed. Your other sessions have ended."
