"""The minutes: what was decided, with its reason and its actions, as far as their reader may see it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import LONDON
from risk.meetings.models import Attendance, MeetingDecision, MeetingSeries, MeetingTask
from risk.meetings.views.agenda import AgendaRow, change_words, rows_of
from risk.meetings.views.dissent import dissent_of
from risk.meetings.views.frame import Head, Room, enter, head_of
from risk.meetings.views.item import parts_of, who_and_when
from risk.meetings.views.known import Word, words_of_many
from risk.places.queries import Place, discussed_on
from risk.proposals.rules import Settling


@dataclass(frozen=True)
class Spell:
    """An agency that was there, from when until when."""

    agency: str
    came: datetime
    left: datetime | None


@dataclass(frozen=True)
class Minute:
    """A child in the minutes; `said` tells who recorded the decision and when."""

    row: AgendaRow
    said: str
    rationale: str
    parts: list[tuple[str, str]]
    words: list[Word]
    tasks: list[MeetingTask]


@dataclass(frozen=True)
class MinutesPage:
    """The minutes of a meeting; `to_tell` says whether the reader tells referrers what came of it."""

    head: Head
    there: list[Spell]
    minutes: list[Minute]
    places: list[Place]
    to_tell: bool


@require_safe
def minutes(request: HttpRequest, number: int) -> HttpResponse:
    """Show the minutes; while the meeting runs, as far as it has come."""
    room = enter(request, number)
    page = minutes_page(room)
    record(
        event="meeting.minutes_read",
        verb=Verb.CONSULTATION,
        what="meeting",
        reference=f"{room.meeting.series.code} {room.meeting.held_on.isoformat()}",
        at=room.now,
        by=room.user,
        after={"episodes": [item.episode.reference for item in room.items]},
        about=[*(i.child.reference for i in room.items), *(p.reference for p in page.places)],
    )
    return render(request, "meetings/minutes.html", {"page": page})


def minutes_page(room: Room) -> MinutesPage:
    """Build the minutes with one question for each kind of thing."""
    decisions = MeetingDecision.objects.visible_to(room.user).known()
    rows = decisions.filter(item__meeting=room.meeting).select_related(
        "recorded_by", "proposal", "level"
    )
    said = {decision.item_id: decision for decision in rows}
    tasks: dict[int, list[MeetingTask]] = defaultdict(list)
    agreed = MeetingTask.objects.visible_to(room.user).filter(item__meeting=room.meeting)
    for task in agreed.select_related("agency").order_by("due_on", "pk"):
        tasks[task.item_id].append(task)
    words, dissent = words_of_many(room), dissent_of(said.values(), room.user)
    standing = standing_of(room.user)
    return MinutesPage(
        head=head_of(room),
        there=_there(room),
        minutes=[
            _minute(
                row,
                said.get(item.pk),
                words.get(item.episode_id, []),
                tasks[item.pk],
                dissent.get(item.proposal_id or 0, []),
            )
            for item, row in zip(room.items, rows_of(room), strict=True)
        ],
        places=places_in(room),
        to_tell=standing is not None and standing.may(Permission.REFERRALS_RECEIVE),
    )


def places_in(room: Room) -> list[Place]:
    """Give the places of which the meetings of that day spoke; the panel's minutes have none."""
    if room.meeting.series.takes == MeetingSeries.Takes.PROPOSALS:
        return []
    return discussed_on(room.user, room.meeting.held_on)


def _there(room: Room) -> list[Spell]:
    spells = Attendance.objects.visible_to(room.user).filter(meeting=room.meeting)
    rows = spells.select_related("agency").order_by("agency__name", "came_at")
    return [
        Spell(
            row.agency.name,
            row.came_at.astimezone(LONDON),
            row.left_at.astimezone(LONDON) if row.left_at else None,
        )
        for row in rows
    ]


def _settled(said: MeetingDecision) -> list[tuple[str, str]]:
    """Say what it was that the panel ratified or changed."""
    settles = said.outcome in list(Settling)
    return [("Proposed", change_words(said.proposal))] if settles and said.proposal else []


def _minute(
    row: AgendaRow,
    said: MeetingDecision | None,
    words: list[Word],
    tasks: list[MeetingTask],
    dissent: list[str],
) -> Minute:
    return Minute(
        row=row,
        said=who_and_when(said) if said else "",
        rationale=said.rationale if said else "",
        parts=[
            *(_settled(said) if said else []),
            *(parts_of(said) if said else []),
            *(("Dissent", view) for view in dissent),
        ],
        words=words,
        tasks=tasks,
    )
