"""The tokens of an agency's machines: the list, a new one, the end of one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import ROLES, Permission, Role
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import LONDON, london_date
from hub.errors import RuleBroken
from hub.interface.rules import scopes_of
from hub.recording.actions import do_once
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from partners.agencies.models import Agency, Post
from partners.machines.actions import MadeToken, end_token, make_token
from partners.machines.forms import EndTokenForm, TokenForm
from partners.machines.models import MachineToken
from partners.machines.rules import state_of

PAGE_SIZE = 50
AT_ONCE = (
    "The machine's next request is refused. Its account stays, and can be given another token."
)


@dataclass(frozen=True)
class Line:
    """A token; `end_at` is empty where it is over."""

    number: int
    name: str
    agency: str
    role: str
    scopes: list[str]
    made: str
    expires: str
    last_used: str
    state: str
    end_at: str


@dataclass(frozen=True)
class TokensPage:
    """What the page shows: the newest first."""

    lines: list[Line]
    paging: Paging
    new_at: str


@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.PEOPLE_MANAGE)
    page = tokens_page(user, request.GET.get("page", "1"), now)
    record(
        event="tokens.seen",
        verb=Verb.CONSULTATION,
        what="tokens",
        reference="all",
        at=now,
        by=user,
        after={"tokens": [line.number for line in page.lines]},
    )
    return render(request, "machines/list.html", {"page": page})


def tokens_page(user: User, number: str, now: datetime) -> TokensPage:
    """Give the page's data, in a few queries however many rows."""
    rows = MachineToken.objects.visible_to(user).order_by("-made_at", "-pk")
    page = nearest_page(
        rows.select_related("post__user", "post__agency", "made_by", "use"), PAGE_SIZE, number
    )
    users = {row.post.user_id for row in page}
    held = Post.objects.visible_to(user).held_on(london_date(now)).filter(user__in=users)
    working = set(held.filter(user__is_active=True).values_list("user_id", flat=True))
    return TokensPage(
        lines=[_line(row, row.post.user_id in working, now) for row in page],
        paging=paging(page, "tokens"),
        new_at=reverse("partners-machine-new"),
    )


def _line(row: MachineToken, working: bool, now: datetime) -> Line:
    state = state_of(
        ended=row.ended_at is not None, expires_at=row.expires_at, stopped=not working, now=now
    )
    use = getattr(row, "use", None)
    return Line(
        number=row.pk,
        name=row.post.user.name,
        agency=row.post.agency.name,
        role=ROLES[Role(row.post.role)].title,
        scopes=row.scopes,
        made=f"{_day(row.made_at)} by {row.made_by.name}",
        expires=_day(row.expires_at - timedelta(seconds=1)),
        last_used=_minute(use.at) if use else "Never",
        state=state,
        end_at="" if row.ended_at else reverse("partners-machine-end", args=[row.pk]),
    )


def _day(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%b %Y}"


def _minute(moment: datetime) -> str:
    return f"{_day(moment)}, {moment.astimezone(LONDON):%H:%M}"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a token, and show its secret this once: the answer to the form is the only place for it."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.PEOPLE_MANAGE)
    places = _places(user, now)
    sent = request.POST if request.method == "POST" else request.GET
    key = next(iter(places)) if len(places) == 1 else sent.get("place", "")
    if key not in places:
        return _choose(request, places)
    place = places[key]
    if request.method != "POST":
        return _sheet(request, TokenForm(role=place.role, initial={"place": key}), place)
    form = TokenForm(request.POST, role=place.role)
    if not form.is_valid():
        return _sheet(request, form, place)
    made: list[MadeToken] = []

    def deed() -> str:
        made.append(make_token(agency=place.agency, asked=form.asked, now=now, by=user))
        return reverse("partners-machines")

    try:
        went_to, new = do_once(once=form.cleaned_data["once"], act=deed, now=now, by=user)
    except RuleBroken as fault:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        return _sheet(request, form, place)
    if not new:
        return redirect(went_to)
    page = {"name": made[0].token.post.user.name, "secret": made[0].secret, "back": went_to}
    return render(request, "machines/made.html", {"page": page})


@dataclass(frozen=True)
class Place:
    """As what and for whom a machine can work: a role that somebody of the agency holds."""

    agency: Agency
    role: Role
    title: str


def _places(user: User, now: datetime) -> dict[str, Place]:
    """Give what a token can be made for: the roles of the administrator's people that open an address."""
    posts = Post.objects.visible_to(user).held_on(london_date(now)).of_people()
    standing = standing_of(user)
    if standing is not None and standing.role is Role.AGENCY_ADMINISTRATOR:
        posts = posts.filter(agency_id=standing.agency_id or 0)
    found = {}
    for post in posts.filter(user__is_active=True).select_related("agency__partnership"):
        role = Role(post.role)
        if scopes_of(role):
            found[f"{post.agency_id} {role}"] = Place(post.agency, role, ROLES[role].title)
    return dict(sorted(found.items(), key=lambda each: (each[1].agency.name, each[1].title)))


def _choose(request: HttpRequest, places: dict[str, Place]) -> HttpResponse:
    """Ask first as what the machine works: that decides for what a token of it can be used."""
    page = {"places": places, "back": reverse("partners-machines")}
    status = 422 if request.method == "POST" else 200
    return render(request, "machines/as_what.html", {"page": page}, status=status)


def _sheet(request: HttpRequest, form: TokenForm, place: Place) -> HttpResponse:
    page = {"form": form, "back": reverse("partners-machines"), "place": place}
    return render(request, "machines/new.html", {"page": page}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a token."""
    user = signed_in(request)
    require(user, Permission.PEOPLE_MANAGE)
    rows = MachineToken.objects.visible_to(user).select_related("post__user", "post__agency")
    token = rows.filter(pk=number).first()
    if token is None:
        raise Http404

    def act(form: EndTokenForm) -> str:
        reason = form.cleaned_data["reason"]
        end_token(token=token, reason=reason, now=timezone.now(), by=user)
        return reverse("partners-machines")

    heading = f"End token {token.pk} of {token.post.user.name}"
    sheet = Sheet(
        title=f"End token {token.pk}",
        heading=heading,
        button="End the token",
        back=reverse("partners-machines"),
        done="The token has ended.",
        lead=AT_ONCE,
    )
    return record_by_form(request, form=EndTokenForm, sheet=sheet, stored=Stored, act=act)
