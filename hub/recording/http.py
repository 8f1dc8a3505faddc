"""The one way in which a page records something by hand: nothing typed is lost, nothing is done twice.

A page gives `record_by_form` its form, what stands around it, what is stored now, and one action. Drafts,
messages, the conflict of two editors and the second press of a button are the same for all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import note_refusal, record
from hub.audit.models import Verb
from hub.days.rules import LONDON
from hub.errors import Conflict, RuleBroken
from hub.logs.middleware import path_of
from hub.recording.actions import do_once, drop_draft, keep_draft
from hub.recording.forms import RecordingForm
from hub.recording.queries import own_drafts
from hub.recording.rules import Answers, Side, answers_of, in_words

F = TypeVar("F", bound=RecordingForm)
AUTOSAVE = "application/json"
DRAFT_IS_KEPT = "Your draft is kept for 30 days. Home lists what is half-written."


@dataclass(frozen=True)
class Sheet:
    """What stands around a form.

    `title` names the page (a reference, never a name); `back` is where Cancel leads, `done` what is said
    when it is recorded. `context` is for the template besides `sheet`.
    """

    title: str
    heading: str
    button: str
    back: str
    done: str
    lead: str = ""
    template: str = "recording/form.html"
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """What is stored now: the form's values, the token of that version, who recorded it and when."""

    values: Mapping[str, object] = field(default_factory=dict)
    token: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Renewal:
    """How a draft is written anew when what it stands on has changed since.

    `ground` names that ("The decision"); `write` gives the answers anew, and keeps what was typed.
    """

    ground: str
    write: Callable[[Answers], Answers]


@dataclass(frozen=True)
class Page:
    """What the sheet's template prints besides its own; `overtaken` says since when a draft is old."""

    form: RecordingForm
    sheet: Sheet
    draft_saved_at: str = ""
    sent_too_late: bool = False
    overtaken: str = ""
    sides: tuple[Side, ...] = ()
    stored_by: str = ""
    stored_at: str = ""


@dataclass(frozen=True)
class _Desk:
    """A request at a form, with all that the steps below need."""

    request: HttpRequest
    user: User
    make: Callable[..., Any]
    sheet: Sheet
    now: datetime

    def show(self, form: RecordingForm, status: int = 200, **more: Any) -> HttpResponse:
        page = Page(form=form, sheet=self.sheet, **more)
        context = {**self.sheet.context, "sheet": self.sheet, "page": page}
        return render(self.request, self.sheet.template, context, status=status)


def record_by_form(
    request: HttpRequest,
    *,
    form: Callable[..., F],
    sheet: Sheet,
    stored: Callable[[], Stored],
    act: Callable[[F], str],
    renewal: Renewal | None = None,
) -> HttpResponse:
    """Show the form, keep its draft, or do what it asks.

    `stored` must read the database anew each time it is called: it is asked again under the partnership's
    lock, and again for the conflict page. `act` calls one action with the form's clean answers and gives
    the address to go to. Its RuleBroken is shown in the form, its Conflict as both versions side by side;
    in both what was typed is kept. With `renewal` a draft that has seen another version than is stored says
    so, and is written anew by a button.
    """
    desk = _Desk(request, signed_in(request), form, sheet, timezone.now())
    if request.method != "POST":
        return _fresh(desk, stored(), renewal)
    if "discard" in request.POST:
        drop_draft(address=request.path, by=desk.user)
        return redirect(request.path)
    if "later" in request.POST:
        return _keep(desk, _typed(desk))
    if renewal and "renew" in request.POST:
        anew = renewal.write(_typed(desk)) | {"seen": [stored().token]}
        return _keep(
            desk, anew, to=request.path, said="It is written anew. What you typed is kept."
        )
    return _send(desk, stored, act)


