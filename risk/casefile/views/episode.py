"""One episode on a page: how it came, how it stands, who holds it, and what can be recorded on it."""

from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date, review_note
from referrals.disagreements.queries import Line, of_episode
from referrals.episodes.models import EpisodeFact
from risk.casefile.rules import looking_at, seen_end, words_of
from risk.casefile.views.frame import Frame, frame_of, next_review_of
from risk.casefile.views.levels import said_by
from risk.casefile.views.measures import OthersAsked, others_asked
from risk.casefile.views.opening import led_to_kept
from risk.casefile.views.reading import Case, EpisodeThen, find, read_case
from risk.casefile.views.tabs import label_in
from risk.levels.models import RiskLevel

# Its words, its address (of the episode), the right that it needs: of an open episode, and of a closed one.
OPEN_DEEDS: tuple[tuple[str, str, Permission], ...] = (
    ("Record a level", "risk-child-level-new", Permission.LEVELS_RECORD),
    ("Move the review", "risk-child-review-move", Permission.LEVELS_RECORD),
    ("New information", "risk-child-information-new", Permission.NOTES_RECORD),
    ("Ask the agencies", "risk-child-checks-ask", Permission.CASES_RECORD),
    ("Referral to social care", "risk-child-measure-care", Permission.CASES_RECORD),
    ("Strategy discussion", "risk-child-measure-strategy", Permission.CASES_RECORD),
    ("Step up or down", "risk-child-measure-step", Permission.CASES_RECORD),
    ("Transition to adulthood", "risk-child-measure-transition", Permission.CASES_RECORD),
    ("Receiving authority", "risk-child-measure-receiving", Permission.CASES_RECORD),
    ("Allocate", "risk-child-episode-allocate", Permission.CASES_RECORD),
    ("Raise a disagreement", "risk-child-disagreement-new", Permission.VIEWS_GIVE),
    ("Correct the referral", "risk-child-episode-correct", Permission.CASES_RECORD),
    ("Close", "risk-child-episode-close", Permission.CASES_RECORD),
)
CLOSED_DEEDS: tuple[tuple[str, str, Permission], ...] = (
    ("Correct the referral", "risk-child-episode-correct", Permission.CASES_RECORD),
    ("Correct the closing", "risk-child-episode-closing", Permission.CASES_RECORD),
    ("Raise a disagreement", "risk-child-disagreement-new", Permission.VIEWS_GIVE),
)


@dataclass(frozen=True)
class Version:
    """What a version of the episode says in a sentence; `why` the reason given with it."""

    says: str
    why: str
    by: str
    recorded_on: date
    corrected_on: date | None = None
    corrected_by: str = ""


@dataclass(frozen=True)
class Holder:
    """One who holds the episode; `end` leads to the form that ends it, empty where it cannot be."""

    name: str
    agency: str
    lead: bool
    from_date: date
    to_date: date | None
    end: str


@dataclass(frozen=True)
class LevelSet:
    """A level of the episode, with the forms that put it right (empty for those who may not)."""

    level: str
    set_on: date
    agreed: str
    correct: str
    withdraw: str


@dataclass(frozen=True)
class EpisodePage:
    """The page of an episode; `facts` are label and value, `deeds` label and address."""

    reference: str
    level: str
    level_set_on: date | None
    facts: list[tuple[str, str]]
    version: Version
    earlier: list[Version]
    holders: list[Holder]
    levels: list[LevelSet]
    all_levels: str
    others: OthersAsked
    disagreements: list[Line]
    deeds: list[tuple[str, str]]


