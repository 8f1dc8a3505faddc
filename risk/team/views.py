"""The team: who has how much, and the cases that nobody leads, given out from here."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from partners.staffing.queries import holders
from referrals.caseload.rules import LEVELS, NOT_SET
from referrals.episodes.models import Episode
from referrals.episodes.rules import Worker
from risk.team.actions import give_out
from risk.team.forms import GiveOutForm
from risk.team.queries import Member, members, unallocated

PAGE_SIZE = 50
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class TeamPage:
    """The page; `unallocated` counts the open cases that nobody leads."""

    members: list[Member]
    paging: Paging
    unallocated: int


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Show who leads how much; no child is named."""
    user = signed_in(request)
    require(user, Permission.TEAM_LEAD)
    today = london_date(timezone.now())
    page = nearest_page(members(user, today), PAGE_SIZE, request.GET.get("page", "1"))
    things = "person" if page.paginator.count == 1 else "people"
    shown = TeamPage(list(page), paging(page, things), unallocated(user).count())
    return render(request, "team/team.html", {"page": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def allocate_several(request: HttpRequest) -> HttpResponse:
    """List the cases that nobody leads, to be given out: the first fifty, the gravest in front."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.TEAM_LEAD)
    today, waiting = london_date(now), unallocated(user)
    listed = {f"{episode.pk}": episode for episode in waiting[:MOST_AT_ONCE]}
    record(
        event="team.unallocated_listed",
        verb=Verb.CONSULTATION,
        what="episodes",
        reference="unallocated",
        at=now,
        by=user,
        about=[episode.child.reference for episode in listed.values()],
    )
    people = {
        post.user.username: Worker(post.user.username, post.user.name, post.agency.code)
        for post in holders(user, today)
    }

    def act(form: GiveOutForm) -> str:
        chosen = [listed[number] for number in form.cleaned_data["episodes"]]
        worker, day = people[form.cleaned_data["worker"]], form.cleaned_data["from_date"]
        give_out(episodes=chosen, worker=worker, from_date=day, by=user)
        return reverse("risk-team")

    cases = [(number, _words(episode, today)) for number, episode in listed.items()]
    names = [(code, who.name) for code, who in people.items()]
    return record_by_form(
        request,
        form=partial(GiveOutForm, cases=cases, people=names),
        sheet=_sheet(len(listed), waiting.count()),
        stored=lambda: Stored({"from_date": today}),
        act=act,
    )


def _sheet(listed: int, number: int) -> Sheet:
    more = f"These are the first {listed} of {number}. " if number > listed else ""
    lead = f"{more}The gravest come first, then those that have waited longest."
    return Sheet(
        title="Cases that nobody leads",
        heading="Cases that nobody leads",
        button="Allocate",
        back=reverse("risk-team"),
        done="The cases are allocated.",
        lead=lead if listed else "Every open case has somebody who leads it.",
        template="team/unallocated.html",
        context={"any": bool(listed)},
    )


def _words(episode: Episode, today: date) -> str:
    child, days = episode.child, (today - episode.referred_on).days
    waits = "today" if days == 0 else "1 day ago" if days == 1 else f"{days} days ago"
    level = LEVELS[episode.level or NOT_SET]
    return f"{child.surname}, {child.forenames} ({child.reference}): {level}, referred {waits}"
