"""What stands around every page of a meeting: which it is, who records, who is there, how far it has come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.days.rules import LONDON, london_date
from partners.agencies.models import Agency
from referrals.checks.models import AgencyCheck
from referrals.joinings.queries import all_kept, records_of
from risk.meetings.actions import IDLE
from risk.meetings.models import Attendance, Meeting, MeetingDecision, MeetingItem
from risk.meetings.queries.room import Told, read_meeting
from risk.meetings.rules.quorum import absent
from risk.meetings.rules.times import held_later

KINDS = dict(Agency.Kind.choices)
ABOUT_EACH = timedelta(minutes=2)


@dataclass(frozen=True)
class Head:
    """The line at the top. `left` of `total` wait; `lacking` are the kinds of agency the quorum misses.

    `entered_on`: when it was put into the system, where that was on a later day. `may_take_over`: the person
    may record from now on; `may_lead`: they may open, finish and say who is there; `may_decide`: they record
    here and now.
    """

    number: int
    version: int
    name: str
    held_on: datetime
    entered_on: date | None
    finished: bool
    settles: bool
    recorder: str
    chair: str
    here: list[str]
    lacking: list[str]
    decided: int
    left: int
    total: int
    may_lead: bool
    may_decide: bool
    may_take_over: bool
    may_chair: bool
    address: str

    @property
    def progress(self) -> str:
        """Say how far it has come, and about how long the rest takes."""
        done = f"{self.decided} of {self.total} decided"
        if not self.left:
            return done
        return f"{done}, {self.left} left, about 2 minutes each"


@dataclass(frozen=True)
class Room:
    """A meeting with the person who looks at it, and what of it they may see.

    `items` in their order, `there` the agencies at the table and `seats` those that may be, by their names,
    `decisions` those that stand, by their item, `checks` what was asked of the episodes on the agenda.
    """

    request: HttpRequest
    user: User
    meeting: Meeting
    items: list[MeetingItem]
    there: list[Attendance]
    seats: list[Agency]
    decisions: dict[int, MeetingDecision]
    checks: list[AgencyCheck]
    now: datetime

    @property
    def place(self) -> dict[int, int]:
        """Number the items as this person sees them: nothing tells of one that is hidden from them."""
        return {item.pk: number for number, item in enumerate(self.items, 1)}

    def item(self, number: int) -> MeetingItem:
        """Give an item of this meeting; 404 for one that is not there or not shown."""
        found = next((item for item in self.items if item.pk == number), None)
        if found is None:
            raise Http404
        found.meeting = self.meeting
        return found

    @cached_property
    def kept(self) -> dict[int, int]:
        """The records that are joined to others: read once."""
        return all_kept(self.user)

    @property
    def kinds_there(self) -> set[str]:
        """The kinds of agency at the table, which the quorum asks for."""
        return {seat.agency.kind for seat in self.there}

    def checks_on(self, item: MeetingItem) -> list[AgencyCheck]:
        """Give what was asked of an item's episode."""
        return [check for check in self.checks if check.episode_id == item.episode_id]

    def records_of(self, item: MeetingItem) -> list[int]:
        """Give the records of an item's child, as far as the person sees them: those joined to it too."""
        return records_of(self.kept, [self.kept.get(item.child_id, item.child_id)])

    @property
    def next_waiting(self) -> MeetingItem | None:
        """Give the first item that waits."""
        waiting = MeetingItem.State.WAITING
        return next((item for item in self.items if item.state == waiting), None)


def enter(request: HttpRequest, number: int) -> Room:
    """Open a meeting for a person; 404 where it is not shown to them."""
    return _entered(request, read_meeting(signed_in(request), number=number))


def _entered(request: HttpRequest, told: Told | None) -> Room:
    if told is None:
        raise Http404
    if told.meeting.finished_at is not None:
        _carried(told.items)
    return Room(
        request=request,
        user=signed_in(request),
        meeting=told.meeting,
        items=told.items,
        there=told.there,
        seats=told.seats,
        decisions={said.item_id: said for said in told.decisions},
        checks=told.checks,
        now=timezone.now(),
    )


def _carried(items: list[MeetingItem]) -> None:
    """Show as carried what still waits at a finished meeting.

    Whoever finished it did not see the item (a restricted record), and so could not carry it. Nothing is
    written over the wall: the next list is made of what is undecided, for each reader.
    """
    for item in items:
        if item.state == MeetingItem.State.WAITING:
            item.state = MeetingItem.State.CARRIED


def enter_item(request: HttpRequest, number: int) -> tuple[Room, MeetingItem]:
    """Open a meeting at one of its items; 404 where that is not shown to the person."""
    room = _entered(request, read_meeting(signed_in(request), item=number))
    return room, room.item(number)


def head_of(room: Room) -> Head:
    """Build the line at the top."""
    meeting, standing = room.meeting, standing_of(room.user)
    waits = sum(item.state == MeetingItem.State.WAITING for item in room.items)
    decided = sum(item.state == MeetingItem.State.DECIDED for item in room.items)
    running = meeting.finished_at is None
    leads = running and standing is not None and standing.may(Permission.MEETINGS_HOLD)
    records = running and standing is not None and standing.may(Permission.LEVELS_RECORD)
    mine = meeting.recorder_id == room.user.pk
    idle = room.now - meeting.recorded_at >= IDLE
    chairs = meeting.chair_id == room.user.pk
    late = held_later(meeting.held_on, meeting.opened_at)
    lacking = absent(meeting.series.quorum, room.kinds_there)
    return Head(
        number=meeting.pk,
        version=meeting.version,
        name=meeting.series.name,
        entered_on=london_date(meeting.opened_at) if late else None,
        held_on=datetime.combine(meeting.held_on, meeting.series.starts_at, LONDON),
        finished=not running,
        settles=meeting.series.settles,
        recorder=meeting.recorder.name,
        chair=meeting.chair.name if meeting.chair else "",
        here=[seat.agency.name for seat in room.there],
        lacking=[KINDS.get(kind, kind) for kind in lacking],
        decided=decided,
        left=waits,
        total=len(room.items),
        may_lead=leads,
        may_decide=records and mine,
        may_take_over=leads and not mine and (idle or chairs),
        may_chair=records and not chairs,
        address=reverse("risk-meeting", args=[meeting.pk]),
    )
