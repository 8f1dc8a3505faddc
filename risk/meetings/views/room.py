"""The projected screen: only what every agency at the table may see; whoever joins takes lines away first."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.access.rules import ROLES, Permission
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import LONDON, age_on
from partners.agencies.models import Agency
from partners.agencies.rules import ROLES_OF
from partners.services.models import Service
from referrals.grants.models import Restriction, Sight
from referrals.notes.models import Note
from risk.meetings.models import Attendance, MeetingItem
from risk.meetings.rules.room import Marked, Present, case_fits, child_fits, fit_for_the_room
from risk.meetings.views.agenda import AgendaRow, rows_of
from risk.meetings.views.frame import Head, Room, enter, head_of
from risk.meetings.views.known import DISCUSSION

SEES_ALL = {
    kind
    for kind, roles in ROLES_OF.items()
    if any(Permission.CASES_VIEW in ROLES[role].permissions for role in roles)
}


@dataclass(frozen=True)
class Said:
    """A contribution that may be projected."""

    agency: str
    at: str
    text: str


@dataclass(frozen=True)
class OnTheWall:
    """A child on the projected screen; without a row's case where somebody present sees the name alone."""

    number: int
    name: str
    age: int
    row: AgendaRow | None
    said: list[Said]


@dataclass(frozen=True)
class RoomPage:
    """The projected screen: the child that waits first, and the others that may be named."""

    head: Head
    present: list[str]
    now: OnTheWall | None
    rows: list[OnTheWall]


@require_safe
def room_view(request: HttpRequest, number: int) -> HttpResponse:
    """Show the projected screen; it goes on the trail as shown to the room."""
    room = enter(request, number)
    page = room_page(room)
    record(
        event="meeting.projected",
        verb=Verb.CONSULTATION,
        what="meeting",
        reference=f"{room.meeting.series.code} {room.meeting.held_on.isoformat()}",
        at=room.now,
        by=room.user,
        after={"present": page.present},
    )
    return render(request, "meetings/room.html", {"page": page})


def room_page(room: Room) -> RoomPage:
    """Build the projected screen. The rows are numbered anew: what is left out leaves no gap."""
    present = present_of(room)
    there = [agency for agency, _name in present]
    shown = [item for item in room.items if child_fits(item.child_id, there)]
    full = {row.reference: row for row in rows_of(room)}
    words = _words(room, shown, there)
    rows = [
        _on_the_wall(room, item, number, full, there, words.get(item.pk, []))
        for number, item in enumerate(shown, 1)
    ]
    waiting = MeetingItem.State.WAITING
    states = [item.state for item in shown]
    first = states.index(waiting) if waiting in states else None
    return RoomPage(
        head=head_of(room),
        present=[name for _agency, name in present],
        now=None if first is None else rows[first],
        rows=rows,
    )


def present_of(room: Room) -> list[tuple[Present, str]]:
    """Give each agency at the table with what it may see: one question for each kind of thing."""
    there = Attendance.objects.visible_to(room.user).there().filter(meeting=room.meeting)
    rows = there.select_related("agency").order_by("agency__name")
    return as_present(room, [row.agency for row in rows])


def as_present(room: Room, agencies: list[Agency]) -> list[tuple[Present, str]]:
    """Give agencies with what each may see of this meeting's children."""
    children = [item.child_id for item in room.items]
    hidden = frozenset(
        Restriction.objects.visible_to(room.user)
        .in_force()
        .filter(child__in=children)
        .values_list("child_id", flat=True)
    )
    shown = _shown(room, [a for a in agencies if a.kind not in SEES_ALL], children)
    return [
        (Present(a.pk, a.kind in SEES_ALL, shown.get(a.pk, frozenset()), hidden), a.name)
        for a in agencies
    ]


def _shown(room: Room, agencies: list[Agency], children: list[int]) -> dict[int, frozenset[int]]:
    """Give the children that a grant to the agency or one of its services shows."""
    if not agencies:
        return {}
    of_group = {agency.group_id: agency.pk for agency in agencies}
    services = Service.objects.visible_to(room.user).filter(agency__in=agencies)
    of_group |= dict(services.values_list("group_id", "agency_id"))
    sights = Sight.objects.visible_to(room.user).filter(audience__in=of_group, child__in=children)
    found: dict[int, set[int]] = {}
    for audience, child, expires in sights.values_list("audience", "child_id", "expires_at"):
        if expires is None or expires > room.now:
            found.setdefault(of_group[audience], set()).add(child)
    return {agency: frozenset(numbers) for agency, numbers in found.items()}


def _words(room: Room, items: list[MeetingItem], there: list[Present]) -> dict[int, list[Said]]:
    """Give what was said of each child that everybody present may read."""
    notes = Note.objects.visible_to(room.user).known()
    said = notes.filter(
        episode__in=[item.episode_id for item in items],
        kind=DISCUSSION,
        happened_on=room.meeting.held_on,
    )
    of_episode = {item.episode_id: item.pk for item in items}
    found: dict[int, list[Said]] = {}
    for note in said.select_related("agency").order_by("known_from", "pk"):
        marked = Marked(note.agency_id, note.seen_by, note.for_agencies)
        if note.episode_id is not None and fit_for_the_room(note.child_id, marked, there):
            line = Said(
                agency=note.agency.name if note.agency else "",
                at=f"{note.known_from.astimezone(LONDON):%H:%M}",
                text=note.text,
            )
            found.setdefault(of_episode[note.episode_id], []).append(line)
    return found


def _on_the_wall(
    room: Room,
    item: MeetingItem,
    number: int,
    full: dict[str, AgendaRow],
    there: list[Present],
    said: list[Said],
) -> OnTheWall:
    whole = case_fits(item.child_id, there)
    return OnTheWall(
        number=number,
        name=f"{item.child.forenames} {item.child.surname}",
        age=age_on(item.child.date_of_birth, room.meeting.held_on),
        row=full[item.child.reference] if whole else None,
        said=said,
    )
