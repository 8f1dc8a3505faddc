"""The actions that meetings agreed: those of one's own agency, overdue first; each row opens its deed."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date, review_note
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from risk.meetings.actions import end_task
from risk.meetings.forms import DoneForm
from risk.meetings.models import MeetingTask, TaskQuerySet
from risk.meetings.views.deciding import METHODS

PAGE = 25


@dataclass(frozen=True)
class TaskRow:
    """An action that is owed."""

    what: str
    name: str
    reference: str
    due_on: date
    note: str
    overdue: bool
    address: str


@dataclass(frozen=True)
class TasksPage:
    """The actions that the reader's agency owes."""

    agency: str
    rows: list[TaskRow]
    paging: Paging


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """List what the reader's agency owes."""
    user = signed_in(request)
    standing = require(user, Permission.NOTES_RECORD)
    page = nearest_page(_owed(user), PAGE, request.GET.get("page", ""))
    rows = [_row(task, london_date(timezone.now())) for task in page.object_list]
    record(
        event="actions.viewed",
        verb=Verb.CONSULTATION,
        what="actions",
        reference=standing.agency,
        at=timezone.now(),
        by=user,
        about=[row.reference for row in rows],
    )
    context = TasksPage(standing.agency, rows, paging(page, "actions"))
    return render(request, "meetings/tasks.html", {"page": context})


def _owed(user: User) -> TaskQuerySet:
    standing = standing_of(user)
    own = standing.agency_id if standing else None
    owed = MeetingTask.objects.visible_to(user).open().filter(agency=own)
    return owed.select_related("child", "episode")


def _row(task: MeetingTask, today: date) -> TaskRow:
    return TaskRow(
        what=task.what,
        name=f"{task.child.surname}, {task.child.forenames}",
        reference=task.child.reference,
        due_on=task.due_on,
        note=review_note(task.due_on, today),
        overdue=task.due_on < today,
        address=reverse("risk-meeting-task", args=[task.pk]),
    )


@require_http_methods(METHODS)
def task(request: HttpRequest, number: int) -> HttpResponse:
    """Say what came of an action."""
    user = signed_in(request)
    tasks = MeetingTask.objects.visible_to(user).select_related("child", "episode", "agency")
    owed = tasks.filter(pk=number).first()
    if owed is None:
        raise Http404
    require(user, Permission.NOTES_RECORD, owed)

    def act(form: DoneForm) -> str:
        end_task(task=owed, came_of_it=form.cleaned_data["came_of_it"], by=user)
        return reverse("risk-meeting-tasks")

    sheet = Sheet(
        title=f"{owed.child.reference} An action",
        heading="What came of it",
        button="Record and end the action",
        back=reverse("risk-meeting-tasks"),
        done="The action is ended.",
        lead=f"{owed.what}: {owed.agency.name}, by {owed.due_on.day} {owed.due_on:%B %Y}.",
    )
    return record_by_form(
        request, form=DoneForm, sheet=sheet, stored=lambda: _stored(number, user), act=act
    )


def _stored(number: int, user: User) -> Stored:
    """Give what came of it, where somebody ended it meanwhile."""
    present = MeetingTask.objects.visible_to(user).select_related("done_by").get(pk=number)
    if present.done_at is None:
        return Stored()
    by = present.done_by.name if present.done_by else ""
    return Stored({"came_of_it": present.came_of_it}, "ended", by, present.done_at)
