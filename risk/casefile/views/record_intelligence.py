"""Logging police intelligence about a child, putting it right, releasing it and recalling a release."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.rules import Permission
from hub.days.rules import london_date
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import MEANWHILE
from hub.recording.http import Sheet, Stored, record_by_form
from partners.agencies.models import Agency
from risk.casefile.views.opening import OpenCase, open_case
from risk.intelligence.actions import (
    correct_log,
    log_intelligence,
    recall,
    release,
    withdraw_log,
)
from risk.intelligence.forms import CorrectLogForm, LogForm, ReasonForm, ReleaseForm
from risk.intelligence.models import IntelligenceLog, IntelligenceRelease
from risk.intelligence.rules import Logged
from risk.suspects.models import Suspect

METHODS = ["GET", "HEAD", "POST"]
NEEDS = Permission.INTELLIGENCE_RECORD
NO_SUSPECT = "No suspect of this hub has this reference. Check it, or leave it empty."
ANEW = "Releases of the log end with a correction: release it anew where the agency is to have it still."
LETS_OUT = (
    "All of the agency's people who see this child read these words, and the grading, until you recall them."
    " Who the suspect and the recorder are is not shown to them."
)
GONE = "The agency no longer sees it from its next page on."
OFF = "This takes the log off the child's page for good, and ends its releases."


@require_http_methods(METHODS)
def new(request: HttpRequest, child_id: int) -> HttpResponse:
    """Log intelligence about a child."""
    opened = open_case(request, child_id, needs=NEEDS, title="Log intelligence")

    def act(form: LogForm) -> str:
        suspect = _suspect(opened, form)
        log_intelligence(child=opened.child, logged=form.logged, suspect=suspect, by=opened.user)
        return _tab(opened)

    return record_by_form(
        request,
        form=LogForm,
        sheet=_sheet(opened, "Log intelligence", "Save log", ""),
        stored=lambda: Stored({"happened_on": london_date(opened.now)}),
        act=act,
    )


@require_http_methods(METHODS)
def correct(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Correct a log or its grading: its old version stays."""
    opened = open_case(request, child_id, needs=NEEDS, title="Correct intelligence")
    _look_for(opened, number)

    def act(form: CorrectLogForm) -> str:
        correct_log(
            log=_standing(opened, number),
            logged=form.logged,
            suspect=_suspect(opened, form),
            reason=form.cleaned_data["reason"],
            by=opened.user,
        )
        return _tab(opened)

    return record_by_form(
        request,
        form=CorrectLogForm,
        sheet=_sheet(opened, "Correct intelligence", "Save correction", ANEW),
        stored=lambda: _stored(opened, number),
        act=act,
    )


@require_http_methods(METHODS)
def withdraw(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Withdraw a log about the wrong child."""
    opened = open_case(request, child_id, needs=NEEDS, title="Withdraw intelligence")
    _look_for(opened, number)

    def act(form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        withdraw_log(log=_standing(opened, number), reason=reason, by=opened.user)
        return _tab(opened)

    sheet = _sheet(opened, "Withdraw intelligence", "Withdraw log", OFF)
    stored = partial(_stored, opened, number)
    return record_by_form(request, form=ReasonForm, sheet=sheet, stored=stored, act=act)


@require_http_methods(METHODS)
def let_out(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Release a log to an agency."""
    opened = open_case(request, child_id, needs=NEEDS, title="Release intelligence")
    _look_for(opened, number)
    agencies = {f"{agency.pk}": agency for agency in _agencies(opened)}

    def act(form: ReleaseForm) -> str:
        typed = form.cleaned_data
        release(
            log=_standing(opened, number),
            agency=agencies[typed["agency"]],
            because=typed["because"],
            conditions=typed["conditions"],
            by=opened.user,
        )
        return _tab(opened)

    return record_by_form(
        request,
        form=partial(ReleaseForm, agencies=[(key, row.name) for key, row in agencies.items()]),
        sheet=_sheet(opened, "Release intelligence", "Release", LETS_OUT),
        stored=lambda: Stored({}, _stored(opened, number).token),
        act=act,
    )


@require_http_methods(METHODS)
def end(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Recall a release."""
    opened = open_case(request, child_id, needs=NEEDS, title="Recall a release")
    rows = IntelligenceRelease.objects.visible_to(opened.user).filter(child=opened.record)
    given = rows.select_related("log__child", "agency").filter(pk=number).first()
    if given is None:
        raise Http404

    def act(form: ReasonForm) -> str:
        recall(given=given, reason=form.cleaned_data["reason"], by=opened.user)
        return _tab(opened)

    sheet = _sheet(opened, f"Recall the release to {given.agency.name}", "Recall", GONE)
    return record_by_form(request, form=ReasonForm, sheet=sheet, stored=Stored, act=act)


def _tab(opened: OpenCase) -> str:
    return reverse("risk-child-intelligence", args=[opened.child.pk])


def _sheet(opened: OpenCase, heading: str, button: str, lead: str) -> Sheet:
    return Sheet(
        title=opened.frame.title,
        heading=heading,
        button=button,
        back=_tab(opened),
        done="Recorded.",
        lead=lead,
        template="children/record.html",
        context={"frame": opened.frame},
    )


def _agencies(opened: OpenCase) -> list[Agency]:
    rows = Agency.objects.visible_to(opened.user).filter(partnership=opened.child.partnership_id)
    return list(rows.order_by("name"))


def _suspect(opened: OpenCase, form: LogForm) -> Suspect | None:
    """Find the suspect by the reference that was typed."""
    reference = form.cleaned_data["suspect"].strip()
    if not reference:
        return None
    rows = Suspect.objects.visible_to(opened.user).filter(partnership=opened.child.partnership_id)
    suspect = rows.filter(reference=reference).first()
    if suspect is None:
        raise RuleBroken("intelligence.suspect", NO_SUSPECT, "suspect")
    return suspect


def _look_for(opened: OpenCase, number: int) -> IntelligenceLog:
    """Fetch the log's last version. One that is withdrawn is there for who still types alone."""
    rows = IntelligenceLog.objects.visible_to(opened.user).filter(child=opened.record)
    people = ("child", "suspect", "recorded_by", "superseded_by")
    versions = rows.filter(position=number).select_related(*people)
    log = versions.order_by("known_from", "pk").last()
    if log is None:
        raise Http404
    return log


def _standing(opened: OpenCase, number: int) -> IntelligenceLog:
    log = _look_for(opened, number)
    if log.superseded_at is not None:
        raise Conflict(MEANWHILE)
    return log


def _stored(opened: OpenCase, number: int) -> Stored:
    """Give what stands; of a log that was withdrawn meanwhile, that nothing does any more."""
    log = _look_for(opened, number)
    names = (*Logged.__dataclass_fields__, "suspect")
    if log.superseded_at is not None:
        by = log.superseded_by.name if log.superseded_by else ""
        return Stored(dict.fromkeys(names), "withdrawn", by, log.superseded_at)
    values = {name: getattr(log, name) for name in Logged.__dataclass_fields__}
    values["suspect"] = log.suspect.reference if log.suspect else ""
    by = log.recorded_by.name if log.recorded_by else ""
    return Stored(values, f"{log.pk}", by, log.known_from)
