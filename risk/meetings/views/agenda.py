"""The agenda of a meeting: every child once, in the fixed order of the day's list, with why and its state."""

from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.audit.actions import record
from hub.audit.models import Verb
from hub.codes.rules import code_list
from hub.days.rules import LONDON, age_on, london_date
from hub.templatetags.hub import LOOKS
from referrals.checks.queries import stands_among
from referrals.checks.rules import Stand
from risk.agenda.rules import window_of
from risk.meetings.models import MeetingDecision, MeetingItem, MeetingSeries
from risk.meetings.queries.entries import BY_HAND, without_episode
from risk.meetings.queries.narrowing import interviews_owed, of_kind
from risk.meetings.rules.effects import CLOSE, NOT_DECIDED
from risk.meetings.views.frame import Head, Room, enter, head_of
from risk.places.queries import Place, places_of
from risk.proposals.models import Proposal
from risk.proposals.rules import WORDS, Settling

GROUPS = {
    "missing": "Missing since the last meeting, or still missing",
    "new_referrals": "New referrals",
    "new_information": "New information",
    "reviews": "Reviews due",
    "carried": "Carried over",
    BY_HAND: "Added at the meeting",
    **{kind.value: words for kind, words in WORDS.items()},
    "level": "Open cases",
}
KINDS_LIST = "exploitation_types"
OUTCOMES = {
    CLOSE: "Closing proposed",
    NOT_DECIDED: "Not decided yet",
    Settling.RATIFY: "Ratified",
    Settling.NOT_YET: "Not yet: stays proposed",
    Settling.OTHER_LEVEL: "Another level set",
}


@dataclass(frozen=True)
class AgendaRow:
    """A child on the agenda. `outcome` is in words, empty while it waits; `here` marks the open one."""

    number: int
    name: str
    age: int
    reference: str
    level: str
    why: list[str]
    checks: str
    lead: str
    state: str
    carried: bool
    outcome: str
    address: str
    here: bool


@dataclass(frozen=True)
class Group:
    """Rows that are there for the same reason."""

    words: str
    rows: list[AgendaRow]


@dataclass(frozen=True)
class Chair:
    """An agency that may be at the table, and whether it is."""

    number: int
    name: str
    there: bool


@dataclass(frozen=True)
class Without:
    """A child of the day's list of whom nothing can be decided: no episode is open."""

    name: str
    reference: str
    address: str
    why: str


