"""What is put in by hand: a meeting that was held on paper on a past day, and a child on the agenda."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.recording.http import Sheet, Stored, record_by_form
from referrals.children.models import Child
from referrals.joinings.queries import all_kept
from risk.meetings.actions import add_to_agenda, open_meeting
from risk.meetings.forms import AddForm, PastForm
from risk.meetings.models import Meeting, MeetingSeries
from risk.meetings.queries.entries import BY_HAND, Entry, entries_for, one_each
from risk.meetings.rules.calendar import is_on
from risk.meetings.views.deciding import METHODS
from risk.meetings.views.frame import enter

NOT_ITS_DAY = "This meeting is not held on that day. Give a day on which it is."
NO_CHILD = "No child whom you see has this reference. Check it with the child's page."
NO_EPISODE = "This child has no open episode: there is nothing to decide. Open an episode first."
HELD = "The meeting of that day is in the system, and finished. Decide at the next one."
THERE = "This child's episode is on the agenda already."
LATE = (
    "For a day without power: the agenda is what waited for that day and is not decided yet. Each decision "
    "is entered with the time at which it was made, and says that it was entered later."
)


@require_http_methods(METHODS)
def open_past(request: HttpRequest, number: int) -> HttpResponse:
    """Open the meeting of a past day, to enter what was decided on paper."""
    user = signed_in(request)
    series = MeetingSeries.objects.visible_to(user).filter(pk=number).first()
    if series is None:
        raise Http404
    require(user, Permission.MEETINGS_HOLD, series)

    def act(form: PastForm) -> str:
        day = form.cleaned_data["day"]
        if day <= london_date(timezone.now()) and not is_on(series.rhythm, day):
            raise RuleBroken("meeting.not_its_day", NOT_ITS_DAY, "day")
        held = Meeting.objects.visible_to(user).filter(series=series, held_on=day)
        if held.filter(finished_at__isnull=False).exists():
            raise RuleBroken("meeting.held_then", HELD, "day")
        entries = entries_for(series, day, user)
        meeting = open_meeting(series=series, day=day, entries=entries, by=user)
        return reverse("risk-meeting", args=[meeting.pk])

    sheet = Sheet(
        title=f"Enter a past {series.name}",
        heading=f"Enter what was decided on paper: {series.name}",
        button="Open the meeting of that day",
        back=reverse("risk-meetings"),
        done="Say who was there, then enter each decision with its time.",
        lead=LATE,
    )
    return record_by_form(request, form=PastForm, sheet=sheet, stored=Stored, act=act)


@require_http_methods(METHODS)
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Put a child on the agenda by hand, by its reference and with why."""
    room = enter(request, number)
    require(room.user, Permission.MEETINGS_HOLD, room.meeting)

    def act(form: AddForm) -> str:
        children = Child.objects.visible_to(room.user)
        child = children.filter(reference__iexact=form.cleaned_data["child"].strip()).first()
        if child is None:
            raise RuleBroken("agenda.no_child", NO_CHILD, "child")
        kept = all_kept(room.user)
        number_of = kept.get(child.pk, child.pk)
        episode = one_each(room.user, [number_of], kept).get(number_of)
        if episode is None:
            raise RuleBroken("agenda.no_episode", NO_EPISODE, "child")
        entry = Entry(episode, BY_HAND, (form.cleaned_data["why"],))
        if not add_to_agenda(meeting=room.meeting, entries=[entry], by=room.user):
            raise RuleBroken("agenda.there", THERE, "child")
        return reverse("risk-meeting", args=[number])

    sheet = Sheet(
        title=f"{room.meeting.series.name} Add a child",
        heading="Add a child to the agenda",
        button="Add to the agenda",
        back=reverse("risk-meeting", args=[number]),
        done="The child is on the agenda.",
    )
    return record_by_form(request, form=AddForm, sheet=sheet, stored=Stored, act=act)
