"""Recording a child's level: setting one, putting it right, taking it back, and moving its review."""

from datetime import date
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.rules import Permission
from hub.days.rules import london_date
from hub.errors import Conflict
from hub.facts.actions import MEANWHILE
from hub.recording.http import Stored, record_by_form
from hub.templatetags.hub import LOOKS, day
from partners.partnerships.models import Partnership
from risk.casefile.views.levels import rested_on, said_by
from risk.casefile.views.opening import OpenCase, open_case
from risk.casefile.views.record_episode import (
    METHODS,
    OpenEpisode,
    sheet_of,
    standing_fact,
    take_up,
)
from risk.levels.actions import CURRENT_SCALE, correct_level, set_level, withdraw_level
from risk.levels.forms import CorrectLevelForm, LevelForm, WithdrawLevelForm
from risk.levels.models import RiskLevel, choices_on
from risk.levels.rules import NO_RISK, closes_at_once, review_due
from risk.reviews.actions import move_review
from risk.reviews.forms import MoveReviewForm
from risk.reviews.rules import latest_review
from risk.tools.queries import choices_for

NEEDS = Permission.LEVELS_RECORD
CLOSES = "No risk was ever found on this episode: No CSE risk closes it at once, on the day of the level."
TAKEN_BACK = (
    "This takes back a level that was set on the wrong episode; the one before it is in force again. "
    "If only something in it is wrong, correct it instead."
)
STAYS_CLOSED = "An episode that it closed stays closed: correct its closing too."
LEVEL = ("level", "rationale", "agreed", "set_on")
TOOL = "tool"


@require_safe
def of_child(request: HttpRequest, child_id: int) -> HttpResponse:
    """Lead to the form for a level: of the one open episode, else to the choice among the episodes."""
    opened = open_case(request, child_id, needs=NEEDS, title="Record a level")
    if len(opened.case.open) != 1:
        return redirect("risk-child-episodes", child_id)
    episode = opened.case.open[0].fact.episode_id
    return redirect("risk-child-level-new", child_id, episode)