def _fresh(desk: _Desk, held: Stored, renewal: Renewal | None) -> HttpResponse:
    """Show the form with the person's own draft, or else with what is stored."""
    form = desk.make(initial={**held.values, "seen": held.token})
    address = desk.request.path
    draft = own_drafts(desk.user, [address], desk.now).get(address)
    if draft is None or not draft.answers:
        return desk.show(form)
    answers = QueryDict(mutable=True)
    for name, values in draft.answers.items():
        answers.setlist(name, values)
    answers["once"] = str(uuid4())
    old = renewal is not None and draft.answers.get("seen") != [held.token]
    return desk.show(
        _unasked(desk.make(answers)),
        draft_saved_at=_clock(draft.saved_at),
        sent_too_late=draft.sealed,
        overtaken=_overtaken(renewal.ground, held) if old and renewal else "",
    )


def _overtaken(ground: str, held: Stored) -> str:
    on = f" on {_when(held.at)}" if held.at else ""
    return f"{ground} was changed{on}, after this draft was written."


def _unasked(form: RecordingForm) -> RecordingForm:
    """Take the messages off a draft: nobody has sent it yet."""
    form.full_clean()
    form.errors.clear()
    return form


def _typed(desk: _Desk) -> Answers:
    return answers_of({name: list(values) for name, values in desk.request.POST.lists()})


def _keep(
    desk: _Desk, answers: Answers, *, to: str = "", said: str = DRAFT_IS_KEPT
) -> HttpResponse:
    """Keep a draft: for the script with the time as the answer, for a button with the page that follows."""
    by_script = AUTOSAVE in desk.request.headers.get("Accept", "")
    try:
        keep_draft(
            address=desk.request.path,
            title=desk.sheet.title,
            answers=answers,
            now=desk.now,
            by=desk.user,
        )
    except RuleBroken as fault:
        if by_script:
            return JsonResponse({"fault": str(fault)}, status=fault.status)
        form = desk.make(desk.request.POST)
        form.add_error(None, str(fault))
        return desk.show(form, fault.status)
    if by_script:
        return JsonResponse({"saved": _clock(desk.now)})
    messages.success(desk.request, said)
    return redirect(to or desk.sheet.back)


def _send(desk: _Desk, stored: Callable[[], Stored], act: Callable[[Any], str]) -> HttpResponse:
    form = desk.make(desk.request.POST)
    if not form.is_valid():
        return desk.show(form, 422)

    def deed() -> str:
        if form.cleaned_data["seen"] != stored().token:
            raise Conflict("Somebody else changed this meanwhile.")
        return act(form)

    try:
        went_to, new = do_once(once=form.cleaned_data["once"], act=deed, now=desk.now, by=desk.user)
    except RuleBroken as fault:
        if fault.noted:
            _note_refusal(desk, fault)
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        return desk.show(form, fault.status)
    except Conflict as meanwhile:
        return _conflict(desk, form, stored(), meanwhile.status)
    drop_draft(address=desk.request.path, by=desk.user)
    if new:
        messages.success(desk.request, desk.sheet.done)
    return redirect(went_to)


def _note_refusal(desk: _Desk, fault: RuleBroken) -> None:
    """Put on the trail that the form was refused: what the action did is undone by then, this stands."""
    match = desk.request.resolver_match
    note_refusal(
        found=True,
        page=match.url_name or "" if match else "",
        address=path_of(desk.request),
        reason=str(fault),
        now=desk.now,
        by=desk.user,
    )


def _conflict(desk: _Desk, typed: RecordingForm, held: Stored, status: int) -> HttpResponse:
    """Lay both versions side by side; the form keeps what was typed, and has now seen what is stored."""
    answers = desk.request.POST.copy()
    answers["seen"] = held.token
    record(
        event="form.conflict",
        verb=Verb.CONSULTATION,
        what="form",
        reference=desk.sheet.title,
        at=desk.now,
        by=desk.user,
    )
    return desk.show(
        _unasked(desk.make(answers)),
        status,
        sides=tuple(_side(typed, name, held) for name in typed.fields if name in held.values),
        stored_by=held.by,
        stored_at=_when(held.at) if held.at else "",
    )


def _side(typed: RecordingForm, name: str, held: Stored) -> Side:
    question = typed.fields[name]
    choices = {str(value): str(label) for value, label in getattr(question, "choices", [])}
    return Side(
        label=str(question.label),
        stored=in_words(held.values[name], choices),
        typed=in_words(typed.cleaned_data.get(name), choices),
    )


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%H:%M}"


def _when(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y} at {local:%H:%M}"
