"""The partnership's settings: how soon levels are reviewed, and its services."""

from dataclasses import asdict, dataclass
from datetime import time
from functools import partial
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.errors import RuleBroken
from hub.recording.http import Sheet, Stored, record_by_form
from partners.agencies.actions import set_asking
from partners.agencies.models import Agency
from partners.partnerships.actions import set_practice, set_review_days, set_terms
from partners.partnerships.models import Partnership
from partners.partnerships.rules import LEVELS, Practice, Terms
from partners.services.actions import offer
from partners.services.forms import AskingForm, PracticeForm, ReviewDaysForm, ServiceForm, TermsForm
from partners.services.models import Service

KEPT = "Reviews that are planned already stay as they are; the next ones go by the new days."
ASKED = "What was asked already keeps its time; new questions go by the new settings."
FROM_THE_NEXT = "It counts from the next referral on; those that came already keep their days."
AT_ONCE = (
    "Lists and pages go by the new numbers at once. Links that were sent and disagreements that are with a"
    " level keep their days."
)
OFFERED = "Children can be referred to it from now on; its agency's workers see who was accepted."


@dataclass(frozen=True)
class SettingsPage:
    """What the page shows."""

    name: str
    reviews: list[tuple[str, int | None]]
    services: list[tuple[str, str]]
    terms: Terms
    meets_at: time
    checks_due_at: time
    practice: Practice


def _own(user: User) -> Partnership:
    require(user, Permission.PARTNERSHIP_SETTINGS)
    return Partnership.objects.visible_to(user).order_by("pk")[:1].get()


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Show the settings; nothing here is of a child, so it is not on the trail."""
    user = signed_in(request)
    own = _own(user)
    services = Service.objects.visible_to(user).order_by("agency__name", "name")
    page = SettingsPage(
        name=own.name,
        reviews=[(label, own.review_days.get(level)) for level, label in LEVELS.items()],
        services=list(services.values_list("name", "agency__name")),
        terms=own.terms,
        meets_at=own.meets_at,
        checks_due_at=own.checks_due_at,
        practice=own.practice,
    )
    return render(request, "partnership/settings.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def review_days(request: HttpRequest) -> HttpResponse:
    """Change within how many days levels are reviewed."""
    user = signed_in(request)
    _own(user)  # also of an empty form, which is answered before it is asked for

    def stored() -> Stored:
        days = _own(user).review_days
        token = ",".join(f"{level}={days.get(level, '')}" for level in LEVELS)
        return Stored({level.lower(): days.get(level) for level in LEVELS}, token)

    def act(form: ReviewDaysForm) -> str:
        own = _own(user)
        set_review_days(
            partnership=own,
            days=form.days,
            seen=own.review_days,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            by=user,
        )
        return reverse("partners-settings")

    sheet = _sheet("Days until a review", "Change the days", "The days are changed.", KEPT)
    return record_by_form(request, form=ReviewDaysForm, sheet=sheet, stored=stored, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """Change how soon a referral is decided and its referrer told, and who gets a link."""
    user = signed_in(request)
    _own(user)

    def stored() -> Stored:
        held = _own(user).terms
        domains = "\n".join(held.domains)
        values = {"decision_days": held.decision_days, "feedback_days": held.feedback_days}
        return Stored({**values, "domains": domains}, sha256(repr(held).encode()).hexdigest())

    def act(form: TermsForm) -> str:
        own, reason = _own(user), form.cleaned_data["reason"]
        set_terms(
            partnership=own,
            terms=form.terms,
            seen=own.terms,
            reason=reason,
            now=timezone.now(),
            by=user,
        )
        return reverse("partners-settings")

    sheet = _sheet("Taking referrals in", "Change", "The settings are changed.", FROM_THE_NEXT)
    return record_by_form(request, form=TermsForm, sheet=sheet, stored=stored, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """Change how early and how long the hub looks at things."""
    user = signed_in(request)
    _own(user)

    def stored() -> Stored:
        held = asdict(_own(user).practice)
        return Stored(held, ",".join(f"{name}={number}" for name, number in held.items()))

    def act(form: PracticeForm) -> str:
        own, reason = _own(user), form.cleaned_data["reason"]
        set_practice(
            partnership=own,
            practice=form.practice,
            seen=own.practice,
            reason=reason,
            now=timezone.now(),
            by=user,
        )
        return reverse("partners-settings")

    sheet = _sheet("Notices and deadlines", "Change", "The settings are changed.", AT_ONCE)
    return record_by_form(request, form=PracticeForm, sheet=sheet, stored=stored, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
def asking(request: HttpRequest) -> HttpResponse:
    """Change how agencies are asked what they know about a child."""
    user = signed_in(request)
    _own(user)
    rows = list(Agency.objects.visible_to(user).order_by("name"))

    def stored() -> Stored:
        own = _own(user)
        known = list(Agency.objects.visible_to(user).order_by("name"))
        values: dict[str, object] = {"meets_at": own.meets_at, "due_at": own.checks_due_at}
        values["asked"] = [f"{row.pk}" for row in known if row.asked_checks]
        values |= {f"mailbox_{row.pk}": row.mailbox for row in known}
        return Stored(values, str(sha256(repr(values).encode()).hexdigest()))

    def act(form: AskingForm) -> str:
        reason, now = form.cleaned_data["reason"], timezone.now()
        set_asking(partnership=_own(user), asking=form.asking, reason=reason, now=now, by=user)
        return reverse("partners-settings")

    return record_by_form(
        request,
        form=partial(AskingForm, agencies=[(row.pk, row.name) for row in rows]),
        sheet=_sheet("Agency checks", "Change", "The settings are changed.", ASKED),
        stored=stored,
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def service_new(request: HttpRequest) -> HttpResponse:
    """Enter a service that an agency offers."""
    user = signed_in(request)
    _own(user)
    rows = {f"{row.pk}": row for row in Agency.objects.visible_to(user).order_by("name")}

    def act(form: ServiceForm) -> str:
        if Service.objects.visible_to(user).filter(code=form.code).exists():
            raise RuleBroken("service.taken", "There is a service of that name already", "name")
        agency = rows[form.cleaned_data["agency"]]
        offer(
            agency=agency,
            code=form.code,
            name=form.cleaned_data["name"],
            now=timezone.now(),
            by=user,
        )
        return reverse("partners-settings")

    return record_by_form(
        request,
        form=partial(ServiceForm, agencies=[(key, row.name) for key, row in rows.items()]),
        sheet=_sheet("New service", "Enter the service", "The service is entered.", OFFERED),
        stored=Stored,
        act=act,
    )


def _sheet(heading: str, button: str, done: str, lead: str) -> Sheet:
    back = reverse("partners-settings")
    return Sheet(title=heading, heading=heading, button=button, back=back, done=done, lead=lead)
