"""A referral's form, page by page: the same for whoever signs in and for the holder of a one-time link."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from hub.days.rules import LONDON
from hub.errors import RuleBroken
from hub.recording.forms import RecordingForm
from hub.recording.http import AUTOSAVE
from hub.recording.rules import Answers, in_words
from referrals.intake.forms import STEPS, CallerForm, CallForm, HolderForm, SendForm, StepForm
from referrals.intake.rules import (
    DESK,
    HOLDER,
    SECTIONS,
    YES,
    Concern,
    step_after,
    steps_of,
)

METHODS = ["GET", "HEAD", "POST"]
COMPLETED, BEGUN, NOT_BEGUN, NOT_NEEDED = "Completed", "In progress", "Not started", "Not needed"
KEPT = "Your draft is kept. You can go on with it from here."
INCOMPLETE = "referral.incomplete"
NOT_QUESTIONS = {"seen", "once"}


@dataclass(frozen=True)
class Paper:
    """A referral that is being written: who writes it, what it says so far, how it is kept and sent.

    `root` is the address of its task list, beneath which its pages lie; `given` are answers that a page
    begins with. `keep` keeps answers beside the others; `send` is given a key of its own and what puts the
    answers together: it sends exactly once, and gives where that led.
    `unsent`: what was typed on this page and reached the hub in another way.
    """

    writer: str
    answers: Answers
    root: str
    leave: str
    keep: Callable[[Answers], None]
    send: Callable[[UUID, Callable[[], "Said"]], str]
    given: dict[str, str] = field(default_factory=dict)
    unsent: Answers = field(default_factory=dict)

    @property
    def steps(self) -> tuple[str, ...]:
        """The pages that are asked, as far as the answers so far say."""
        said = {name: self._first(name) for name in ("about", "in_danger")}
        return steps_of(self.writer, **said)

    def _first(self, name: str) -> str:
        return next(iter(self.answers.get(name, [])), "")

    @property
    def in_danger(self) -> bool:
        """Whether somebody is in danger now, as far as was said."""
        return self._first("in_danger") == YES

    def at(self, step: str) -> str:
        """Give a page's address."""
        return f"{self.root}{step}/"

    def form_class(self, step: str) -> type[StepForm]:
        """Give the page's form: who is worried is asked of each writer in another way."""
        whose = {DESK: CallerForm, HOLDER: HolderForm}
        return whose.get(self.writer, STEPS[step]) if step == "who" else STEPS[step]

    def filled(self, step: str) -> StepForm:
        """Give the page's form with the answers so far."""
        held = QueryDict(mutable=True)
        for name in self.questions(step):
            held.setlist(name, self.answers.get(name, []))
        held["once"] = str(uuid4())
        return self.form_class(step)(held)

    def questions(self, step: str) -> list[str]:
        """Name the questions of a page."""
        return [name for name in self.form_class(step).base_fields if name not in NOT_QUESTIONS]

    def answered(self, step: str) -> bool:
        """Whether anything was typed on a page."""
        return any(text for name in self.questions(step) for text in self.answers.get(name, []))


@dataclass(frozen=True)
class Asked:
    """A page as it is printed."""

    form: RecordingForm
    heading: str
    section: str
    lead: str
    step: str
    root: str
    check: bool
    emergency: bool
    draft_saved_at: str = ""
    marked: bool = True


def ask(request: HttpRequest, paper: Paper, step: str) -> HttpResponse:
    """Show a page, keep what is half-typed, or keep the answers and go on."""
    if request.method != "POST":
        return _shown(request, paper, step, _opened(paper, step))
    typed = {name: request.POST.getlist(name) for name in paper.questions(step)}
    form = paper.form_class(step)(request.POST)
    by_script = AUTOSAVE in request.headers.get("Accept", "")
    try:
        paper.keep(typed)
    except RuleBroken as fault:
        if by_script:
            return JsonResponse({"fault": str(fault)}, status=fault.status)
        form.add_error(None, str(fault))
    if by_script:
        return JsonResponse({"saved": f"{timezone.now().astimezone(LONDON):%H:%M}"})
    if "later" in request.POST and not form.non_field_errors():
        if paper.writer != HOLDER:  # whose page says it, and who has no session
            messages.success(request, KEPT)
        return redirect(paper.leave)
    if not form.is_valid():
        return _shown(request, paper, step, form, 422)
    return redirect(_next(request, paper, step, typed))


def _opened(paper: Paper, step: str) -> StepForm:
    """The form with what was typed, without messages: nobody has sent it yet."""
    if not paper.answered(step) and not paper.unsent:
        return paper.form_class(step)(initial=paper.given)
    form = paper.filled(step)
    form.full_clean()
    form.errors.clear()
    return form


def _shown(
    request: HttpRequest, paper: Paper, step: str, form: StepForm, status: int = 200
) -> HttpResponse:
    section = next(title for title, steps in SECTIONS if step in steps)
    page = Asked(
        form=form,
        heading=form.title,
        section=section,
        lead=form.lead,
        step=step,
        root=paper.root,
        check=_from_check(request),
        emergency=step == "danger",
        marked=paper.writer != HOLDER,
    )
    return render(request, "intake/step.html", {"page": page}, status=status)


