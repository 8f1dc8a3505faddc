"""Reading caseloads: the open episodes a person may see, narrowed and sorted in the database.

The home page counts with the same conditions, so that a number there and the list behind it agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from operator import and_
from typing import Any

from django.core.paginator import Page
from django.db.models import Case, Count, F, Func, OrderBy, Q, Value, When
from django.db.models.functions import Lower, NullIf
from django.urls import reverse

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.days.rules import SOON, age_on, review_note
from partners.partnerships.queries import practice_of
from partners.services.models import Service
from referrals.caseload.rules import (
    AT_RISK,
    DUE_SOON,
    GRAVITY,
    LEVELS_AT_RISK,
    MINE,
    NEAR_18,
    NO_PLAN,
    NO_REVIEW,
    NOBODY,
    NOT_SET,
    OVERDUE,
    WITHOUT_SERVICE,
    Filters,
    View,
    born_by,
    worker_code,
)
from referrals.children.models import Child
from referrals.episodes.models import Allocation, Episode, EpisodeQuerySet
from referrals.joinings.queries import kept_for
from referrals.measures.models import Measure
from referrals.measures.rules import LEFT_WELL, PLAN_FROM, TRANSITION
from referrals.support.models import ServiceReferral, ServiceReferralQuerySet

# What is never empty: to sort it "nulls last" would keep PostgreSQL from reading an index backwards.
_ALWAYS_THERE = {"reference", "name", "referred"}
_GRAVITY = Case(*(When(level=code, then=Value(rank)) for rank, code in enumerate(GRAVITY)))
_COLUMNS: dict[str, tuple[str | Func | Case, ...]] = {
    "reference": ("reference",),
    "name": (Lower("child__surname"), Lower("child__forenames")),
    "level": (_GRAVITY,),
    "since": ("level_set_on",),
    "referred": ("referred_on",),
    "review": ("review_due_on",),
    "worker": (NullIf("lead_worker", Value("")),),
}


@dataclass(frozen=True)
class CaseloadRow:
    """One open episode as lists show it; `level` is its code, `services` those that support the child now.

    `review_note` says in words that a review is near or late; `overdue` that it is late.
    """

    reference: str
    child_id: int
    child_reference: str
    name: str
    age: int
    level: str
    level_set_on: date | None
    referred_on: date
    review_due_on: date | None
    review_note: str
    overdue: bool
    lead_worker: str
    services: list[str]


def open_to(user: User) -> EpisodeQuerySet:
    """Give the open episodes that the person may see."""
    return Episode.objects.visible_to(user).open()


def led_by(user: User, filters: Filters, today: date) -> dict[str, int]:
    """Give who leads the open episodes of the person's sight, in the names' order; "" is nobody.

    With each stands how many answer the filters besides that of the lead worker: perhaps none.
    """
    besides = _conditions(user, replace(filters, worker=""), {}, today)
    those = Count("pk", filter=reduce(and_, besides) or None)
    by_name = open_to(user).order_by("lead_worker").values_list("lead_worker")
    return dict(by_name.annotate(number=those))


def number_of(led: dict[str, int], worker: str, workers: dict[str, str]) -> int | None:
    """Say how many answer the filter of the lead worker too; None where their names do not tell."""
    if worker == MINE:
        return None
    if worker == NOBODY:
        return led.get("", 0)
    return led.get(workers.get(worker, ""), 0) if worker else sum(led.values())


def lead_workers(led: Iterable[str]) -> dict[str, str]:
    """Give the names of those who lead by their codes."""
    return {worker_code(name): name for name in led if name}


def narrowed(user: User, filters: Filters, workers: dict[str, str], today: date) -> EpisodeQuerySet:
    """Keep the open episodes that answer every filter; a worker who is unknown leads none."""
    return open_to(user).filter(*_conditions(user, filters, workers, today))


def counted(user: User, asked: dict[str, Filters], today: date) -> dict[str, int]:
    """Count the open episodes that answer each of several filters, all in one question."""
    counts = {
        name: Count("pk", filter=reduce(and_, _conditions(user, filters, {}, today)))
        for name, filters in asked.items()
    }
    return open_to(user).aggregate(**counts)


def address_of(view: View) -> str:
    """Write a view of the caseload as a whole address."""
    return f"{reverse('referrals-caseload')}{'?' if view.query else ''}{view.query}"


def _conditions(user: User, filters: Filters, workers: dict[str, str], today: date) -> list[Q]:
    return [
        _by_age(filters.age, user, today),
        _by_level(filters.level),
        _by_worker(filters.worker, workers, user, today),
        _by_review(filters.review, today),
        _by_service(filters.service, user),
        Q(level_set_on__lt=filters.set_before) if filters.set_before else Q(),
        Q(referred_on__gte=filters.since) if filters.since else Q(),
        _by_reference(filters.reference),
    ]


def _by_age(code: str, user: User, today: date) -> Q:
    """A plan is asked from 17 on; who sees a part of the cases is not told who lacks one."""
    if code == NEAR_18:
        near = timedelta(weeks=practice_of(user).adult_weeks)
        return Q(child_born__lte=born_by(today + near, 18))
    if code != NO_PLAN:
        return Q()
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.CASES_VIEW):
        return Q(pk__in=[])
    plans = Measure.objects.visible_to(user).known().filter(matter=TRANSITION)
    planned = plans.filter(state__in=LEFT_WELL[TRANSITION])
    old = Q(child_born__lte=born_by(today, PLAN_FROM))
    return old & ~Q(pk__in=planned.values("episode_id"))


def _by_level(code: str) -> Q:
    if code == AT_RISK:
        return Q(level__in=LEVELS_AT_RISK)
    return Q(level="" if code == NOT_SET else code) if code else Q()


def _by_worker(code: str, workers: dict[str, str], user: User, today: date) -> Q:
    if code == MINE:
        held = Allocation.objects.visible_to(user).as_at(today).filter(worker=user.username)
        return Q(pk__in=held.values("episode_id"))
    if code == NOBODY:
        return Q(lead_worker="")
    if code and code not in workers:
        return Q(pk__in=[])
    return Q(lead_worker=workers[code]) if code else Q()


def _by_review(code: str, today: date) -> Q:
    return {
        OVERDUE: Q(review_due_on__lt=today),
        DUE_SOON: Q(review_due_on__range=(today, today + SOON)),
        NO_REVIEW: Q(review_due_on__isnull=True),
    }.get(code, Q())


def _by_service(code: str, user: User) -> Q:
    """A service supports a child once it has accepted, until its support ends."""
    if not code:
        return Q()
    supported = Q(pk__in=_supporting(user).values("episode_id"))
    return ~supported if code == WITHOUT_SERVICE else supported


def _by_reference(part: str) -> Q:
    if not part:
        return Q()
    return Q(reference__icontains=part) | Q(child_reference__icontains=part)


def in_order(episodes: EpisodeQuerySet, view: View) -> EpisodeQuerySet:
    """Sort as the view asks, what is not recorded last either way; ties in the order of entry."""
    if view.column == "age":  # the youngest is the one born last
        return episodes.order_by("child_born" if view.downward else "-child_born", "pk")
    last = None if view.column in _ALWAYS_THERE else True
    columns = (F(name) if isinstance(name, str) else name for name in _COLUMNS[view.column])
    return episodes.order_by(
        *(OrderBy(column, descending=view.downward, nulls_last=last) for column in columns), "pk"
    )


def with_children(page: "Page[Any]", view: View) -> EpisodeQuerySet:
    """Fetch a page of the list whole and in its order.

    It was found by ids alone, so that what is sorted is read from an index and children are joined to
    the page's rows only.
    """
    found: Any = page.object_list
    return in_order(Episode.objects.filter(pk__in=found.values("pk")), view).select_related("child")


def rows_of(user: User, episodes: Iterable[Episode], today: date) -> list[CaseloadRow]:
    """Make the rows of a page of episodes, whose children have been selected with them."""
    page = list(episodes)
    supported, children = _services_of(user, page), _children_of(user, page)
    return [
        _row(episode, children[episode.child_id], supported.get(episode.pk, []), today)
        for episode in page
    ]


def _children_of(user: User, episodes: list[Episode]) -> dict[int, Child]:
    """Give the child of each record: of one that is joined to another, as that one has it."""
    kept = kept_for(user, {episode.child_id for episode in episodes})
    others = Child.objects.visible_to(user).in_bulk(set(kept.values())) if kept else {}
    own = {episode.child_id: episode.child for episode in episodes}
    return own | {record: others[number] for record, number in kept.items() if number in others}


def _supporting(user: User) -> ServiceReferralQuerySet:
    return (
        ServiceReferral.objects.visible_to(user)
        .known()
        .filter(outcome=ServiceReferral.Outcome.ACCEPTED, ended_on__isnull=True)
    )


def _services_of(user: User, episodes: list[Episode]) -> dict[int, list[str]]:
    """Give the services of each episode by name; a code that the partnership does not list, as it is."""
    pairs = _supporting(user).filter(episode__in=episodes).order_by("service")
    names = dict(Service.objects.visible_to(user).values_list("code", "name"))
    found: dict[int, list[str]] = {}
    for episode_id, code in pairs.values_list("episode_id", "service"):
        found.setdefault(episode_id, []).append(names.get(code, code))
    return found


def _row(episode: Episode, child: Child, services: list[str], today: date) -> CaseloadRow:
    due_on = episode.review_due_on
    return CaseloadRow(
        reference=episode.reference,
        child_id=child.pk,
        child_reference=child.reference,
        name=f"{child.surname}, {child.forenames}",
        age=age_on(child.date_of_birth, today),
        level=episode.level,
        level_set_on=episode.level_set_on,
        referred_on=episode.referred_on,
        review_due_on=due_on,
        review_note=review_note(due_on, today) if due_on else "",
        overdue=due_on is not None and due_on < today,
        lead_worker=episode.lead_worker,
        services=services,
    )
