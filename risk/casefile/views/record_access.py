"""Saying who sees a child: giving and ending grants, restricting a record, shutting a person out."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.models import Group
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.rules import ROLES, Permission
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.recording.http import Sheet, Stored, record_by_form
from partners.agencies.models import Post
from referrals.grants.actions import end_grant, give_grant, lift, restrict, shut_out
from referrals.grants.forms import BecauseForm, GrantForm, ShutOutForm
from referrals.grants.models import GroupGrant, PersonGrant, Restriction
from referrals.grants.rules import usual_end
from risk.casefile.views.access import groups_of, open_access
from risk.casefile.views.opening import OpenCase

METHODS = ["GET", "HEAD", "POST"]
SHOWN = (
    "They see who the child is, its levels and reviews, who leads, an address that is not confidential"
    " and their own service's support. Those whose role sees every case see all of it."
)
RESTRICTING = (
    "From then on only you and the child's lead worker see this record, and whoever is named afterwards:"
    " managers too see it only by name. The full report still counts the child."
)
LIFTING = "All whose role sees every case see this record again."
SHUTTING_OUT = (
    "For a person who knows the child or the family in private. The record is no longer there for them, and"
    " nobody tells them. A grant of theirs ends."
)
AT_ONCE = "They no longer see this child from their next page on."


@require_http_methods(METHODS)
def new(request: HttpRequest, child_id: int) -> HttpResponse:
    """Let an agency, a service's team or a person see the child, until a day."""
    opened = open_access(request, child_id, "Let somebody see this child")
    whom: dict[str, tuple[Group | User, str]] = {
        **{f"group-{group.pk}": (group, name) for group, name in groups_of(opened).values()},
        **{f"person-{user.pk}": (user, label) for user, label in _people(opened)},
    }

    def act(form: GrantForm) -> str:
        to, _label = whom[form.cleaned_data["to"]]
        give_grant(child=opened.child, to=to, terms=form.terms, by=opened.user)
        return _page(opened)

    return record_by_form(
        request,
        form=partial(GrantForm, whom=[(key, label) for key, (_to, label) in whom.items()]),
        sheet=_sheet(opened, "Let somebody see this child", "Give the grant", SHOWN),
        stored=lambda: Stored({"until": usual_end(london_date(opened.now))}),
        act=act,
    )


def _people(opened: OpenCase) -> list[tuple[User, str]]:
    """Give those whose role sees cases, be it by reference, here and today, with their agencies."""
    sees = {
        Permission.CASES_VIEW,
        Permission.SHARED_CASES_VIEW,
        Permission.CASES_BY_REFERENCE,
    }
    roles = [role for role, entry in ROLES.items() if entry.permissions & sees]
    posts = Post.objects.visible_to(opened.user).held_on(london_date(opened.now))
    held = posts.filter(agency__partnership=opened.child.partnership_id, role__in=roles)
    rows = held.filter(user__is_active=True).order_by("user__name", "user_id", "starts_on")
    people: dict[int, tuple[User, str]] = {}
    for post in rows.select_related("user", "agency"):
        people.setdefault(post.user_id, (post.user, f"{post.user.name}, {post.agency.name}"))
    return list(people.values())


@require_http_methods(METHODS)
def end(request: HttpRequest, child_id: int, kind: str, number: int) -> HttpResponse:
    """End a grant that was given by hand."""
    opened = open_access(request, child_id, "End a grant")
    grant = _grant(opened, kind, number)

    def act(form: BecauseForm) -> str:
        end_grant(grant=grant, because=form.cleaned_data["because"], by=opened.user)
        return _page(opened)

    return record_by_form(
        request,
        form=BecauseForm,
        sheet=_sheet(opened, "End a grant", "End the grant", AT_ONCE),
        stored=Stored,
        act=act,
    )


def _grant(opened: OpenCase, kind: str, number: int) -> GroupGrant | PersonGrant:
    found: GroupGrant | PersonGrant | None
    if kind == "person":
        people = PersonGrant.objects.visible_to(opened.user).filter(content_object=opened.child)
        found = people.select_related("content_object", "user").filter(pk=number).first()
    else:
        groups = GroupGrant.objects.visible_to(opened.user).filter(content_object=opened.child)
        found = groups.select_related("content_object", "group").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(METHODS)
def hide(request: HttpRequest, child_id: int) -> HttpResponse:
    """Restrict the record to people named."""

    def act(opened: OpenCase, because: str) -> None:
        restrict(child=opened.child, because=because, by=opened.user)

    return _because(request, child_id, "Restrict this record", RESTRICTING, act)


@require_http_methods(METHODS)
def bar(request: HttpRequest, child_id: int) -> HttpResponse:
    """Shut a person out of the child's record."""
    opened = open_access(request, child_id, "Shut a person out")
    people = _people(opened)

    def act(form: ShutOutForm) -> str:
        typed = form.cleaned_data
        person = next(user for user, _label in people if str(user.pk) == typed["person"])
        shut_out(child=opened.child, person=person, because=typed["because"], by=opened.user)
        itself = person == opened.user
        return reverse("hub-home") if itself else _page(opened)

    return record_by_form(
        request,
        form=partial(ShutOutForm, people=[(str(user.pk), label) for user, label in people]),
        sheet=_sheet(opened, "Shut a person out", "Shut them out", SHUTTING_OUT),
        stored=Stored,
        act=act,
    )


@require_http_methods(METHODS)
def show(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Lift a restriction, or let a person in again who was shut out."""

    def act(opened: OpenCase, because: str) -> None:
        rows = Restriction.objects.visible_to(opened.user).in_force().filter(child=opened.child)
        fact = rows.select_related("child", "person").filter(pk=number).first()
        if fact is None:
            raise Http404
        lift(fact=fact, reason=because, by=opened.user)

    return _because(request, child_id, "Lift a restriction", LIFTING, act)


def _because(
    request: HttpRequest,
    child_id: int,
    heading: str,
    lead: str,
    act: Callable[[OpenCase, str], None],
) -> HttpResponse:
    opened = open_access(request, child_id, heading)

    def once(form: BecauseForm) -> str:
        act(opened, form.cleaned_data["because"])
        return _page(opened)

    sheet = _sheet(opened, heading, heading, lead)
    return record_by_form(request, form=BecauseForm, sheet=sheet, stored=Stored, act=once)


def _page(opened: OpenCase) -> str:
    return reverse("risk-child-access", args=[opened.child.pk])


def _sheet(opened: OpenCase, heading: str, button: str, lead: str) -> Sheet:
    return Sheet(
        title=opened.frame.title,
        heading=heading,
        button=button,
        back=_page(opened),
        done="Recorded.",
        lead=lead,
        template="children/record.html",
        context={"frame": opened.frame},
    )
