"""The one-time links that were sent: to whom, what became of each, and taking one back."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from referrals.intake.actions import withdraw_link
from referrals.intake.forms import ReasonForm
from referrals.intake.models import ReferralLink
from referrals.intake.queries import links_of
from referrals.intake.rules import LINK_OPEN, link_state
from referrals.intake.views.asking import METHODS

PAGE_SIZE = 50
ON_THE_SITE = "Asked for on the site"
SHUT = "From now on it opens nothing, also where its holder has it open. They can ask for another."


@dataclass(frozen=True)
class LinkRow:
    """A link as it was sent; `withdraw_at` is empty where it opens nothing any more."""

    number: str
    email: str
    asked_by: str
    made_at: datetime
    ends_at: datetime
    state: str
    referral: str
    referral_at: str
    withdraw_at: str


@dataclass(frozen=True)
class LinksPage:
    """A page of the list, the latest first."""

    rows: list[LinkRow]
    paging: Paging


@require_safe
def sent_links(request: HttpRequest) -> HttpResponse:
    """List the partnership's links for those who take referrals in."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.REFERRALS_RECEIVE)
    page = links_page(user, request.GET.get("page", "1"), now)
    record(
        event="referral_links.listed",
        verb=Verb.CONSULTATION,
        what="referral_link",
        reference="all",
        at=now,
        by=user,
        about=[row.referral for row in page.rows if row.referral],
    )
    return render(request, "intake/links.html", {"page": page})


def links_page(user: User, number: str, now: datetime) -> LinksPage:
    """Build the page, with the same number of queries for many as for few."""
    page = nearest_page(links_of(user), PAGE_SIZE, number)
    things = "link" if page.paginator.count == 1 else "links"
    return LinksPage([_row(link, now) for link in page], paging(page, things))


def _row(link: ReferralLink, now: datetime) -> LinkRow:
    state = _state(link, now)
    referral = getattr(link, "referral", None)
    return LinkRow(
        number=f"RL-{link.pk}",
        email=link.email,
        asked_by=link.asked_by.name if link.asked_by else ON_THE_SITE,
        made_at=link.made_at,
        ends_at=link.ends_at,
        state=state,
        referral=referral.reference if referral else "",
        referral_at=reverse("referrals-referral", args=[referral.pk]) if referral else "",
        withdraw_at=reverse("referrals-link-withdraw", args=[link.pk])
        if state in LINK_OPEN
        else "",
    )


def _state(link: ReferralLink, now: datetime) -> str:
    return link_state(
        sent=link.sent_at is not None,
        opened=link.opened_at is not None,
        used=link.used_at is not None,
        withdrawn=link.withdrawn_at is not None,
        over=link.ends_at <= now,
    )


@require_http_methods(METHODS)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a link back."""
    user = signed_in(request)
    require(user, Permission.REFERRALS_RECEIVE)
    link = links_of(user).filter(pk=number).first()
    if link is None:
        raise Http404

    def act(form: ReasonForm) -> str:
        reason, now = form.cleaned_data["reason"], timezone.now()
        withdraw_link(link=link, reason=reason, now=now, by=user)
        return reverse("referrals-links")

    sheet = Sheet(
        f"Withdraw RL-{link.pk}",
        f"Withdraw the link to {link.email}",
        "Withdraw the link",
        reverse("referrals-links"),
        "The link is withdrawn.",
        SHUT,
    )
    return record_by_form(request, form=ReasonForm, sheet=sheet, stored=Stored, act=act)
