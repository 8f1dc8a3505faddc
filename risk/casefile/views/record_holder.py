"""Giving an episode to its workers, from a day to a day."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from hub.access.rules import ROLES, Permission
from hub.days.rules import london_date
from hub.recording.http import Stored, record_by_form
from partners.agencies.models import Agency, Post
from referrals.episodes.actions import allocate, end_allocation
from referrals.episodes.forms import BESIDE, LEAD, AllocateForm, EndAllocationForm
from referrals.episodes.models import Allocation
from referrals.episodes.rules import Worker, known_by_name
from risk.casefile.views.levels import said_by
from risk.casefile.views.opening import OpenCase, open_case
from risk.casefile.views.record_episode import (
    METHODS,
    OpenEpisode,
    sheet_of,
    standing_fact,
    take_up,
)

SEES_CASES = {Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW}
NOBODY_LEADS = "Nobody leads this episode."
HANDS_OVER = "leads this episode, until the day from which another does."


@require_http_methods(METHODS)
def give(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Give an episode to a worker; a new lead takes over from the present one."""
    needs, title = Permission.CASES_RECORD, "Allocate an episode"
    taken = take_up(request, child_id, episode_id, needs=needs, title=title)
    people, seen_lead = _people(taken.opened), taken.episode.lead_worker

    def act(form: AllocateForm) -> str:
        allocate(
            episode=taken.episode,
            worker=_worker(form, people),
            lead=form.cleaned_data["lead"] == LEAD,
            from_date=form.cleaned_data["from_date"],
            seen_lead=seen_lead,
            by=taken.opened.user,
        )
        return taken.address

    lead = f"{seen_lead} {HANDS_OVER}" if seen_lead else NOBODY_LEADS
    agencies = _agencies(taken.opened)
    choices = [(code, f"{who.name}, {agencies[who.agency]}") for code, who in people.items()]
    return record_by_form(
        request,
        form=partial(AllocateForm, people=choices, agencies=agencies.items()),
        sheet=sheet_of(taken, "allocate", "Allocate", "The episode is allocated.", lead=lead),
        stored=lambda: _held(taken, people, blank=request.method != "POST"),
        act=act,
    )


def _people(opened: OpenCase) -> dict[str, Worker]:
    """Give those who see cases of this partnership today, by user name in the order of their names."""
    roles = [role for role, entry in ROLES.items() if entry.permissions & SEES_CASES]
    posts = Post.objects.visible_to(opened.user).of_people().held_on(london_date(opened.now))
    held = posts.filter(agency__partnership=opened.child.partnership_id, role__in=roles)
    rows = held.filter(user__is_active=True).order_by("user__name", "user_id", "starts_on")
    people: dict[str, Worker] = {}
    for post in rows.select_related("user", "agency"):
        user = post.user
        people.setdefault(user.username, Worker(user.username, user.name, post.agency.code))
    return people


def _agencies(opened: OpenCase) -> dict[str, str]:
    rows = Agency.objects.visible_to(opened.user).filter(partnership=opened.child.partnership_id)
    return dict(rows.order_by("name").values_list("code", "name"))


def _worker(form: AllocateForm, people: dict[str, Worker]) -> Worker:
    chosen = form.cleaned_data["worker"]
    if chosen:
        return people[chosen]
    return known_by_name(form.cleaned_data["worker_name"], form.cleaned_data["agency"])


def _held(taken: OpenEpisode, people: dict[str, Worker], *, blank: bool) -> Stored:
    """Give who holds the episode now. A fresh form asks for another: there nothing is filled in."""
    rows = Allocation.objects.visible_to(taken.opened.user).known().filter(episode=taken.episode)
    held = list(
        rows.select_related("recorded_by", "source").order_by("from_date", "position", "pk")
    )
    token = " ".join(f"{row.pk}" for row in held)
    if blank or not held:
        return Stored({"from_date": london_date(taken.opened.now)}, token)
    last = max(held, key=lambda row: row.known_from)
    named = last.worker in people
    values = {
        "lead": LEAD if last.lead else BESIDE,
        "worker": last.worker if named else "",
        "worker_name": "" if named else last.worker_name or last.worker,
        "agency": last.agency,
        "from_date": last.from_date,
    }
    by = said_by(last.recorded_by, last.source)
    return Stored(values, token, by, last.known_from)


@require_http_methods(METHODS)
def end(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """End a worker's time with an episode without another to follow."""
    needs, title = Permission.CASES_RECORD, "End an allocation"
    opened = open_case(request, child_id, needs=needs, title=title)
    held = _last_version(opened, number)
    taken = OpenEpisode(opened, standing_fact(opened, held.episode_id))

    def act(form: EndAllocationForm) -> str:
        end_allocation(
            allocation=_last_version(opened, number),
            to_date=form.cleaned_data["to_date"],
            reason=form.cleaned_data["reason"],
            by=opened.user,
        )
        return taken.address

    return record_by_form(
        request,
        form=EndAllocationForm,
        sheet=sheet_of(
            taken, f"end the time of {held.worker_name or held.worker}", "End it", "Ended."
        ),
        stored=lambda: _stored_end(opened, number),
        act=act,
    )


def _last_version(opened: OpenCase, number: int) -> Allocation:
    """Find an allocation by the number of any of its versions; all have the same worker and first day."""
    rows = Allocation.objects.visible_to(opened.user).filter(episode__child__in=opened.case.numbers)
    named = rows.filter(pk=number).first()
    if named is None:
        raise Http404
    key = {name: getattr(named, name) for name in ("episode", "worker", "from_date", "position")}
    last = (
        rows.filter(**key)
        .select_related("episode", "recorded_by", "source")
        .order_by("known_from", "pk")
    )
    return last.last() or named


def _stored_end(opened: OpenCase, number: int) -> Stored:
    row = _last_version(opened, number)
    by = said_by(row.recorded_by, row.source)
    return Stored({"to_date": row.to_date}, f"{row.pk}", by, row.known_from)
