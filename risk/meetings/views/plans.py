"""How the partnership's meetings are held: for the manager, who sets them up and changes them."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.errors import RuleBroken
from hub.recording.http import Sheet, Stored, record_by_form
from partners.partnerships.models import Partnership
from risk.meetings.actions import arrange
from risk.meetings.forms import PlanForm
from risk.meetings.models import MeetingSeries
from risk.meetings.rules.quorum import QUORUM
from risk.meetings.views.deciding import METHODS

THERE = "A meeting of this name is there already. Change that one, or choose another name."
NOW_ON = "It holds from now on; meetings that were held stay as they were."


@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Set a meeting up."""
    user = signed_in(request)
    own = _own(user)

    def act(form: PlanForm) -> str:
        code = slugify(form.plan.name)[:40] or "meeting"
        if MeetingSeries.objects.visible_to(user).filter(code=code).exists():
            raise RuleBroken("meeting.there", THERE, "name")
        arrange(partnership=own, code=code, plan=form.plan, by=user)
        return reverse("risk-meetings")

    blank = {"quorum": list(QUORUM)}
    return record_by_form(
        request,
        form=PlanForm,
        sheet=_sheet("Set up a meeting", "Set up the meeting"),
        stored=lambda: Stored(blank if request.method != "POST" else {}),
        act=act,
    )


@require_http_methods(METHODS)
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Change how a meeting is held."""
    user = signed_in(request)
    own = _own(user)
    series = MeetingSeries.objects.visible_to(user).filter(pk=number).first()
    if series is None:
        raise Http404

    def act(form: PlanForm) -> str:
        arrange(partnership=own, code=series.code, plan=form.plan, by=user)
        return reverse("risk-meetings")

    return record_by_form(
        request,
        form=PlanForm,
        sheet=_sheet(f"Change {series.name}", "Save the changes"),
        stored=lambda: _stored(MeetingSeries.objects.visible_to(user).get(pk=number)),
        act=act,
    )


def _own(user: User) -> Partnership:
    require(user, Permission.PARTNERSHIP_SETTINGS)
    return Partnership.objects.visible_to(user).order_by("pk")[:1].get()


def _sheet(heading: str, button: str) -> Sheet:
    back = reverse("risk-meetings")
    return Sheet(heading, heading, button, back, "The meeting is set up.", lead=NOW_ON)


def _stored(series: MeetingSeries) -> Stored:
    names = ("name", "takes", "levels", "settles", "every", "quorum", "since", "until", "terms")
    values = {name: getattr(series, name) for name in names} | {
        "most": series.most or "",
        "weekdays": [str(day) for day in series.weekdays],
        "missing_on": [str(day) for day in series.missing_on],
        "missing_at": f"{series.missing_at:%H:%M}" if series.missing_at else "",
        "weeks": series.weeks,
        "starts_at": f"{series.starts_at:%H:%M}",
    }
    return Stored(values, sha256(str(values).encode()).hexdigest())
