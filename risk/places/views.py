"""Putting a place forward, and taking it back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.days.rules import add_working_days, london_date
from hub.errors import RuleBroken
from hub.recording.http import Sheet, Stored, record_by_form
from referrals.intake.models import Referral
from risk.places.actions import put_place_forward, take_place_back
from risk.places.forms import PlaceForwardForm, TakePlaceBackForm
from risk.places.models import PlaceForward
from risk.places.queries import shown

METHODS = ["GET", "HEAD", "POST"]
NO_REFERRAL = "No referral of this hub has this number. Check it in the list of referrals"


@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Put a place forward for a day's meeting, by the number of the referral that tells of it."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.PLACES_PUT_FORWARD)
    values = {
        "referral": request.GET.get("referral", ""),
        "for_day": add_working_days(london_date(now), 0),
    }

    def act(form: PlaceForwardForm) -> str:
        typed = form.cleaned_data
        put_place_forward(
            referral=_bearing(user, typed["referral"]),
            for_day=typed["for_day"],
            because=typed["because"],
            by=user,
        )
        return reverse("risk-agenda")

    return record_by_form(
        request,
        form=PlaceForwardForm,
        sheet=_sheet("Put a place forward", "Put forward", "The place is on the list."),
        stored=lambda: Stored(values),
        act=act,
    )


def _bearing(user: User, number: str) -> Referral:
    seen = Referral.objects.visible_to(user).filter(reference__iexact=number.strip())
    referral = seen.first()
    if referral is None:
        raise RuleBroken("place.referral", NO_REFERRAL, "referral")
    return referral


@require_http_methods(METHODS)
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take a place off the list again."""
    user = signed_in(request)
    forward = _taken_up(user, number, request)

    def act(form: TakePlaceBackForm) -> str:
        take_place_back(forward=forward, reason=form.cleaned_data["reason"], by=user)
        return reverse("risk-agenda")

    return record_by_form(
        request,
        form=TakePlaceBackForm,
        sheet=_sheet(
            f"Take {forward.referral.reference} off the list",
            "Take off the list",
            "The place is off the list.",
            _lead(forward),
        ),
        stored=Stored,
        act=act,
    )


def _taken_up(user: User, number: int, request: HttpRequest) -> PlaceForward:
    """Give a place that is on the list; what is sent is let through, for the action looks again."""
    require(user, Permission.PLACES_PUT_FORWARD)
    rows = PlaceForward.objects.visible_to(user).select_related("referral")
    if request.method != "POST":
        rows = rows.filter(superseded_at=None)
    forward = rows.filter(pk=number, discussed_on=None).first()
    if forward is None:
        raise Http404
    return forward


def _lead(forward: PlaceForward) -> str:
    [place] = shown([forward])
    return f"{place.called}. Put forward because: {place.because}"


def _sheet(heading: str, button: str, done: str, lead: str = "") -> Sheet:
    back = reverse("risk-agenda")
    return Sheet(title=heading, heading=heading, button=button, back=back, done=done, lead=lead)
