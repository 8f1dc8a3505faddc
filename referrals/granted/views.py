"""Who sees what, for the hub's manager: access that ends soon, one colleague's, and cases left behind."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.site.paging import Paging, nearest_page, paging
from partners.agencies.models import Post
from referrals.children.models import Child
from referrals.granted.forms import ChildForm, ColleagueForm
from referrals.granted.queries import (
    Given,
    Left,
    Seen,
    colleagues,
    ending,
    left_behind,
    seen_by,
    shown_to,
)
from referrals.granted.rules import PAGE_SIZE


@dataclass(frozen=True)
class DeskPage:
    """What the manager's page holds."""

    ending: list[Given]
    left: list[Left]


@dataclass(frozen=True)
class ColleaguePage:
    """What one colleague is shown; `children` is a page of those shared with them."""

    name: str
    seen: Seen
    children: list[Child]
    paging: Paging


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Show what ends soon and what was left behind; a colleague who is chosen has a page of their own."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.GRANTS_MANAGE)
    today = london_date(now)
    sent = request.POST if request.method == "POST" else None
    asks_child = sent is not None and "reference" in sent
    by_child = ChildForm(sent if asks_child else None)
    form = ColleagueForm(None if asks_child else sent, people=colleagues(user, today))
    if form.is_valid():
        return redirect("referrals-granted-person", form.cleaned_data["person"])
    if by_child.is_valid() and (number := _child(user, by_child)):
        return redirect("risk-child-access", number)
    page = DeskPage(ending(user, now), left_behind(user, today))
    record(
        event="access.listed",
        verb=Verb.CONSULTATION,
        what="access",
        reference="all",
        at=now,
        by=user,
        after={"children": [row.reference for row in page.ending]},
    )
    shown = {"page": page, "form": form, "by_child": by_child}
    status = 422 if form.errors or by_child.errors else 200
    return render(request, "granted/desk.html", shown, status=status)


def _child(user: User, form: ChildForm) -> int | None:
    """Give the number of the child of that reference; a hidden one is not told from an absent one."""
    reference = form.cleaned_data["reference"].upper()
    found = Child.objects.visible_to(user).filter(reference=reference).first()
    if found is None:
        form.add_error("reference", "No child of this reference is open to you. Check it")
        return None
    return found.pk


@require_safe
def colleague(request: HttpRequest, number: int) -> HttpResponse:
    """Show what one colleague is shown; the trail names the children on the page."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.GRANTS_MANAGE)
    held = Post.objects.visible_to(user).filter(user_id=number).select_related("user").first()
    if held is None:
        raise Http404
    page = colleague_page(user, held.user, request.GET.get("page", "1"))
    listed = [child.reference for child in page.children]
    listed += [row.reference for row in page.seen.named]
    record(
        event="access.of_person_viewed",
        verb=Verb.CONSULTATION,
        what="account",
        reference=held.user.username,
        at=now,
        by=user,
        after={"children": listed},
    )
    return render(request, "granted/colleague.html", {"page": page})


def colleague_page(user: User, person: User, number: str) -> ColleaguePage:
    """Build the page; what is shared is listed for one whose role sees that alone."""
    seen = seen_by(user, person)
    children = shown_to(user, person) if seen.shared else Child.objects.visible_to(user).none()
    page = nearest_page(children, PAGE_SIZE, number)
    things = "child is shared" if page.paginator.count == 1 else "children are shared"
    return ColleaguePage(person.name, seen, list(page), paging(page, things))
