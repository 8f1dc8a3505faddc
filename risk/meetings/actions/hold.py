"""Holding a meeting: opening it with its agenda, who is there, who records and who chairs, finishing it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import LONDON, london_date
from hub.errors import Conflict, RuleBroken
from hub.facts.moments import write_moment
from partners.agencies.models import Agency
from risk.meetings.models import Attendance, Meeting, MeetingItem, MeetingSeries
from risk.meetings.queries.entries import Entry

IDLE = timedelta(minutes=3)
FINISHED = "This meeting is finished. What it decided is corrected by the panel."
NOT_YET = "This meeting lies ahead. It is opened on its day."
AT_WORK = (
    "Somebody else records at the moment. Take over after three idle minutes, or as the chair."
)
NO_ITEM = "This is decided or carried already. Look at what was recorded."


@transaction.atomic
def open_meeting(
    *, series: MeetingSeries, day: date, entries: Iterable[Entry], by: User
) -> Meeting:
    """Open the meeting of a day with its agenda; one that is open already is given as it is.

    Whoever opens it records. A past day's is opened to enter what was decided without power. Raises
    NotAllowed; RuleBroken for a day that lies ahead.
    """
    require(by, Permission.MEETINGS_HOLD, series)
    now = write_moment(series.partnership_id)
    if day > london_date(now):
        raise RuleBroken("meeting.ahead", NOT_YET, "day")
    there = Meeting.objects.filter(series=series, held_on=day).first()
    if there is not None:
        return there
    meeting = Meeting.objects.create(
        partnership_id=series.partnership_id,
        series=series,
        held_on=day,
        opened_at=now,
        recorder=by,
        recorded_at=now,
    )
    _add(meeting, entries)
    _note("meeting.opened", Verb.COLLECTION, meeting, now, by)
    return meeting


@transaction.atomic
def add_to_agenda(*, meeting: Meeting, entries: Iterable[Entry], by: User) -> int:
    """Put on the agenda what has come since; what is on it stays as it is. Give how many came."""
    require(by, Permission.MEETINGS_HOLD, meeting)
    now = write_moment(meeting.partnership_id)
    check_running(meeting)
    added = _add(meeting, entries)
    if added:
        _touch(meeting, now)
        _note("meeting.agenda_grew", Verb.ALTERATION, meeting, now, by)
    return added


def _add(meeting: Meeting, entries: Iterable[Entry]) -> int:
    there = MeetingItem.objects.filter(meeting=meeting)
    known = set(there.values_list("episode_id", flat=True))
    fresh = [entry for entry in entries if entry.episode.pk not in known]
    MeetingItem.objects.bulk_create(
        MeetingItem(
            partnership_id=meeting.partnership_id,
            meeting=meeting,
            number=number,
            child_id=entry.episode.child_id,
            episode=entry.episode,
            proposal=entry.proposal,
            group=entry.group,
            why=list(entry.why),
        )
        for number, entry in enumerate(fresh, _last_number(meeting) + 1)
    )
    return len(fresh)


def _last_number(meeting: Meeting) -> int:
    """Give the last number on the agenda, be it of a child who is hidden from the person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT risk_last_item(%s)", [meeting.pk])
        last: int = cursor.fetchone()[0]
    return last


@transaction.atomic
def attend(*, meeting: Meeting, agencies: Collection[int], by: User) -> None:
    """Say which agencies are at the table now: whoever is new has come, whoever is not named has left.

    Raises NotAllowed; RuleBroken for an agency of another partnership and for a finished meeting.
    """
    require(by, Permission.MEETINGS_HOLD, meeting)
    now = write_moment(meeting.partnership_id)
    check_running(meeting)
    known = Agency.objects.filter(partnership=meeting.partnership_id, pk__in=agencies)
    if known.count() != len(set(agencies)):
        raise RuleBroken("meeting.agencies", "Choose agencies of this hub.", "agencies")
    at = _at(meeting, now)
    there = Attendance.objects.there().filter(meeting=meeting)
    there.exclude(agency__in=agencies).update(left_at=at)
    at_table = set(there.values_list("agency_id", flat=True))
    Attendance.objects.bulk_create(
        Attendance(partnership_id=meeting.partnership_id, meeting=meeting, agency_id=pk, came_at=at)
        for pk in sorted(set(agencies) - at_table)
    )
    _touch(meeting, now)
    _note("meeting.attended", Verb.ALTERATION, meeting, now, by, sorted(set(agencies)))


