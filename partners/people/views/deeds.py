"""What an administrator does with one person, a form each."""

from dataclasses import dataclass, replace
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hub.access.gate import require
from hub.access.rules import ROLES, Permission, Role
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.errors import NotAllowed, RuleBroken
from hub.recording.http import Sheet, Stored, record_by_form
from partners.agencies.actions import appoint
from partners.agencies.models import Agency, Post
from partners.agencies.rules import roles_given
from partners.people.actions import (
    approve_renewal,
    ask_to_renew,
    change_post,
    end_post,
    let_go,
    take_on,
    withdraw_renewal,
)
from partners.people.forms import ChangeForm, PersonForm, PostForm, ReasonForm
from partners.people.models import Renewal
from partners.people.queries import looked_after

RENEWS = (
    "For a lost telephone or a forgotten password. Make sure on the telephone, by a number that you know,"
    " that it is the person. A second administrator approves and reads a code out. When the person uses it,"
    " their password, codes, passkeys and sessions end, not before: a thief is shut out by Leaver at once."
)
ENDS = "The post ends now. Where it was the only one, the account opens nothing any more."
CHANGES = (
    "This post ends now and the new one begins. At their next click they are signed out, and sign in as"
    " what they are then."
)
LETS_GO = (
    "Their posts end now. At their next click they are out, wherever they are signed in. What they wrote"
    " stays."
)


OWN = "Nobody does this to themselves. Ask another administrator."


@dataclass(frozen=True)
class Place:
    """A role in an agency: what is given with a post."""

    agency: Agency
    role: Role


def _places(user: User, held: set[tuple[int, str]] | None = None) -> dict[str, Place]:
    """Give the posts that the administrator can give, by what a form calls them; not those `held` already."""
    standing = require(user, Permission.PEOPLE_MANAGE)
    rows = Agency.objects.visible_to(user).order_by("name")
    if standing.role is Role.AGENCY_ADMINISTRATOR:
        rows = rows.filter(pk=standing.agency_id or 0)
    return {
        f"{agency.pk} {role}": Place(agency, role)
        for agency in rows
        for role in sorted(roles_given(agency.kind, standing.role), key=_title)
        if (agency.pk, role) not in (held or set())
    }


def _title(role: Role) -> str:
    return ROLES[role].title


