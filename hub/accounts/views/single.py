"""The way to an agency's provider of single sign-on, and back."""

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import login
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from requests import RequestException

from hub.accounts.http import page_of_ours
from hub.accounts.single import FAILED, Verifying


@require_safe
def to_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to an agency's provider; where it does not answer, back to sign in with a word.

    Only from our own page: a link elsewhere must sign nobody in unasked (OWASP ASVS 5.0, 7.6.2). Of what
    the address says, the page to go on to alone is heard: the library would hear more.
    """
    if provider_id not in settings.SSO:
        raise Http404
    if request.user.is_authenticated:
        return redirect("hub-home")
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return redirect("account_login")
    request.GET = QueryDict(urlencode({"next": page_of_ours(request, request.GET.get("next", ""))}))
    try:
        answer: HttpResponseBase = login(request, provider_id)
    except RequestException:
        return _back(request, provider_id)
    return answer


def _back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    messages.error(request, FAILED.format(name=settings.SSO[provider_id].name))
    return redirect("account_login")


@require_safe
def from_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take what a provider sends back, once and in the browser that was sent there."""
    if provider_id not in settings.SSO:
        raise Http404
    take = OAuth2CallbackView.adapter_view(Verifying(request, provider_id))
    try:
        answer: HttpResponseBase = take(request)
    except (RequestException, OAuth2Error):  # before the library has begun to look for them
        return _back(request, provider_id)
    return answer