@dataclass(frozen=True)
class Kind:
    """A kind of exploitation that the agenda may be narrowed to."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Slot:
    """When the missing coordinator comes, and after which returns an interview is owed."""

    at: time
    owed: list[tuple[str, str, str, datetime]]


@dataclass(frozen=True)
class AgendaPage:
    """The page: the rows in their groups, who has no episode, and which agencies are there.

    `kind` is the kind of exploitation that it is narrowed to, `slot` None where no coordinator comes.
    `places` are those put forward of which no meeting has spoken.
    """

    head: Head
    kinds: list[Kind]
    kind: str
    slot: Slot | None
    groups: list[Group]
    without: list[Without]
    places: list[Place]
    seats: list[Chair]


@require_safe
def agenda(request: HttpRequest, number: int) -> HttpResponse:
    """Show the agenda; which children were on it goes on the trail."""
    room = enter(request, number)
    without, slot, kind = _without(room), _slot(room), kind_of(request)
    places = _places(room)
    record(
        event="meeting.viewed",
        verb=Verb.CONSULTATION,
        what="meeting",
        reference=f"{room.meeting.series.code} {room.meeting.held_on.isoformat()}",
        at=room.now,
        by=room.user,
        after={"episodes": [item.episode.reference for item in room.items]},
        about=[
            *(item.child.reference for item in room.items),
            *(child.reference for child in without),
            *(reference for _name, reference, _address, _found in (slot.owed if slot else [])),
            *(place.reference for place in places),
        ],
    )
    page = AgendaPage(
        head=head_of(room),
        kinds=[Kind(e.code, e.label, e.code == kind) for e in code_list(KINDS_LIST).values()],
        kind=kind,
        slot=slot,
        groups=groups_of(room, kind=kind),
        without=without,
        places=places,
        seats=_seats(room),
    )
    return render(request, "meetings/agenda.html", {"page": page})


def kind_of(request: HttpRequest) -> str:
    """Read which kind of exploitation is asked for; what is not in the list asks for none."""
    asked = request.GET.get("type", "")
    return asked if asked in code_list(KINDS_LIST) else ""


def _slot(room: Room) -> Slot | None:
    at = room.meeting.series.missing_slot(room.meeting.held_on)
    if at is None:
        return None
    days = room.meeting.series.partnership.interview_days
    owed = interviews_owed(room.user, room.meeting.held_on, room.now, days)
    return Slot(
        at,
        [
            (
                f"{row.child.surname}, {row.child.forenames}",
                row.child.reference,
                reverse("risk-child-summary", args=[row.child_id]),
                row.found_at.astimezone(LONDON),
            )
            for row in owed
            if row.found_at is not None
        ],
    )


def _places(room: Room) -> list[Place]:
    """Give the places that wait for the meeting; the panel, which settles proposals, looks at none."""
    meeting = room.meeting
    running = meeting.finished_at is None and meeting.series.takes != MeetingSeries.Takes.PROPOSALS
    return places_of(room.user, meeting.held_on) if running else []


def _without(room: Room) -> list[Without]:
    """Name who stands on today's list and not on the agenda; an earlier day's list is not made again."""
    meeting = room.meeting
    of_today = meeting.held_on == london_date(room.now) and meeting.finished_at is None
    if meeting.series.takes != MeetingSeries.Takes.DAYS_LIST or not of_today:
        return []
    window = window_of(meeting.held_on, meeting.series.partnership.meets_at)
    return [
        Without(
            name=f"{child.surname}, {child.forenames}",
            reference=child.reference,
            address=reverse("risk-child-summary", args=[child.pk]),
            why=". ".join(why),
        )
        for child, why in without_episode(window, room.user, room.kept)
    ]


def groups_of(room: Room, here: int | None = None, kind: str = "") -> list[Group]:
    """Build the rows in their groups, in the agenda's order; narrowed, each keeps its number."""
    episodes = [item.episode_id for item in room.items]
    kept = of_kind(room.user, episodes, kind) if kind else set(episodes)
    pairs = zip(room.items, rows_of(room, here), strict=True)
    rows = [(item.group, row) for item, row in pairs if item.episode_id in kept]
    order = list(GROUPS)
    in_order = sorted(rows, key=lambda pair: order.index(pair[0]) if pair[0] in order else 99)
    return [
        Group(GROUPS.get(name, name), [row for _name, row in of_group])
        for name, of_group in groupby(in_order, key=lambda pair: pair[0])
    ]


def rows_of(room: Room, here: int | None = None) -> list[AgendaRow]:
    """Build a row for each item that the person may see."""
    stands = stands_among(room.checks, room.now)
    return [
        _row(room, item, number, room.decisions.get(item.pk), stands.get(item.episode_id), here)
        for number, item in enumerate(room.items, 1)
    ]


def _row(
    room: Room,
    item: MeetingItem,
    number: int,
    said: MeetingDecision | None,
    stand: Stand | None,
    here: int | None,
) -> AgendaRow:
    child, episode = item.child, item.episode
    return AgendaRow(
        number=number,
        name=f"{child.surname}, {child.forenames}",
        age=age_on(child.date_of_birth, room.meeting.held_on),
        reference=child.reference,
        level=episode.level,
        why=list(item.why),
        checks=stand.back if stand else "",
        lead=episode.lead_worker,
        state=MeetingItem.State(item.state).label,
        carried=item.state == MeetingItem.State.CARRIED,
        outcome=outcome_words(said) if said else "",
        address=reverse("risk-meeting-item", args=[item.pk]),
        here=item.pk == here,
    )


def outcome_words(said: MeetingDecision) -> str:
    """Say what was decided in a word or two."""
    if said.outcome in OUTCOMES:
        return OUTCOMES[said.outcome]
    level = level_word(said.outcome)
    if said.effect == "closes":
        return f"{level}, closed"
    return f"{level} proposed" if said.effect == "proposed" else level


def level_word(level: str) -> str:
    """Give a level's word."""
    return LOOKS[level].label if level in LOOKS else level


def change_words(proposal: Proposal) -> str:
    """Say what is proposed, and why."""
    to = level_word(proposal.to_level) if proposal.to_level else "closed"
    return f"From {level_word(proposal.from_level)} to {to}. {proposal.words}"


def _seats(room: Room) -> list[Chair]:
    present = {seat.agency_id for seat in room.there}
    return [Chair(agency.pk, agency.name, agency.pk in present) for agency in room.seats]
