"""What an administrator does with one person, a form each."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hub.access.gate import require
from hub.access.rules import Permission, Role
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.recording.http import Sheet, Stored, record_by_form
from partners.agencies.actions import appoint
from partners.agencies.models import Agency, Post
from partners.people.actions import approve_renewal, ask_to_renew, end_post, let_go, take_on
from partners.people.forms import PersonForm, PostForm, ReasonForm
from partners.people.models import Renewal
from partners.people.views.lists import looked_after

RENEWS = (
    "For a lost telephone or a forgotten password. Make sure on the telephone, by a number that you know,"
    " that it is the person. A second administrator approves and reads a code out. When the person uses it,"
    " their password, codes, passkeys and sessions end, not before: a thief is shut out by Leaver at once."
)
LETS_GO = (
    "Their posts end now. At their next click they are out, wherever they are signed in. What they wrote"
    " stays."
)


def _agencies(user: User) -> dict[str, Agency]:
    """Give the agencies to which the administrator may appoint."""
    standing = require(user, Permission.PEOPLE_MANAGE)
    rows = Agency.objects.visible_to(user).order_by("name")
    if standing.role is Role.AGENCY_ADMINISTRATOR:
        rows = rows.filter(pk=standing.agency_id or 0)
    return {f"{agency.pk}": agency for agency in rows}


def _post(user: User, number: int) -> Post:
    standing = require(user, Permission.PEOPLE_MANAGE)
    post = looked_after(user, standing).filter(pk=number).first()
    if post is None:
        raise Http404
    return post


def _person(user: User, number: int) -> User:
    standing = require(user, Permission.PEOPLE_MANAGE)
    post = looked_after(user, standing).filter(user_id=number).first()
    if post is None:
        raise Http404
    return post.user


def _sheet(person: User, heading: str, button: str, done: str, lead: str = "") -> Sheet:
    back = reverse("partners-person", args=[person.pk])
    title = f"{heading}: {person.username}"
    return Sheet(title=title, heading=title, button=button, back=back, done=done, lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a new colleague on; the code for their first sign-in is shown this once."""
    user, now = signed_in(request), timezone.now()
    agencies = _agencies(user)
    make = partial(PersonForm, agencies=[(key, row.name) for key, row in agencies.items()])
    form = make(request.POST) if request.method == "POST" else make(initial=_first(agencies))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            code = take_on(
                agency=agencies[typed["agency"]],
                username=typed["username"],
                name=typed["name"],
                role=Role(typed["role"]),
                starts_on=typed["starts_on"],
                now=now,
                by=user,
            )
        except RuleBroken as broken:
            form.add_error(broken.field or "username", str(broken))
        else:
            return _code(request, code, typed["username"], "three days")
    page = {"form": form}
    return render(request, "people/new.html", page, status=422 if form.errors else 200)


def _first(agencies: dict[str, Agency]) -> dict[str, object]:
    only = next(iter(agencies)) if len(agencies) == 1 else ""
    return {"starts_on": london_date(timezone.now()), "agency": only}


def _code(request: HttpRequest, code: str, username: str, good_for: str) -> HttpResponse:
    page = {"code": code, "username": username, "good_for": good_for}
    return render(request, "people/code.html", page)


@require_POST
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Approve as the second person; the code is shown this once, to be read out."""
    user = signed_in(request)
    require(user, Permission.PEOPLE_MANAGE)
    renewal = Renewal.objects.visible_to(user).select_related("user").filter(pk=number).first()
    if renewal is None:
        raise Http404
    code = approve_renewal(renewal=renewal, now=timezone.now(), by=user)
    return _code(request, code, renewal.user.username, "one hour")


@require_http_methods(["GET", "HEAD", "POST"])
def renewal(request: HttpRequest, number: int) -> HttpResponse:
    """Ask that a person may start anew."""
    user = signed_in(request)
    person = _person(user, number)

    def act(form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        ask_to_renew(user=person, reason=reason, now=timezone.now(), by=user)
        return reverse("partners-person", args=[person.pk])

    done = "Asked. Another administrator finds it at the top of the list of people."
    sheet = _sheet(person, "Let start anew", "Ask for it", done, RENEWS)
    return record_by_form(request, form=ReasonForm, sheet=sheet, stored=Stored, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """Cut a leaver off."""
    user = signed_in(request)
    person = _person(user, number)

    def act(form: ReasonForm) -> str:
        let_go(user=person, reason=form.cleaned_data["reason"], now=timezone.now(), by=user)
        return reverse("partners-person", args=[person.pk])

    sheet = _sheet(person, "Let go", "End all posts now", "They are out.", LETS_GO)
    return record_by_form(request, form=ReasonForm, sheet=sheet, stored=Stored, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request: HttpRequest, number: int) -> HttpResponse:
    """Give a person another post."""
    user = signed_in(request)
    person, agencies = _person(user, number), _agencies(user)

    def act(form: PostForm) -> str:
        typed = form.cleaned_data
        appoint(
            user=person,
            agency=agencies[typed["agency"]],
            role=Role(typed["role"]),
            starts_on=typed["starts_on"],
            now=timezone.now(),
            by=user,
        )
        return reverse("partners-person", args=[person.pk])

    return record_by_form(
        request,
        form=partial(PostForm, agencies=[(key, row.name) for key, row in agencies.items()]),
        sheet=_sheet(person, "Give a post", "Give the post", "The post is given."),
        stored=lambda: Stored(_first(agencies)),
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def post_end(request: HttpRequest, number: int) -> HttpResponse:
    """End one post."""
    user = signed_in(request)
    post = _post(user, number)

    def act(form: ReasonForm) -> str:
        end_post(post=post, reason=form.cleaned_data["reason"], now=timezone.now(), by=user)
        return reverse("partners-person", args=[post.user_id])

    lead = "The post ends now. Where it was the only one, the account opens nothing any more."
    sheet = _sheet(post.user, "End a post", "End the post now", "The post has ended.", lead)
    return record_by_form(request, form=ReasonForm, sheet=sheet, stored=Stored, act=act)