@require_http_methods(METHODS)
def new(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Set a level with its reason; the review that it brings is shown, and may be set earlier."""
    taken = take_up(request, child_id, episode_id, needs=NEEDS, title="Record a level")
    today = london_date(taken.opened.now)

    def act(form: LevelForm) -> str:
        set_level(
            episode=taken.episode,
            decision=form.decision,
            seen_level=taken.episode.level,
            review_on=form.review,
            by=taken.opened.user,
        )
        return taken.address

    reviews = _reviews_in_words(review_days(taken), today)
    return record_by_form(
        request,
        form=partial(
            LevelForm, levels=choices_on(CURRENT_SCALE), tools=_tools(taken), reviews=reviews
        ),
        sheet=sheet_of(
            taken, "record a level", "Record level", "The level is recorded.", lead=_warning(taken)
        ),
        stored=lambda: _in_force(taken, blank=request.method != "POST"),
        act=act,
    )


def review_days(taken: OpenEpisode) -> dict[str, int]:
    """Give the partnership's days from a level to its review, by level."""
    partnerships = Partnership.objects.visible_to(taken.opened.user)
    days: dict[str, int] = partnerships.get(pk=taken.episode.partnership_id).review_days
    return days


def _reviews_in_words(days: dict[str, int], today: date) -> str:
    """Say which review each level brings if it is set today."""
    due = {level: review_due(today, level, days) for level in LOOKS}
    named = [f"{LOOKS[level].label} {day(on)}" for level, on in due.items() if on]
    brought = ", ".join(named)
    return f"Leave it empty for the usual day (from today: {brought}), or enter an earlier one"


def _warning(taken: OpenEpisode) -> str:
    levels = (row.level for row in _levels(taken))
    at_once = taken.fact.closed_on is None and closes_at_once(NO_RISK, levels)
    return CLOSES if at_once else ""


def _levels(taken: OpenEpisode) -> list[RiskLevel]:
    rows = RiskLevel.objects.visible_to(taken.opened.user).known().filter(episode=taken.episode)
    return list(rows.select_related("recorded_by", "source").order_by("set_on", "position"))


def _in_force(taken: OpenEpisode, *, blank: bool) -> Stored:
    """Give the level in force. A fresh form asks for another: there only the day is filled in."""
    levels = _levels(taken)
    today = london_date(taken.opened.now)
    if not levels:
        return Stored({"set_on": today})
    stored = _stored(levels[-1])
    return Stored({"set_on": today}, stored.token) if blank else stored


def _tools(taken: OpenEpisode, number: int | None = None) -> list[tuple[str, str]]:
    """Give the versions to choose from; of a level that is there its own too, should it stand no longer."""
    offered = choices_for(taken.opened.user, taken.fact.exploitation_types)
    named = _look_for(taken.opened, number).tool_version if number is not None else None
    if named is None or f"{named.pk}" in dict(offered):
        return offered
    return [*offered, (f"{named.pk}", rested_on(named))]


def _stored(level: RiskLevel) -> Stored:
    by = said_by(level.recorded_by, level.source)
    values: dict[str, object] = {name: getattr(level, name) for name in LEVEL}
    values[TOOL] = f"{level.tool_version_id or ''}"
    return Stored(values, f"{level.pk}", by, level.known_from)


@require_http_methods(METHODS)
def correct(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Put right a level that was recorded wrongly."""
    opened = open_case(request, child_id, needs=NEEDS, title="Correct a level")
    taken = _taken(opened, number)

    def act(form: CorrectLevelForm) -> str:
        correct_level(
            fact=_standing(opened, number),
            decision=form.decision,
            reason=form.cleaned_data["reason"],
            by=opened.user,
        )
        return taken.address

    return record_by_form(
        request,
        form=partial(
            CorrectLevelForm, levels=choices_on(CURRENT_SCALE), tools=_tools(taken, number)
        ),
        sheet=sheet_of(taken, "correct a level", "Save correction", "Corrected."),
        stored=lambda: _last(opened, number),
        act=act,
    )


@require_http_methods(METHODS)
def withdraw(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Take back a level that was set on the wrong episode."""
    opened = open_case(request, child_id, needs=NEEDS, title="Withdraw a level")
    taken = _taken(opened, number)
    level = _look_for(opened, number)

    def act(form: WithdrawLevelForm) -> str:
        reason = form.cleaned_data["reason"]
        withdraw_level(fact=_standing(opened, number), reason=reason, by=opened.user)
        return taken.address

    heading = f"withdraw the level {LOOKS[level.level].label} of {day(level.set_on)}"
    lead = f"{TAKEN_BACK} {STAYS_CLOSED}" if taken.fact.closed_on else TAKEN_BACK
    return record_by_form(
        request,
        form=WithdrawLevelForm,
        sheet=sheet_of(taken, heading, "Withdraw level", "The level is withdrawn.", lead=lead),
        stored=lambda: _last(opened, number),
        act=act,
    )


def _taken(opened: OpenCase, number: int) -> OpenEpisode:
    level = _look_for(opened, number)
    return OpenEpisode(opened, standing_fact(opened, level.episode_id))


def _look_for(opened: OpenCase, number: int) -> RiskLevel:
    """Find a level by the number of any of its versions, and give its last one."""
    rows = RiskLevel.objects.visible_to(opened.user).filter(episode__child__in=opened.case.numbers)
    people = ("recorded_by", "source", "superseded_by", "superseded_source")
    last = rows.select_related("episode", "tool_version__tool", *people).last_version(number)
    if last is None:
        raise Http404
    return last


def _standing(opened: OpenCase, number: int) -> RiskLevel:
    level = _look_for(opened, number)
    if level.superseded_at is not None:
        raise Conflict(MEANWHILE)
    return level


def _last(opened: OpenCase, number: int) -> Stored:
    """Give what stands; of a level that was withdrawn meanwhile, that nothing does any more."""
    level = _look_for(opened, number)
    if level.superseded_at is None:
        return _stored(level)
    by = said_by(level.superseded_by, level.superseded_source)
    return Stored(dict.fromkeys((*LEVEL, TOOL)), "withdrawn", by, level.superseded_at)


@require_http_methods(METHODS)
def move(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Move the next review to another day, as far as the level allows."""
    taken = take_up(request, child_id, episode_id, needs=NEEDS, title="Move a review")

    def act(form: MoveReviewForm) -> str:
        move_review(
            episode=taken.episode,
            due_on=form.cleaned_data["due_on"],
            seen_due_on=taken.episode.review_due_on,
            reason=form.cleaned_data["reason"],
            by=taken.opened.user,
        )
        return taken.address

    return record_by_form(
        request,
        form=MoveReviewForm,
        sheet=sheet_of(
            taken, "move the review", "Move review", "The review is moved.", lead=_ceiling(taken)
        ),
        stored=lambda: _due(taken, blank=request.method != "POST"),
        act=act,
    )


def _ceiling(taken: OpenEpisode) -> str:
    episode, today = taken.episode, london_date(taken.opened.now)
    latest = latest_review(episode.level, review_days(taken), today)
    due = (
        f"It is due on {day(episode.review_due_on)}."
        if episode.review_due_on
        else "None is planned."
    )
    return f"{due} It can be moved to {day(latest)} at the latest."


def _due(taken: OpenEpisode, *, blank: bool) -> Stored:
    episode = standing_fact(taken.opened, taken.fact.episode_id).episode
    values = {} if blank else {"due_on": episode.review_due_on}
    return Stored(values, f"{episode.review_due_on or ''}")
