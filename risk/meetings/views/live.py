"""What changed at a meeting since a screen last asked: nothing (204), or the regions of it anew."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.accounts.http import signed_in
from risk.meetings.models import Meeting, MeetingItem
from risk.meetings.views.agenda import groups_of, kind_of
from risk.meetings.views.frame import enter, head_of
from risk.meetings.views.item import decided_of
from risk.meetings.views.known import words_of
from risk.meetings.views.room import room_page


@require_safe
def live(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a screen that asks again and again; it is no view of a record, so it is not on the trail."""
    if _unchanged(request, number):
        return HttpResponse(status=204)
    room = enter(request, number)
    asked = request.GET.get("item", "")
    opened = room.item(int(asked)) if asked.isdecimal() else None
    kind = kind_of(request)
    context = {
        "head": head_of(room),
        "groups": groups_of(room, opened.pk if opened else None, kind),
        "kind": kind,
        "item": opened.pk if opened else "",
        "words": words_of(room, opened) if opened else [],
        "decided": decided_of(room, opened) if opened else None,
        "waits": opened is not None and opened.state == MeetingItem.State.WAITING,
    }
    return render(request, "meetings/live.html", context)


@require_safe
def live_room(request: HttpRequest, number: int) -> HttpResponse:
    """Answer the projected screen."""
    if _unchanged(request, number):
        return HttpResponse(status=204)
    return render(request, "meetings/room_part.html", {"page": room_page(enter(request, number))})


def _unchanged(request: HttpRequest, number: int) -> bool:
    """Say whether the screen has the meeting's present version; 404 where the meeting is not shown."""
    meetings = Meeting.objects.visible_to(signed_in(request)).filter(pk=number)
    version = meetings.values_list("version", flat=True).first()
    if version is None:
        raise Http404
    return request.GET.get("v", "") == str(version)
