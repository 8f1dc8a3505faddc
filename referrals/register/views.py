"""Registering a child who is not known yet; first, those who may be the same are shown."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.recording.http import Sheet, Stored, record_by_form
from partners.partnerships.models import Partnership
from referrals.matching.queries import Alike, who_may_be
from referrals.register.actions import register_child
from referrals.register.forms import RegisterForm

NOBODY = Alike([], 0)


@require_http_methods(["GET", "HEAD", "POST"])
def new_child(request: HttpRequest) -> HttpResponse:
    """Take the details of a child; with others who may be the same, once more with "None of these"."""
    user = signed_in(request)
    require(user, Permission.CASES_RECORD)
    own = Partnership.objects.visible_to(user).get()  # whoever signs in works in one
    make = partial(RegisterForm, wards=own.wards())
    alike = _alike(request, make, own, user)

    def act(form: RegisterForm) -> str:
        child = register_child(
            partnership=own, new=form.new_child, not_these=form.not_these, by=user
        )
        return reverse("risk-child-episode-new", args=[child.pk])

    return record_by_form(
        request,
        form=partial(make, alike=alike.key),
        sheet=_sheet(alike),
        stored=Stored,
        act=act,
    )


def _sheet(alike: Alike) -> Sheet:
    return Sheet(
        title="New child",
        heading="Register a child",
        button="Register the child",
        back=reverse("referrals-search"),
        done="The child is registered. Now record the concern, as the child's first episode.",
        template="register/new.html",
        context={"alike": alike},
    )


def _alike(
    request: HttpRequest, make: "partial[RegisterForm]", own: Partnership, user: User
) -> Alike:
    """Find who may be the same, once the form can be read; that they were shown goes on the trail."""
    if request.method != "POST" or {"later", "discard"} & set(request.POST):
        return NOBODY
    form, now = make(request.POST), timezone.now()
    if not form.is_valid():
        return NOBODY
    alike = who_may_be(user, own.pk, form.new_child.person, london_date(now))
    if alike.rows:
        record(
            event="children.compared",
            verb=Verb.CONSULTATION,
            what="children",
            reference="new child",
            at=now,
            by=user,
            after={"children": [row.reference for row in alike.rows]},
        )
    return alike
