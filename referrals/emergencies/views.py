"""Asking for emergency access, ending it, and reviewing what others asked for."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.recording.http import Sheet, Stored, record_by_form
from hub.trail.queries import entries
from hub.trail.rules import Sitting, sittings
from referrals.emergencies.actions import end_emergency, open_in_emergency, review_emergency
from referrals.emergencies.forms import EmergencyForm
from referrals.emergencies.models import EmergencyAccess, EmergencyReview
from referrals.oversight.views import METHODS, Queue, list_reviews, review_one

EVENTS_ON_A_PAGE = 100
LEAD = (
    "For a child who is in danger now, when you cannot see the record that you need. Your asking is noted and"
    " reviewed by the information-governance lead, whatever comes of it; so is everything you do meanwhile."
)


@require_http_methods(METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    """Take whom somebody must see, why and for how long; until it is sent nothing is looked for."""
    user = signed_in(request)
    require(user, Permission.EMERGENCY_OPEN)

    def act(form: EmergencyForm) -> str:
        child = open_in_emergency(asked=form.asked, by=user).child_id
        if child is None:
            return reverse("referrals-emergency-nothing")
        return reverse("risk-child-summary", args=[child])

    sheet = Sheet(
        title="Emergency access",
        heading="Emergency access",
        button="Open the record",
        back=reverse("referrals-search"),
        done="Your asking is noted, with your reason.",
        lead=LEAD,
    )
    return record_by_form(request, form=EmergencyForm, sheet=sheet, stored=Stored, act=act)


@require_safe
def nothing(request: HttpRequest) -> HttpResponse:
    """Say that no record was opened, in the same words whatever the cause."""
    require(signed_in(request), Permission.EMERGENCY_OPEN)
    return render(request, "emergencies/nothing.html")


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End one's own emergency access now."""
    user = signed_in(request)
    require(user, Permission.EMERGENCY_OPEN)
    emergency = EmergencyAccess.objects.visible_to(user).filter(pk=number).first()
    if emergency is None:
        raise Http404
    end_emergency(emergency=emergency, by=user)
    return redirect("hub-home")


# --- reviews ------------------------------------------------------------------------------------


def _told(access: EmergencyAccess) -> tuple[str, str]:
    asked = timezone.localtime(access.asked_at)
    return f"{asked.day} {asked:%b %Y, %H:%M}", access.get_outcome_display()


EMERGENCIES = Queue(
    accesses=EmergencyAccess,
    reviews=EmergencyReview,
    right=Permission.EMERGENCY_REVIEW,
    outcomes=EmergencyReview.Outcome.choices,
    event="emergency",
    title="Emergency access",
    lead="Who opened a hidden record in an emergency, or tried to.",
    columns=("When", "Outcome"),
    told=_told,
    all="referrals-emergency-reviews",
    one="referrals-emergency-review",
    facts="emergencies/facts.html",
    beneath="emergencies/meanwhile.html",
    close=review_emergency,
)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """List the emergency accesses of the partnership to those who review them."""
    return list_reviews(request, EMERGENCIES)


@require_http_methods(METHODS)
def review(request: HttpRequest, number: int) -> HttpResponse:
    """Show why somebody opened a record and what they did meanwhile, and close its review."""
    return review_one(request, EMERGENCIES, number, _meanwhile)


@dataclass(frozen=True)
class Meanwhile:
    """Every event done under an emergency access, but no case; `unseen` says how many are not shown."""

    events: list[Sitting]
    unseen: int


def _meanwhile(user: User, emergency: EmergencyAccess) -> Meanwhile:
    events = AuditEvent.objects.visible_to(user).filter(
        about__contains=[emergency.reference], user_id=emergency.person_id
    )
    shown = list(events.order_by("at", "pk")[:EVENTS_ON_A_PAGE])
    return Meanwhile(sittings(entries(shown)), events.count() - len(shown))