def _by_agency(places: dict[str, Place]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Lay the posts out for a list: each agency with its roles."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, place in places.items():
        found.setdefault(place.agency.name, []).append((key, _title(place.role)))
    return list(found.items())


def post_of(user: User, number: int) -> Post:
    """Give a post that the administrator looks after, but for their own."""
    standing = require(user, Permission.PEOPLE_MANAGE)
    post = looked_after(user, standing).filter(pk=number).first()
    if post is None:
        raise Http404
    if post.user_id == user.pk:
        raise NotAllowed(OWN)
    return post


def _person(user: User, number: int) -> User:
    standing = require(user, Permission.PEOPLE_MANAGE)
    post = looked_after(user, standing).filter(user_id=number).first()
    if post is None:
        raise Http404
    if post.user_id == user.pk:
        raise NotAllowed(OWN)
    return post.user


def _sheet(person: User, heading: str, button: str, done: str, lead: str = "") -> Sheet:
    back = reverse("partners-person", args=[person.pk])
    named = f"{heading}: {person.name}"
    return Sheet(title=heading, heading=named, button=button, back=back, done=done, lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a new colleague on; the code for their first sign-in is shown this once."""
    user, now = signed_in(request), timezone.now()
    places = _places(user)
    make = partial(PersonForm, places=_by_agency(places))
    form = make(request.POST) if request.method == "POST" else make(initial=_today())
    if form.is_valid():
        typed = form.cleaned_data
        place = places[typed["place"]]
        try:
            code = take_on(
                agency=place.agency,
                username=typed["username"],
                name=typed["name"],
                role=place.role,
                starts_on=typed["starts_on"],
                now=now,
                by=user,
            )
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, str(broken))
        else:
            return _code(request, code, typed["username"], "three days")
    page = {"form": form}
    return render(request, "people/new.html", page, status=422 if form.errors else 200)


def _today() -> dict[str, object]:
    return {"starts_on": london_date(timezone.now())}


def _code(request: HttpRequest, code: str, username: str, good_for: str) -> HttpResponse:
    page = {"code": code, "username": username, "good_for": good_for}
    return render(request, "people/code.html", page)


@require_POST
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Approve as the second person; the code is shown this once, to be read out."""
    user = signed_in(request)
    renewal = _renewal(user, number)
    code = approve_renewal(renewal=renewal, now=timezone.now(), by=user)
    return _code(request, code, renewal.user.username, "one hour")


@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a way in anew back."""
    user = signed_in(request)
    renewal = _renewal(user, number)
    withdraw_renewal(renewal=renewal, now=timezone.now(), by=user)
    messages.success(request, "Taken back. Nobody starts anew by it.")
    return redirect("partners-person", renewal.user_id)


def _renewal(user: User, number: int) -> Renewal:
    require(user, Permission.PEOPLE_MANAGE)
    found = Renewal.objects.visible_to(user).select_related("user").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


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
    person = _person(user, number)
    places = _places(user, _lasting(user, person))

    def act(form: PostForm) -> str:
        typed = form.cleaned_data
        place = places[typed["place"]]
        appoint(
            user=person,
            agency=place.agency,
            role=place.role,
            starts_on=typed["starts_on"],
            now=timezone.now(),
            by=user,
        )
        return reverse("partners-person", args=[person.pk])

    return record_by_form(
        request,
        form=partial(PostForm, places=_by_agency(places)),
        sheet=_sheet(person, "Give a post", "Give the post", "The post is given."),
        stored=lambda: Stored(_today()),
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def post_end(request: HttpRequest, number: int) -> HttpResponse:
    """End one post."""
    user = signed_in(request)
    post = post_of(user, number)

    sheet = _sheet(post.user, "End a post", "End the post now", "The post has ended.", ENDS)
    sheet = replace(sheet, lead=f"{_title(Role(post.role))}, {post.agency.name}. {ENDS}")
    sheet = _from_the_list(request, sheet)

    def act(form: ReasonForm) -> str:
        end_post(post=post, reason=form.cleaned_data["reason"], now=timezone.now(), by=user)
        return sheet.back

    return record_by_form(request, form=ReasonForm, sheet=sheet, stored=Stored, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
def post_change(request: HttpRequest, number: int) -> HttpResponse:
    """Let a person go on in their agency in another role."""
    user = signed_in(request)
    post = post_of(user, number)
    places = _places(user, _lasting(user, post.user)).values()
    roles = [
        (f"{place.role}", _title(place.role)) for place in places if place.agency == post.agency
    ]
    sheet = _sheet(
        post.user, "Change a role", "Change the role now", "The role is changed.", CHANGES
    )
    sheet = replace(sheet, lead=f"{_title(Role(post.role))}, {post.agency.name}. {CHANGES}")
    sheet = _from_the_list(request, sheet)

    def act(form: ChangeForm) -> str:
        typed = form.cleaned_data
        role, reason = Role(typed["role"]), typed["reason"]
        change_post(post=post, role=role, reason=reason, now=timezone.now(), by=user)
        return sheet.back

    form = partial(ChangeForm, roles=roles)
    return record_by_form(request, form=form, sheet=sheet, stored=Stored, act=act)


def _from_the_list(request: HttpRequest, sheet: Sheet) -> Sheet:
    """Lead back to the list of posts to confirm, where one came from there."""
    return (
        replace(sheet, back=reverse("partners-people-confirm")) if "due" in request.GET else sheet
    )


def _lasting(user: User, person: User) -> set[tuple[int, str]]:
    """Give what a person holds or is about to: it is not given twice."""
    today = london_date(timezone.now())
    posts = Post.objects.visible_to(user).filter(user=person).lasting(today)
    return set(posts.values_list("agency_id", "role"))
