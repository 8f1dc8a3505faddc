"""What is done to a meeting with one press: opening it, who is there, who records and chairs, carrying."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.days.rules import london_date
from hub.errors import Conflict, RuleBroken
from hub.recording.http import Sheet, Stored, record_by_form
from referrals.notes.actions import write_note
from referrals.notes.rules import HUB, Written
from risk.meetings.actions import (
    add_to_agenda,
    attend,
    carry,
    open_meeting,
    take_chair,
    take_over,
)
from risk.meetings.forms import WordForm
from risk.meetings.models import MeetingSeries
from risk.meetings.queries.entries import entries_for
from risk.meetings.rules.calendar import is_on
from risk.meetings.views.deciding import METHODS, next_address
from risk.meetings.views.frame import enter, enter_item
from risk.meetings.views.known import DISCUSSION

NOT_TODAY = "This meeting is not held today."


@require_POST
def open_today(request: HttpRequest, number: int) -> HttpResponse:
    """Open today's meeting of a series with its agenda, or lead to the one that is open."""
    user = signed_in(request)
    series = get_object_or_404(MeetingSeries.objects.visible_to(user), pk=number)
    require(user, Permission.MEETINGS_HOLD, series)
    today = london_date(timezone.now())
    entries = entries_for(series, today, user)
    meeting = open_meeting(series=series, day=today, entries=entries, by=user)
    if not is_on(series.rhythm, today):
        messages.success(request, f"{NOT_TODAY} It is opened all the same.")
    return redirect("risk-meeting", meeting.pk)


@require_POST
def grow(request: HttpRequest, number: int) -> HttpResponse:
    """Put on the agenda what has come since it was opened."""
    room = enter(request, number)
    entries = entries_for(room.meeting.series, room.meeting.held_on, room.user)
    came = add_to_agenda(meeting=room.meeting, entries=entries, by=room.user)
    words = {0: "Nothing has come since.", 1: "One child has come since."}
    messages.success(request, words.get(came, f"{came} children have come since."))
    return redirect("risk-meeting", number)


@require_POST
def seats(request: HttpRequest, number: int) -> HttpResponse:
    """Say which agencies are at the table now."""
    room = enter(request, number)
    named = [int(number) for number in request.POST.getlist("agencies") if number.isdecimal()]
    attend(meeting=room.meeting, agencies=named, by=room.user)
    messages.success(request, "Who is there is recorded.")
    return redirect("risk-meeting", number)


@require_POST
def chair(request: HttpRequest, number: int) -> HttpResponse:
    """Chair the meeting from now on."""
    return _press(request, number, take_chair, "You chair this meeting.")


@require_POST
def record_here(request: HttpRequest, number: int) -> HttpResponse:
    """Record for the meeting from now on."""
    return _press(request, number, take_over, "You record this meeting.")


def _press(request: HttpRequest, number: int, deed: Callable[..., None], done: str) -> HttpResponse:
    room = enter(request, number)
    deed(meeting=room.meeting, by=room.user)
    messages.success(request, done)
    return redirect("risk-meeting", number)


@require_POST
def carry_on(request: HttpRequest, number: int) -> HttpResponse:
    """Leave a child to the next meeting, and go to the next that waits."""
    room, opened = enter_item(request, number)
    seen = request.POST.get("version", "")
    if not seen.isdecimal():
        raise Conflict("This page was out of date. Look at the child again, then carry it over.")
    carry(item=opened, seen_version=int(seen), by=room.user)
    messages.success(request, "Carried to the next meeting.")
    return redirect(next_address(room, opened))


@require_http_methods(METHODS)
def say(request: HttpRequest, number: int) -> HttpResponse:
    """Add one's agency's words to the discussion of a child: a note of the day, marked."""
    room, opened = enter_item(request, number)
    require(room.user, Permission.NOTES_RECORD, opened)
    if room.meeting.finished_at is not None:
        raise RuleBroken("meeting.finished", "This meeting is finished. Write a note instead.")
    address = reverse("risk-meeting-item", args=[number])

    def act(form: WordForm) -> str:
        written = Written(
            happened_on=room.meeting.held_on,
            text=form.cleaned_data["text"],
            kind=DISCUSSION,
            with_whom=room.meeting.series.name,
            seen_by=form.cleaned_data["seen_by"],
        )
        write_note(child=opened.child, episode=opened.episode, written=written, by=room.user)
        return f"{address}#discussion"

    sheet = Sheet(
        title=f"{opened.child.reference} Discussion",
        heading=f"Add to the discussion of {opened.child.reference}",
        button="Add",
        back=address,
        done="Added to the discussion.",
    )
    return record_by_form(
        request, form=WordForm, sheet=sheet, stored=lambda: Stored({"seen_by": HUB}), act=act
    )
