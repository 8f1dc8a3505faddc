"""A meeting's papers: the minutes for one agency, and the list of a day to write on without power."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.days.rules import LONDON, age_on, london_date
from partners.agencies.models import Agency
from referrals.checks.queries import stands_of
from referrals.episodes.models import Episode
from referrals.measures.queries import left_to_do
from risk.levels.actions import CURRENT_SCALE
from risk.levels.models import choices_on
from risk.meetings.actions import take_out
from risk.meetings.documents import agenda_on_paper, minutes_on_paper
from risk.meetings.forms import PaperForm
from risk.meetings.models import MeetingItem, MeetingSeries
from risk.meetings.queries.entries import Entry, entries_for
from risk.meetings.rules.calendar import is_on, next_on
from risk.meetings.rules.paper import Due, Line, Minuted, OnPaper, Sheet, Told, minutes_for
from risk.meetings.rules.room import Present
from risk.meetings.views.agenda import change_words, level_word
from risk.meetings.views.deciding import METHODS
from risk.meetings.views.frame import Room, enter
from risk.meetings.views.item import OTHERS
from risk.meetings.views.minutes import Minute, MinutesPage, minutes_page
from risk.meetings.views.room import as_present
from risk.places.queries import Place, places_of

OWN_ALONE = "It holds what you may see and that agency may see; nothing of a restricted record."
TO_WRITE_ON = (
    "Print it the evening before, or in the morning. What is decided on it is entered afterwards, with the "
    "time at which it was decided."
)


@dataclass(frozen=True)
class PaperPage:
    """What stands around the question for whom it is."""

    heading: str
    says: str
    back: str


@require_http_methods(METHODS)
def minutes_paper(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for which agency and whom, and hand the minutes out as a PDF."""
    room = enter(request, number)
    agencies = _agencies(room)
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        label="For which agency?",
        choices=[(str(agency.pk), agency.name) for agency in agencies],
    )
    if not form.is_valid():
        heading = f"Minutes of {room.meeting.series.name}, {_in_full(room.meeting.held_on)}"
        back = reverse("risk-meeting-minutes", args=[number])
        return _ask(request, form, PaperPage(heading, OWN_ALONE, back))
    [agency] = [each for each in agencies if str(each.pk) == form.cleaned_data["which"]]
    content = _minutes_of(room, agency, form.cleaned_data["recipient"])
    return _file(
        content, f"minutes-{_name(room.meeting.series, room.meeting.held_on)}-{agency.code}"
    )


def _agencies(room: Room) -> list[Agency]:
    """Who leads a meeting sends its minutes to each agency; everybody takes the own agency's."""
    standing = standing_of(room.user)
    agencies = Agency.objects.visible_to(room.user).filter(partnership=room.meeting.partnership_id)
    if standing is None or not standing.may(Permission.MEETINGS_HOLD):
        own = standing.agency_id if standing else None
        agencies = agencies.filter(pk=own or 0)
    return list(agencies.exclude(kind=Agency.Kind.BOARD).order_by("name"))


def _minutes_of(room: Room, agency: Agency, recipient: str) -> bytes:
    [(present, name)] = as_present(room, [agency])
    page = minutes_page(room)
    shown = [item for item in room.items if present.sees_child(item.child_id)]
    places = [place for place in page.places if _for(present, place)]
    now = take_out(
        series=room.meeting.series,
        day=room.meeting.held_on,
        what=f"Minutes of {room.meeting.series.name} for {name}",
        recipient=recipient,
        children=[item.child for item in shown],
        besides=[place.reference for place in places],
        by=room.user,
    )
    pairs = zip(room.items, page.minutes, strict=True)
    head = page.head
    chair = f" Chair: {head.chair}." if head.chair else ""
    return minutes_on_paper(
        Sheet(
            title=f"Minutes: {head.name}, {_in_full(room.meeting.held_on)}",
            dated=london_date(now).isoformat(),
            taken=_taken(room.user, recipient, now),
            notes=[f"For {name}. Recorder: {head.recorder}.{chair}", *_unfinished(page)],
            there=[_spell(spell.agency, spell.came, spell.left) for spell in page.there],
            children=minutes_for(present, [_minuted(item, minute) for item, minute in pairs]),
            places=_on_paper(places),
        )
    )


def _for(present: Present, place: Place) -> bool:
    """Places are for those who see whole cases."""
    return present.sees_all and not place.tells_of_child


def _unfinished(page: MinutesPage) -> list[str]:
    said = [] if page.head.finished else ["The meeting is not finished yet."]
    on = page.head.entered_on
    return [*said, *([f"It was entered later, from {_in_full(on)}."] if on else [])]


def _spell(agency: str, came: datetime, left: datetime | None) -> str:
    return f"{agency}, from {came:%H:%M}" + (f" to {left:%H:%M}" if left else "")


def _minuted(item: MeetingItem, minute: Minute) -> Minuted:
    row = minute.row
    told = [
        Told((f"{word.agency or word.by}, {word.at:%H:%M}", word.text), word.marked)
        for word in minute.words
    ]
    due = [
        Due(
            ("Action", f"{task.what}: {task.agency.name}, by {_in_full(task.due_on)}"),
            task.agency_id,
        )
        for task in minute.tasks
    ]
    decided = ". ".join(filter(None, (row.outcome or row.state, minute.said)))
    reason: list[Line] = [("Reason", minute.rationale)] if minute.rationale else []
    case = [("Why", ". ".join(row.why)), ("Decision", decided), *reason, *minute.parts]
    return Minuted(item.child_id, f"{row.name}, {row.age} ({row.reference})", case, told, due)


