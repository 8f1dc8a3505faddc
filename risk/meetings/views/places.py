"""Recording what a meeting said of a place, and putting it right."""

from datetime import date
from functools import partial
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.errors import RuleBroken
from hub.recording.http import Sheet, Stored, record_by_form
from hub.templatetags.hub import day as in_full
from risk.meetings.actions import note_discussed
from risk.meetings.models import Meeting
from risk.meetings.queries.day import meetings_for
from risk.meetings.views.deciding import METHODS
from risk.places.forms import CorrectDiscussedForm, DiscussedForm
from risk.places.models import PlaceForward
from risk.places.queries import shown

RECORDED = "It was recorded meanwhile. To put it right, open it from the minutes of its meeting."
NO_MEETING = (
    " No meeting was opened since it was put forward: open it, or enter one that was held without power, "
    "then say here what it said."
)


@require_http_methods(METHODS)
def discussed(request: HttpRequest, number: int) -> HttpResponse:
    """Record what a meeting said of a place, or correct what was recorded."""
    user = signed_in(request)
    require(user, Permission.PLACES_PUT_FORWARD)
    forward = _latest(user, number)
    if forward.superseded_at and request.method != "POST":
        raise Http404  # it was taken back; what somebody has typed is kept, and they are told
    meetings = meetings_for(forward, user)
    corrects = "reason" in request.POST if request.POST else forward.discussed_on is not None

    def act(form: DiscussedForm) -> str:
        typed, standing = form.cleaned_data, _latest(user, number)
        if standing.discussed_on and not corrects:
            raise RuleBroken("place.recorded", RECORDED)
        note_discussed(
            forward=standing,
            came_of_it=typed["came_of_it"],
            on=date.fromisoformat(typed["discussed_on"]),
            by=user,
            reason=typed.get("reason", ""),
        )
        return _back_from(forward, meetings)

    return record_by_form(
        request,
        form=partial(
            CorrectDiscussedForm if corrects else DiscussedForm, meetings=_choices(meetings)
        ),
        sheet=_sheet(forward, meetings),
        stored=lambda: _stored(user, number, meetings),
        act=act,
    )


def _latest(user: User, number: int) -> PlaceForward:
    """Give the last version of a place, by the number of any: it stands, or the place was taken back."""
    rows = PlaceForward.objects.visible_to(user)
    asked = rows.filter(pk=number).values("referral", "for_day").first()
    if asked is None:
        raise Http404
    versions = rows.filter(**asked).select_related("referral", "recorded_by", "superseded_by")
    return versions.latest("known_from", "pk")


def _choices(meetings: list[Meeting]) -> list[tuple[str, str]]:
    """Give each day once, with the names of its meetings."""
    return [
        (on.isoformat(), f"{', '.join(each.series.name for each in of_day)}, {in_full(on)}")
        for on, of_day in groupby(meetings, key=lambda meeting: meeting.held_on)
    ]


def _stored(user: User, number: int, meetings: list[Meeting]) -> Stored:
    """Give what stands; where one meeting alone can have spoken of it, it was that one."""
    standing = _latest(user, number)
    if standing.superseded_at:
        by = standing.superseded_by.name if standing.superseded_by else ""
        nothing = dict.fromkeys(("discussed_on", "came_of_it"))
        return Stored(nothing, "taken back", by, standing.superseded_at)
    on = standing.discussed_on or (meetings[0].held_on if len(meetings) == 1 else None)
    values = {"discussed_on": on.isoformat() if on else "", "came_of_it": standing.came_of_it}
    by = standing.recorded_by.name if standing.recorded_by else ""
    return Stored(values, f"{standing.pk}", by, standing.known_from)


def _back_from(forward: PlaceForward, meetings: list[Meeting]) -> str:
    """Lead back to the list, or from a correction to the minutes that have what is corrected."""
    of_day = (each for each in meetings if each.held_on == forward.discussed_on)
    meeting = next(of_day, None)
    if meeting is None:
        return reverse("risk-agenda")
    return reverse("risk-meeting-minutes", args=[meeting.pk])


def _sheet(forward: PlaceForward, meetings: list[Meeting]) -> Sheet:
    [place] = shown([forward])
    heading = f"What the meeting said of {place.reference}"
    if forward.discussed_on:
        heading = f"Correct what the meeting said of {place.reference}"
        button, done = "Save correction", "Corrected."
    else:
        button, done = "Record it", "It is recorded, and the place is off the list."
    none = "" if meetings else NO_MEETING
    return Sheet(
        title=heading,
        heading=heading,
        button=button,
        back=_back_from(forward, meetings),
        done=done,
        lead=f"{place.called}. Put forward because: {place.because}{none}",
    )
