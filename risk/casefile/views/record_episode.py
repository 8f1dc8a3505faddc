"""Recording an episode: opening one, putting it right, closing it, and giving it to its workers."""

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.rules import Permission
from hub.recording.http import Sheet, Stored, record_by_form
from hub.templatetags.hub import day
from referrals.episodes.actions import (
    close_episode,
    correct_closing,
    correct_episode,
    open_episode,
)
from referrals.episodes.forms import (
    CorrectClosingForm,
    CorrectReferralForm,
    ReferralForm,
)
from referrals.episodes.models import Episode, EpisodeFact
from referrals.measures.actions import note_leaving
from referrals.measures.forms import CloseAndTellForm
from risk.casefile.views.levels import said_by
from risk.casefile.views.opening import OpenCase, open_case

METHODS = ["GET", "HEAD", "POST"]
SEVERAL = (
    "open already. A child may have several; for news of the same concern add a note there instead."
)
FOR_GOOD = (
    "A closed episode stays closed: a new concern becomes a new episode. Its review falls away."
)
REFERRAL = ("referred_on", "referral_source", "referring_agency", "exploitation_types")


@dataclass(frozen=True)
class OpenEpisode:
    """An episode of a case that is open at the desk, with the version that stands."""

    opened: OpenCase
    fact: EpisodeFact

    @property
    def episode(self) -> Episode:
        """The episode itself."""
        return self.fact.episode

    @property
    def address(self) -> str:
        """Where the episode is seen."""
        return reverse("risk-child-episode", args=[self.opened.child.pk, self.fact.episode_id])


def take_up(
    request: HttpRequest, child_id: int, episode_id: int, *, needs: Permission, title: str
) -> OpenEpisode:
    """Open a child's case at one of its episodes; 404 for an episode that is not this child's."""
    opened = open_case(request, child_id, needs=needs, title=title)
    return OpenEpisode(opened, standing_fact(opened, episode_id))


def standing_fact(opened: OpenCase, episode_id: int) -> EpisodeFact:
    """Read the version of an episode that stands at this moment."""
    facts = (
        EpisodeFact.objects.visible_to(opened.user).known().filter(child__in=opened.case.numbers)
    )
    fact = facts.select_related("episode", "recorded_by", "source").filter(episode=episode_id)
    found = fact.first()
    if found is None:
        raise Http404
    return found


def sheet_of(
    taken: OpenEpisode, heading: str, button: str, done: str, lead: str = "", back: str = ""
) -> Sheet:
    """Put the case around a form about one of its episodes."""
    return Sheet(
        title=taken.opened.frame.title,
        heading=f"{taken.episode.reference}: {heading}",
        button=button,
        back=back or taken.address,
        done=done,
        lead=lead,
        template="children/record.html",
        context={"frame": taken.opened.frame},
    )


@require_http_methods(METHODS)
def new(request: HttpRequest, child_id: int) -> HttpResponse:
    """Open an episode for a new concern; one that is open already is named, and hinders nothing."""
    needs = Permission.CASES_RECORD
    opened = open_case(request, child_id, needs=needs, title="New episode")

    def act(form: ReferralForm) -> str:
        made = open_episode(child=opened.child, referral=form.referral, by=opened.user)
        return reverse("risk-child-episode", args=[opened.child.pk, made.pk])

    sheet = Sheet(
        title=opened.frame.title,
        heading="New episode",
        button="Open episode",
        back=opened.frame.here,
        done="The episode is open. Set its level, and say who holds it.",
        lead=_already_open(opened),
        template="children/record.html",
        context={"frame": opened.frame},
    )
    return record_by_form(request, form=ReferralForm, sheet=sheet, stored=Stored, act=act)


def _already_open(opened: OpenCase) -> str:
    names = [f"{one.reference} (referred {day(one.fact.referred_on)})" for one in opened.case.open]
    if not names:
        return ""
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} {SEVERAL}"


@require_http_methods(METHODS)
def correct(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Put right how an episode was referred."""
    needs, title = Permission.CASES_RECORD, "Correct an episode"
    taken = take_up(request, child_id, episode_id, needs=needs, title=title)

    def act(form: CorrectReferralForm) -> str:
        correct_episode(
            fact=standing_fact(taken.opened, episode_id),
            referral=form.referral,
            reason=form.cleaned_data["reason"],
            by=taken.opened.user,
        )
        return taken.address

    return record_by_form(
        request,
        form=partial(CorrectReferralForm, kinds=taken.fact.exploitation_types),
        sheet=sheet_of(taken, "correct the referral", "Save correction", "Corrected."),
        stored=lambda: _stored(taken, REFERRAL),
        act=act,
    )


def _stored(taken: OpenEpisode, names: tuple[str, ...]) -> Stored:
    """Give what stands of the episode, as the form's questions name it."""
    fact = standing_fact(taken.opened, taken.fact.episode_id)
    by = said_by(fact.recorded_by, fact.source)
    values = {name: getattr(fact, name) for name in names}
    return Stored(values, f"{fact.pk}", by, fact.known_from)


@require_http_methods(METHODS)
def close(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Close an episode with its reason; of a child who moved or turned 18, with who was told."""
    needs, title = Permission.CASES_RECORD, "Close an episode"
    taken = take_up(request, child_id, episode_id, needs=needs, title=title)

    def act(form: CloseAndTellForm) -> str:
        close_episode(
            fact=standing_fact(taken.opened, episode_id),
            closing=form.closing,
            reason=form.cleaned_data["reason"],
            by=taken.opened.user,
        )
        note_leaving(
            episode=taken.episode,
            closure_reason=form.closing.reason,
            told=form.cleaned_data["told"],
            on=form.closing.closed_on,
            by=taken.opened.user,
        )
        return taken.address

    return record_by_form(
        request,
        form=CloseAndTellForm,
        sheet=sheet_of(taken, "close", "Close episode", "The episode is closed.", lead=FOR_GOOD),
        stored=lambda: _stored(taken, ("closed_on", "closure_reason")),
        act=act,
    )


@require_http_methods(METHODS)
def closing(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Put right a closing that was recorded wrongly, or take it away."""
    needs, title = Permission.CASES_RECORD, "Correct a closing"
    taken = take_up(request, child_id, episode_id, needs=needs, title=title)

    def act(form: CorrectClosingForm) -> str:
        correct_closing(
            fact=standing_fact(taken.opened, episode_id),
            closing=form.put_right,
            reason=form.cleaned_data["reason"],
            by=taken.opened.user,
        )
        return taken.address

    return record_by_form(
        request,
        form=CorrectClosingForm,
        sheet=sheet_of(taken, "correct the closing", "Save correction", "Corrected."),
        stored=lambda: _stored(taken, ("closed_on", "closure_reason")),
        act=act,
    )
