"""Who is away and who covers for them: each says it for themselves, the hub's manager for the team."""

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from partners.agencies.models import Post
from partners.staffing.actions import end_absence, plan_absence
from partners.staffing.forms import AbsenceForm
from partners.staffing.models import Absence
from partners.staffing.queries import holders

PAGE_SIZE = 25
LEAD = (
    "Whoever covers sees on their list of work what is owed meanwhile, as far as their own role and grants"
    " show them the children. Nothing more is opened to them."
)


@dataclass(frozen=True)
class Row:
    """An absence that lasts or is to come; `mine` where the reader may end it."""

    absence: Absence
    mine: bool


@dataclass(frozen=True)
class AbsencesPage:
    """The page; `leads` for the manager, who says it for others too."""

    rows: list[Row]
    paging: Paging
    leads: bool


@require_safe
def absences(request: HttpRequest) -> HttpResponse:
    """List who is away, or will be, of the own agency; for the manager, of all."""
    user = signed_in(request)
    leads = _require_cases(user)
    today = london_date(timezone.now())
    lasting = Absence.objects.visible_to(user).filter(ended_at=None, ends_on__gte=today)
    rows = lasting.select_related("user", "cover").order_by("starts_on", "pk")
    page = nearest_page(rows, PAGE_SIZE, request.GET.get("page", "1"))
    listed = [Row(row, leads or row.user_id == user.pk) for row in page]
    things = "absence" if page.paginator.count == 1 else "absences"
    shown = AbsencesPage(listed, paging(page, things), leads)
    return render(request, "staffing/absences.html", {"page": shown})


def _require_cases(user: User) -> bool:
    """Ask for a role that sees cases; say whether it leads the team."""
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.SHARED_CASES_VIEW):
        standing = require(user, Permission.CASES_VIEW)
    return standing.may(Permission.TEAM_LEAD)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Say that one is away, or (the manager) that a colleague is, and who covers."""
    user = signed_in(request)
    leads, today = _require_cases(user), london_date(timezone.now())
    posts = holders(user, today)
    own = next((post for post in posts if post.user_id == user.pk), None)
    if own is None:
        raise Http404
    people = {post.user.username: post for post in posts if leads or _is_beside(post, own)}
    away = _names(people) if leads else None
    covers = _names(people) if leads else _names({k: v for k, v in people.items() if v != own})

    def act(form: AbsenceForm) -> str:
        typed = form.cleaned_data
        plan_absence(
            away=people[typed["away"]] if leads else own,
            cover=people[typed["cover"]],
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
            by=user,
        )
        return reverse("partners-absences")

    sheet = Sheet(
        title="An absence",
        heading="Enter an absence",
        button="Enter the absence",
        back=reverse("partners-absences"),
        done="The absence is entered.",
        lead=LEAD,
    )
    return record_by_form(
        request,
        form=partial(AbsenceForm, away=away, covers=covers),
        sheet=sheet,
        stored=Stored,
        act=act,
    )


def _is_beside(post: Post, own: Post) -> bool:
    return post.agency_id == own.agency_id


def _names(people: dict[str, Post]) -> list[tuple[str, str]]:
    return [(code, f"{post.user.name}, {post.agency.name}") for code, post in people.items()]


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Say that somebody is back, or is not away after all."""
    user = signed_in(request)
    _require_cases(user)
    rows = Absence.objects.visible_to(user).select_related("user", "cover")
    absence = rows.filter(pk=number).first()
    if absence is None:
        raise Http404
    end_absence(absence=absence, by=user)
    return redirect("partners-absences")
