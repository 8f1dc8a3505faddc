"""Finishing a meeting: what is undecided is listed first, then carried to the next."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hub.access.gate import require
from hub.access.rules import Permission
from risk.meetings.actions import finish_meeting
from risk.meetings.models import MeetingItem
from risk.meetings.views.agenda import AgendaRow, rows_of
from risk.meetings.views.deciding import METHODS
from risk.meetings.views.frame import Head, enter, head_of


@dataclass(frozen=True)
class FinishPage:
    """The question before the end: what would be carried."""

    head: Head
    undecided: list[AgendaRow]


@require_http_methods(METHODS)
def finish(request: HttpRequest, number: int) -> HttpResponse:
    """Ask, with what is undecided, and finish the meeting."""
    room = enter(request, number)
    require(room.user, Permission.MEETINGS_HOLD, room.meeting)
    if request.method != "POST":
        waits = MeetingItem.State.WAITING
        pairs = zip(room.items, rows_of(room), strict=True)
        undecided = [row for item, row in pairs if item.state == waits]
        page = FinishPage(head_of(room), undecided)
        return render(request, "meetings/finish.html", {"page": page})
    carried = finish_meeting(meeting=room.meeting, by=room.user)
    many = {0: "Nothing is", 1: "One child is"}.get(carried, f"{carried} children are")
    messages.success(request, f"The meeting is finished. {many} carried to the next.")
    return redirect("risk-meeting-minutes", number)