def _at(meeting: Meeting, now: datetime) -> datetime:
    """Give when who is named came: now, or of a past day, which is entered afterwards, its beginning."""
    if meeting.held_on == london_date(now):
        return now
    return datetime.combine(meeting.held_on, meeting.series.starts_at, LONDON)


@transaction.atomic
def take_chair(*, meeting: Meeting, by: User) -> None:
    """Chair the meeting from now on. Raises NotAllowed for one who does not record levels."""
    require(by, Permission.LEVELS_RECORD, meeting)
    now = write_moment(meeting.partnership_id)
    check_running(meeting)
    Meeting.objects.filter(pk=meeting.pk).update(chair=by)
    _touch(meeting, now)
    _note("meeting.chaired", Verb.ALTERATION, meeting, now, by)


@transaction.atomic
def take_over(*, meeting: Meeting, by: User) -> None:
    """Record from now on: after three idle minutes of the recorder, or at once as the chair.

    Raises NotAllowed; RuleBroken while somebody else is at work.
    """
    require(by, Permission.MEETINGS_HOLD, meeting)
    now = write_moment(meeting.partnership_id)
    present = check_running(meeting)
    idle = now - present.recorded_at >= IDLE
    if present.recorder_id != by.pk and not idle and present.chair_id != by.pk:
        raise RuleBroken("meeting.at_work", AT_WORK)
    Meeting.objects.filter(pk=meeting.pk).update(recorder=by, recorded_at=now)
    _touch(meeting, now)
    _note("meeting.taken_over", Verb.ALTERATION, meeting, now, by)


@transaction.atomic
def carry(*, item: MeetingItem, seen_version: int, by: User) -> None:
    """Leave an item to the next meeting. Raises NotAllowed, RuleBroken, and Conflict where it changed."""
    require(by, Permission.MEETINGS_HOLD, item)
    now = write_moment(item.partnership_id)
    check_running(item.meeting)
    settle_item(item, seen_version, MeetingItem.State.CARRIED)
    _touch(item.meeting, now)
    _note("meeting.carried", Verb.ALTERATION, item.meeting, now, by, [item.number])


@transaction.atomic
def finish_meeting(*, meeting: Meeting, by: User) -> int:
    """Finish a meeting: what is undecided is carried to the next. Give how many were carried.

    Raises NotAllowed, and RuleBroken for one that is finished.
    """
    require(by, Permission.MEETINGS_HOLD, meeting)
    now = write_moment(meeting.partnership_id)
    check_running(meeting)
    carried = MeetingItem.objects.filter(meeting=meeting).undecided()
    many = carried.update(state=MeetingItem.State.CARRIED, version=F("version") + 1)
    Meeting.objects.filter(pk=meeting.pk).update(finished_at=now)
    _touch(meeting, now)
    _note("meeting.finished", Verb.ALTERATION, meeting, now, by, [many])
    return many


def check_running(meeting: Meeting) -> Meeting:
    """Give the meeting as it stands under the lock; raise RuleBroken for one that is finished."""
    present = Meeting.objects.get(pk=meeting.pk)
    if present.finished_at is not None:
        raise RuleBroken("meeting.finished", FINISHED)
    return present


def settle_item(item: MeetingItem, seen_version: int, state: str) -> None:
    """Move an item that waits, if nobody changed it since it was seen. Raises Conflict otherwise."""
    waiting = MeetingItem.objects.undecided().filter(pk=item.pk, version=seen_version)
    if not waiting.update(state=state, version=F("version") + 1):
        raise Conflict(NO_ITEM)


def touched(meeting: Meeting, now: datetime) -> None:
    """Tell the other screens that something changed, by the recorder's hand."""
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1, recorded_at=now)


def _touch(meeting: Meeting, now: datetime) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)


def _note(
    event: str,
    verb: Verb,
    meeting: Meeting,
    now: datetime,
    by: User,
    what: list[int] | None = None,
) -> None:
    record(
        event=event,
        verb=verb,
        what="meeting",
        reference=f"{meeting.series.code} {meeting.held_on.isoformat()}",
        at=now,
        by=by,
        partnership_id=meeting.partnership_id,
        after={"which": what} if what is not None else None,
    )