@require_http_methods(METHODS)
def agenda_paper(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for which day and whom, and hand the list out as a PDF with room to write."""
    user = signed_in(request)
    series = MeetingSeries.objects.visible_to(user).filter(pk=number).first()
    if series is None:
        raise Http404
    require(user, Permission.CASES_VIEW, series)
    days = _days_of(series, london_date(timezone.now()))
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        label="Of which day?",
        choices=[(day.isoformat(), _in_full(day)) for day in days],
    )
    if not form.is_valid():
        page = PaperPage(f"The list of {series.name}", TO_WRITE_ON, reverse("risk-meetings"))
        return _ask(request, form, page)
    day = date.fromisoformat(form.cleaned_data["which"])
    content = _agenda_of(series, day, form.cleaned_data["recipient"], user)
    return _file(content, f"list-{_name(series, day)}")


def _days_of(series: MeetingSeries, today: date) -> list[date]:
    """Give today, if it is held today or nothing else is planned, and the next day that it is held on."""
    following = next_on(series.rhythm, date.fromordinal(today.toordinal() + 1))
    days = [today] if is_on(series.rhythm, today) or following is None else []
    return [*days, *([following] if following else [])]


def _agenda_of(series: MeetingSeries, day: date, recipient: str, user: User) -> bytes:
    entries = entries_for(series, day, user)
    listed = [] if series.settles else places_of(user, day)
    # A referral that tells of a child goes on no paper as a place: no disclosure would say so.
    places = [place for place in listed if not place.tells_of_child]
    now = take_out(
        series=series,
        day=day,
        what=f"The list of {series.name}",
        recipient=recipient,
        children=[entry.episode.child for entry in entries],
        besides=[place.reference for place in places],
        by=user,
    )
    agencies = Agency.objects.visible_to(user).filter(partnership=series.partnership_id)
    named = agencies.exclude(kind=Agency.Kind.BOARD).order_by("name")
    levels = [label for _code, label in reversed(choices_on(CURRENT_SCALE))]
    panel = ["Ratify", "Another level: which", "Not yet"]
    return agenda_on_paper(
        Sheet(
            title=f"{series.name}, {_in_full(day)}",
            dated=london_date(now).isoformat(),
            taken=_taken(user, recipient, now),
            notes=["Enter what is decided afterwards, with the time, and then destroy this paper."],
            there=list(named.values_list("name", flat=True)),
            children=_listed(entries, day, now, user),
            places=_on_paper(places),
            outcomes=panel if series.settles else [*levels, *(label for _code, label in OTHERS)],
        )
    )


def _on_paper(places: list[Place]) -> list[OnPaper]:
    return [
        OnPaper(
            heading=f"{place.reference} {place.called}",
            lines=[
                ("Why", f"{place.because} Put forward by {place.by}"),
                *([("Said", place.came_of_it)] if place.came_of_it else []),
            ],
        )
        for place in places
    ]


def _listed(entries: list[Entry], day: date, now: datetime, user: User) -> list[OnPaper]:
    episodes = [entry.episode for entry in entries]
    stands = stands_of(user, [episode.pk for episode in episodes], now)
    left = left_to_do(user, episodes)
    return [
        _on_list(number, entry, day, _checks(stands.get(entry.episode.pk)), left)
        for number, entry in enumerate(entries, start=1)
    ]


def _checks(stand: object) -> str:
    return str(getattr(stand, "back", "")) or "not asked"


def _on_list(
    number: int, entry: Entry, day: date, checks: str, left: dict[int, list[str]]
) -> OnPaper:
    child, episode = entry.episode.child, entry.episode
    todo = left.get(episode.pk, [])
    return OnPaper(
        heading=f"{number} {child.surname}, {child.forenames}, {age_on(child.date_of_birth, day)} "
        f"(born {_in_full(child.date_of_birth)}) {child.reference}",
        lines=[
            ("Why", ". ".join(entry.why)),
            ("Level now", _level(episode)),
            ("Checks", f"{checks}. Lead: {episode.lead_worker or 'not allocated'}"),
            *([("To do", "; ".join(todo))] if todo else []),
            *([("Proposed", change_words(entry.proposal))] if entry.proposal else []),
        ],
    )


def _level(episode: Episode) -> str:
    label = level_word(episode.level)
    return f"{label} since {_in_full(episode.level_set_on)}" if episode.level_set_on else label


def _ask(request: HttpRequest, form: PaperForm, page: PaperPage) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "meetings/paper.html", {"page": page, "form": form}, status=status)


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _name(series: MeetingSeries, day: date) -> str:
    return f"{series.code}-{day.isoformat()}"


def _taken(user: User, recipient: str, now: datetime) -> str:
    at = now.astimezone(LONDON)
    return f"Taken out by {user.name} on {_in_full(at.date())}, {at:%H:%M}, for {recipient.strip()}"


def _in_full(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
