"""Recording what others are asked on an episode: social care, a strategy discussion, a step up or down."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from hub.access.rules import Permission
from hub.days.rules import london_date
from hub.recording.http import Stored, record_by_form
from partners.agencies.models import Agency
from referrals.measures.actions import record_measure, withdraw_measure
from referrals.measures.forms import MeasureForm, WithdrawMeasureForm
from referrals.measures.models import Measure
from referrals.measures.queries import left_to_do
from referrals.measures.rules import (
    MATTERS,
    RECEIVING,
    SOCIAL_CARE,
    STATES,
    STEP,
    STRATEGY,
    TRANSITION,
    open_to,
)
from risk.casefile.views.opening import open_case
from risk.casefile.views.record_episode import (
    METHODS,
    OpenEpisode,
    sheet_of,
    standing_fact,
    take_up,
)

SAYS_LEFT = (SOCIAL_CARE, TRANSITION)


@require_http_methods(METHODS)
def social_care(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Say how the referral to social care stands."""
    return _record(request, child_id, episode_id, SOCIAL_CARE)


@require_http_methods(METHODS)
def strategy(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Say whether a strategy discussion was requested or held, or why not."""
    return _record(request, child_id, episode_id, STRATEGY)


@require_http_methods(METHODS)
def transition(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Say how the plan for adulthood stands, and who leads it."""
    return _record(request, child_id, episode_id, TRANSITION)


@require_http_methods(METHODS)
def receiving(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Say which authority was told that the child moved there."""
    return _record(request, child_id, episode_id, RECEIVING)


@require_http_methods(METHODS)
def step(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Say that the case was stepped up or down."""
    return _record(request, child_id, episode_id, STEP)


def _record(request: HttpRequest, child_id: int, episode_id: int, matter: str) -> HttpResponse:
    title = MATTERS[matter]
    taken = take_up(request, child_id, episode_id, needs=Permission.CASES_RECORD, title=title)
    before = _state(taken, matter)

    def act(form: MeasureForm) -> str:
        record_measure(
            episode=taken.episode,
            taken=form.taken(matter),
            seen=form.cleaned_data["seen"],
            by=taken.opened.user,
        )
        return taken.address

    def stored() -> Stored:
        return Stored({"on": london_date(taken.opened.now)}, _state(taken, matter))

    agencies = _agencies(taken) if matter == STRATEGY else []
    heading = f"{title}: {taken.fact.episode.reference}"
    return record_by_form(
        request,
        form=partial(MeasureForm, states=open_to(matter, before), agencies=agencies),
        sheet=sheet_of(taken, heading, "Record", "Recorded.", _lead(taken, matter, before)),
        stored=stored,
        act=act,
    )


@require_http_methods(METHODS)
def withdraw(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Take back what was recorded wrongly."""
    opened = open_case(
        request, child_id, needs=Permission.CASES_RECORD, title="Take a measure back"
    )
    rows = (
        Measure.objects.visible_to(opened.user)
        .known()
        .filter(child__in=opened.case.numbers, pk=number)
    )
    fact = rows.first()
    if fact is None:
        raise Http404
    taken = OpenEpisode(opened, standing_fact(opened, fact.episode_id))

    def act(form: WithdrawMeasureForm) -> str:
        withdraw_measure(fact=fact, reason=form.cleaned_data["reason"], by=opened.user)
        return taken.address

    words = f"{MATTERS[fact.matter]}: {STATES[fact.matter][fact.state].lower()}"
    return record_by_form(
        request,
        form=WithdrawMeasureForm,
        sheet=sheet_of(taken, f"Take back: {words}", "Take back", "It is taken back."),
        stored=Stored,
        act=act,
    )


def _state(taken: OpenEpisode, matter: str) -> str:
    rows = Measure.objects.visible_to(taken.opened.user).known().latest_first()
    of_it = rows.filter(episode=taken.fact.episode_id, matter=matter)
    return of_it.values_list("state", flat=True).first() or ""


def _lead(taken: OpenEpisode, matter: str, before: str) -> str:
    stands = f"What stands: {STATES[matter][before].lower()}. " if before else ""
    left = left_to_do(taken.opened.user, [taken.episode]) if matter in SAYS_LEFT else {}
    return stands + "".join(f"{words}. " for words in left.get(taken.episode.pk, []))


def _agencies(taken: OpenEpisode) -> list[tuple[str, str]]:
    rows = Agency.objects.visible_to(taken.opened.user).order_by("name")
    return [(f"{number}", name) for number, name in rows.values_list("pk", "name")]
