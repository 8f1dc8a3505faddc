"""Asking the agencies about a child, answering for one's own, and changing that answer."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.rules import Permission
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.recording.http import Sheet, Stored, record_by_form
from referrals.checks.actions import answer_check, ask_checks, change_answer, require_asked
from referrals.checks.forms import AnswerForm, AskForm, ChangeAnswerForm
from referrals.checks.models import AgencyCheck, CheckAnswer, agencies_to_ask
from referrals.checks.queries import own_checks
from referrals.episodes.models import Episode
from referrals.notes.rules import HUB
from risk.casefile.views.opening import OpenCase, open_case
from risk.casefile.views.record_note import agencies_besides

METHODS = ["GET", "HEAD", "POST"]
SAID = ("knows", "text", "sources", "seen_by", "for_agencies", "conditions", "source_protected")
ALL_ASKED = "Each of these was asked before and has not answered yet. Choose others, or cancel."
NEXT = "The answer is recorded."


@require_http_methods(METHODS)
def ask(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Ask agencies what they know, on an open episode; those usually asked are ticked."""
    opened = open_case(request, child_id, needs=Permission.CASES_RECORD, title="Ask the agencies")
    episode = _episode(opened, episode_id)
    able = {f"{one.pk}": one for one in agencies_to_ask(opened.child, london_date(opened.now))}

    def act(form: AskForm) -> str:
        chosen = [able[number] for number in form.cleaned_data["agencies"]]
        why = form.cleaned_data["why"]
        if not ask_checks(episode=episode, why=why, agencies=chosen, by=opened.user):
            raise RuleBroken("check.asked", ALL_ASKED, "agencies")
        return _page(opened)

    usual = [number for number, agency in able.items() if agency.asked_checks]
    return record_by_form(
        request,
        form=partial(AskForm, agencies=[(number, one.name) for number, one in able.items()]),
        sheet=_sheet(opened, f"Ask the agencies: {episode.reference}", "Ask", "Asked."),
        stored=lambda: Stored({"agencies": usual}),
        act=act,
    )


@require_http_methods(METHODS)
def answer(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Answer for one's own agency, or change the answer; then the next check that waits is open."""
    opened = open_case(request, child_id, needs=Permission.CHECKS_ANSWER, title="Answer a check")
    check = _check(opened, number)
    require_asked(opened.user, check)
    if _standing(opened, check) is None:
        return _first_answer(request, opened, check)
    return _changed_answer(request, opened, check)


def _first_answer(request: HttpRequest, opened: OpenCase, check: AgencyCheck) -> HttpResponse:
    def act(form: AnswerForm) -> str:
        answer_check(check=check, answered=form.answered, by=opened.user)
        return _next(opened)

    return record_by_form(
        request,
        form=partial(AnswerForm, agencies=agencies_besides(opened)),
        sheet=_sheet(opened, "What does your agency know?", "Record and go to the next", NEXT),
        stored=lambda: _stored(opened, check),
        act=act,
    )


def _changed_answer(request: HttpRequest, opened: OpenCase, check: AgencyCheck) -> HttpResponse:
    def act(form: ChangeAnswerForm) -> str:
        old = _standing(opened, check)
        if old is None:
            raise Http404
        reason = form.cleaned_data["reason"]
        change_answer(answer=old, answered=form.answered, reason=reason, by=opened.user)
        return _page(opened)

    return record_by_form(
        request,
        form=partial(ChangeAnswerForm, agencies=agencies_besides(opened)),
        sheet=_sheet(opened, "Change the answer", "Record the change", "The answer is changed."),
        stored=lambda: _stored(opened, check),
        act=act,
    )


def _episode(opened: OpenCase, number: int) -> Episode:
    for one in opened.case.episodes:
        if one.fact.episode_id == number:
            return one.fact.episode
    raise Http404


def _check(opened: OpenCase, number: int) -> AgencyCheck:
    rows = AgencyCheck.objects.visible_to(opened.user).filter(child=opened.child, pk=number)
    check = rows.first()
    if check is None:
        raise Http404
    return check


def _standing(opened: OpenCase, check: AgencyCheck) -> CheckAnswer | None:
    rows = CheckAnswer.objects.visible_to(opened.user).known().filter(asked=check)
    return rows.select_related("asked", "recorded_by").first()


def _stored(opened: OpenCase, check: AgencyCheck) -> Stored:
    """Give what stands: a colleague may have answered while this one was typed."""
    old = _standing(opened, check)
    if old is None:
        return Stored({"seen_by": HUB})
    by = old.recorded_by.name if old.recorded_by else ""
    return Stored({name: getattr(old, name) for name in SAID}, f"{old.pk}", by, old.known_from)


def _next(opened: OpenCase) -> str:
    """Lead to the check of one's own agency that is due first, or back to the list of none."""
    first = own_checks(opened.user).outstanding().order_by("due_at", "pk").first()
    if first is None:
        return reverse("risk-my-work")
    return reverse("risk-child-check", args=[first.child_id, first.pk])


def _page(opened: OpenCase) -> str:
    return reverse("risk-child-checks", args=[opened.child.pk])


def _sheet(opened: OpenCase, heading: str, button: str, done: str) -> Sheet:
    return Sheet(
        title=opened.frame.title,
        heading=heading,
        button=button,
        back=_page(opened),
        done=done,
        template="children/record.html",
        context={"frame": opened.frame},
    )