@require_safe
def episode(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Show an episode as at the day that the address names; 422 where it names none that can be shown."""
    user, now = signed_in(request), timezone.now()
    as_at, known_at = (request.GET.get(name, "") for name in ("as_at", "known_at"))
    looking = looking_at(as_at, known_at, now=now)
    found = find(user, child_id, looking)
    if found is None:
        raise Http404
    child, asked_for = found
    if child != asked_for:
        return led_to_kept(request, "risk-child-episode", child.pk, episode_id)
    require(user, Permission.CASES_VIEW, child)
    case = read_case(user, child, looking)
    shown = next((one for one in case.episodes if one.fact.episode_id == episode_id), None)
    if shown is None:
        raise Http404
    record(
        event="child.viewed",
        verb=Verb.CONSULTATION,
        what="child",
        reference=child.reference,
        at=now,
        by=user,
        partnership_id=child.partnership_id,
        after={"page": f"episode {shown.reference}", "as_at": looking.query},
        about=[record.reference for record, _said in case.joined],
    )
    page = {"frame": _frame(case, shown), "tab": episode_page(case, shown)}
    return render(request, "children/episode.html", page, status=422 if looking.problem else 200)


def _frame(case: Case, shown: EpisodeThen) -> Frame:
    """The frame of the episodes' tab, of which this is a part with an address of its own."""
    here = reverse("risk-child-episode", args=[case.child.pk, shown.fact.episode_id])
    title = f"{case.child.reference} Episode {shown.reference}"
    return replace(frame_of(case, "episodes"), title=title, here=here)


def episode_page(case: Case, shown: EpisodeThen) -> EpisodePage:
    """Build the page."""
    *earlier, version = [_version(case, fact) for fact in _versions(case, shown)]
    standing = shown.standing
    return EpisodePage(
        reference=shown.reference,
        level=standing.code,
        level_set_on=standing.set_on,
        facts=_facts(case, shown),
        version=version,
        earlier=earlier[::-1],
        holders=_holders(case, shown),
        levels=[_level(case, level) for level in shown.levels[::-1]],
        all_levels=reverse("risk-child-levels", args=[case.child.pk]),
        others=others_asked(case, shown),
        disagreements=_disagreements(case, shown),
        deeds=_deeds(case, shown),
    )


def _disagreements(case: Case, shown: EpisodeThen) -> list[Line]:
    """Give those of the episode as they stand now; on a page of the past the timeline tells of them."""
    if case.looking.past:
        return []
    return of_episode(case.user, shown.fact.episode_id, timezone.now())


def _versions(case: Case, shown: EpisodeThen) -> list[EpisodeFact]:
    """Read every version of the episode that was known, the earliest first; the last one stands."""
    rows = EpisodeFact.objects.visible_to(case.user).filter(episode=shown.fact.episode_id)
    if case.looking.known_at:
        rows = rows.filter(known_from__lte=case.looking.known_at)
    people = ("source", "recorded_by", "superseded_source", "superseded_by")
    return list(rows.select_related(*people).order_by("known_from", "pk"))


def _version(case: Case, fact: EpisodeFact) -> Version:
    moment = fact.superseded_at
    if moment and case.looking.known_at and moment > case.looking.known_at:
        moment = None
    return Version(
        says=_in_words(case, fact),
        why=fact.reason,
        by=said_by(fact.recorded_by, fact.source),
        recorded_on=london_date(fact.known_from),
        corrected_on=london_date(moment) if moment else None,
        corrected_by=said_by(fact.superseded_by, fact.superseded_source) if moment else "",
    )


def _in_words(case: Case, fact: EpisodeFact) -> str:
    closed_on = seen_end(fact.closed_on, fact.to_known_from, case.looking)
    source = label_in("referral_sources", fact.referral_source) or "nobody recorded"
    closed = "Open."
    if closed_on:
        why = label_in("closure_reasons", fact.closure_reason) or "no reason recorded"
        closed = f"Closed on {_plain(closed_on)}: {why}."
    agency = f" ({fact.referring_agency})" if fact.referring_agency else ""
    return (
        f"Referred on {_plain(fact.referred_on)} by {source}{agency}, for {_types(fact)}. {closed}"
    )


def _types(fact: EpisodeFact) -> str:
    named = (label_in("exploitation_types", code) for code in fact.exploitation_types or ["CSE"])
    return ", ".join(named)


def _plain(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _facts(case: Case, shown: EpisodeThen) -> list[tuple[str, str]]:
    fact, unknown = shown.fact, "Not recorded"
    rows = [
        ("Referred", _plain(fact.referred_on)),
        ("By", label_in("referral_sources", fact.referral_source) or unknown),
        ("Referring agency", fact.referring_agency or unknown),
        ("Exploitation feared", _types(fact)),
    ]
    if shown.closed_on:
        why = label_in("closure_reasons", fact.closure_reason) or unknown
        return [*rows, ("Closed", _plain(shown.closed_on)), ("Why closed", why)]
    return [*rows, ("Review due", _review(case, shown))]


def _review(case: Case, shown: EpisodeThen) -> str:
    due_on = next_review_of(shown, case.looking)
    if due_on is None:
        return "None is planned"
    note = review_note(due_on, case.looking.day)
    return f"{_plain(due_on)} ({note})" if note else _plain(due_on)


def _holders(case: Case, shown: EpisodeThen) -> list[Holder]:
    may = _may(case, Permission.CASES_RECORD)
    held = (item for item in case.allocations if item.episode_id == shown.fact.episode_id)
    holders = []
    for item in held:
        to_date = seen_end(item.to_date, item.to_known_from, case.looking)
        end = reverse("risk-child-allocation-end", args=[case.child.pk, item.pk])
        holders.append(
            Holder(
                name=item.worker_name or item.worker,
                agency=item.agency_name or words_of(item.agency),
                lead=item.lead,
                from_date=item.from_date,
                to_date=to_date,
                end=end if may and to_date is None else "",
            )
        )
    return holders


def _level(case: Case, level: RiskLevel) -> LevelSet:
    may = _may(case, Permission.LEVELS_RECORD)
    where = [case.child.pk, level.pk]
    return LevelSet(
        level=level.level,
        set_on=level.set_on,
        agreed=level.get_agreed_display(),
        correct=reverse("risk-child-level-correct", args=where) if may else "",
        withdraw=reverse("risk-child-level-withdraw", args=where) if may else "",
    )


def _may(case: Case, needed: Permission) -> bool:
    """Whether the person may record here; the past is not written to."""
    standing = standing_of(case.user)
    return standing is not None and standing.may(needed) and not case.looking.past


def _deeds(case: Case, shown: EpisodeThen) -> list[tuple[str, str]]:
    where = [case.child.pk, shown.fact.episode_id]
    deeds = CLOSED_DEEDS if shown.closed_on else OPEN_DEEDS
    return [(label, reverse(to, args=where)) for label, to, right in deeds if _may(case, right)]
