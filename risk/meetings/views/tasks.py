"""An action that a meeting agreed: what came of it. Those that are owed: risk/owed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.recording.http import Sheet, Stored, record_by_form
from risk.meetings.actions import end_task
from risk.meetings.forms import DoneForm
from risk.meetings.models import MeetingTask
from risk.meetings.views.deciding import METHODS


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
        return reverse("risk-my-work")

    sheet = Sheet(
        title=f"{owed.child.reference} An action",
        heading="What came of it",
        button="Record and end the action",
        back=reverse("risk-my-work"),
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