def _next(request: HttpRequest, paper: Paper, step: str, typed: Answers) -> str:
    paper.answers.update(typed)
    if step == "safety" and paper.in_danger:
        return paper.at("danger")
    if _from_check(request):
        return paper.at("check")
    return paper.at(step_after(step, paper.steps) or "check")


def _from_check(request: HttpRequest) -> bool:
    return request.GET.get("back") == "check"


# --- the task list -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """A section of the form, where it leads and how far it is."""

    number: int
    title: str
    address: str
    state: str


@dataclass(frozen=True)
class Tasks:
    """The task list."""

    tasks: list[Task]
    leave: str
    emergency: bool
    first: str
    marked: bool = True


def tasks(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Show the sections, each with how far it is."""
    if not any(paper.answers.values()):
        return redirect(paper.at("safety"))
    listed = [
        _task(paper, number, title, steps)
        for number, (title, steps) in enumerate(SECTIONS, start=1)
    ]
    done = all(task.state in (COMPLETED, NOT_NEEDED) for task in listed)
    last = Task(
        len(listed) + 1, "Check and send", paper.at("check"), "Ready" if done else NOT_BEGUN
    )
    page = Tasks(
        [*listed, last], paper.leave, paper.in_danger, paper.at("danger"), paper.writer != HOLDER
    )
    return render(request, "intake/tasks.html", {"page": page})


def _task(paper: Paper, number: int, title: str, steps: tuple[str, ...]) -> Task:
    asked = [step for step in steps if step in paper.steps]
    if not asked:
        about = paper.answered("about")
        return Task(number, title, "", NOT_NEEDED if about else NOT_BEGUN)
    missing = [step for step in asked if not paper.filled(step).is_valid()]
    begun = any(paper.answered(step) for step in asked)
    state = BEGUN if begun else NOT_BEGUN
    address = paper.at(missing[0] if missing and begun else asked[0])
    return Task(number, title, address, state if missing or not begun else COMPLETED)


# --- check and send ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A question with its answer, and where it is changed."""

    label: str
    answer: str
    address: str


@dataclass(frozen=True)
class Card:
    """A section's answers."""

    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Check:
    """Everything that was typed; `missing` are the questions that must still be answered."""

    form: RecordingForm
    missing: list[Line]
    cards: list[Card]
    root: str
    leave: str
    fault: str = ""
    marked: bool = True


def check(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Show all answers, those that are missing first; or send them, once."""
    if request.method != "POST":
        return _checked(request, paper)
    sent = SendForm(request.POST)
    if not sent.is_valid():
        return _checked(request, paper, 422)
    try:
        went_to = paper.send(sent.cleaned_data["once"], lambda: said_of(paper))
    except RuleBroken as fault:
        known = "" if fault.code == INCOMPLETE else str(fault)
        return _checked(request, paper, fault.status, known)
    return redirect(went_to)


@dataclass(frozen=True)
class Said:
    """A whole referral: the concern, and how it arrived where the hub takes it down."""

    concern: Concern
    call: CallForm | None


def said_of(paper: Paper) -> Said:
    """Put the answers together. Raises RuleBroken where one is missing."""
    forms = {step: paper.filled(step) for step in paper.steps}
    if not all([form.is_valid() for form in forms.values()]):  # noqa: C419  # each is cleaned
        raise RuleBroken(INCOMPLETE, "Answer what is missing")
    call = forms.get("call")
    return Said(_concern(paper, forms), call if isinstance(call, CallForm) else None)


def _concern(paper: Paper, forms: dict[str, StepForm]) -> Concern:
    said: dict[str, Any] = {}
    for form in forms.values():
        said |= form.cleaned_data
    known = Concern.__dataclass_fields__
    said = {name: value for name, value in said.items() if name in known}
    types = tuple(said.pop("exploitation_types", ()))
    given = {name: text for name, text in paper.given.items() if name in known}
    return Concern(**{**given, **said}, exploitation_types=types)


def _checked(
    request: HttpRequest, paper: Paper, status: int = 200, fault: str = ""
) -> HttpResponse:
    cards = [
        Card(title, [line for step in steps if step in paper.steps for line in _lines(paper, step)])
        for title, steps in SECTIONS
    ]
    page = Check(
        form=SendForm(),
        missing=list(_missing(paper)),
        cards=[card for card in cards if card.lines],
        root=paper.root,
        leave=paper.leave,
        fault=fault,
        marked=paper.writer != HOLDER,
    )
    return render(request, "intake/check.html", {"page": page}, status=status)


def _lines(paper: Paper, step: str) -> Iterator[Line]:
    form = paper.filled(step)
    for name in paper.questions(step):
        question = form.fields[name]
        choices = {str(code): str(label) for code, label in getattr(question, "choices", [])}
        answers = [text for text in paper.answers.get(name, []) if text]
        words = in_words(answers, choices) if answers else "Not answered"
        yield Line(str(question.label), words, f"{paper.at(step)}?back=check")


def _missing(paper: Paper) -> Iterator[Line]:
    for step in paper.steps:
        form = paper.filled(step)
        for messages_of in form.errors.values():
            yield Line(str(messages_of[0]), "", f"{paper.at(step)}?back=check")
