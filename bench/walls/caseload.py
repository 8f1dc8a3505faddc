"""The caseload under both walls, against the same page of the same rows with neither.

Below the line the same code runs without a wall: Django's connection is the owner's, whom every policy lets
through; the database is told of nobody; `visible_to` asks nothing of grants, restrictions or standing. But
a list must say which rows it has: to have the very rows of the other, it is given their numbers, known
beforehand, as one array. That asks no table, and is cheaper to plan than as many parameters. Who sees all
has no such list: there the rows are the whole partnership's, read in the order of its index, less those of
the restricted records. So every other cost (session, trail, layout) is on both sides, and no cost of seeing
is below the line.

Both must print the same page before the clock starts. In turn; medians. The line printed in between has the
list alone, without sign-in, trail and template: there the walls are a greater part.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.db.models import BooleanField, F, Func, Q, Value
from django.http import QueryDict

from bench.databases import as_owner
from bench.figures import Figure
from bench.pages.visitor import Visitor, lines, sign_in
from bench.walls.granted import Seer
from hub.access.context import act_as
from hub.access.gate import standing_of
from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission, Standing
from hub.accounts.models import User
from partners.services.models import Service
from referrals.caseload.views import caseload_page
from referrals.episodes.models import Episode
from referrals.grants.models import Restriction
from referrals.support.models import ServiceReferral

ADDRESS = "/episodes/"
ROUNDS = 40


class Among(Func):
    """Whether a number is one of an array's."""

    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def figures(seers: list[Seer], episodes: int, grants: int) -> list[Figure]:
    """Compare for each of them."""
    return [
        Figure(
            f"caseload under both walls, one sees {seer.seen}",
            f"the page at {episodes:,} episodes and {grants:,} grants, signed in / the same page of the same "
            "rows without either wall (bench/walls/caseload.py)",
            _ratio(sign_in(seer.username), seer),
            1.5,
        )
        for seer in seers
    ]


def _ratio(visitor: Visitor, seer: Seer) -> float:
    listed = _conditions(visitor.user)

    def page() -> str:
        return visitor.open(ADDRESS)

    with _without_walls(listed):
        bare = page()
    if lines(page()) != lines(bare):
        raise RuntimeError(f"the caseload of {seer.username} differs without the walls")
    whole = _times(page, page, listed)
    alone = _times(lambda: _list(visitor, told=True), lambda: _list(visitor, told=False), listed)
    print(
        f"caseload, one sees {seer.seen}: {whole[0]:.1f} ms, without walls {whole[1]:.1f} ms; "
        f"the list alone {alone[0]:.1f} ms and {alone[1]:.1f} ms",
        flush=True,
    )
    return whole[0] / whole[1]


def _times(
    walled: Callable[[], Any], bare: Callable[[], Any], listed: dict[type, Q]
) -> tuple[float, float]:
    """Give the medians in milliseconds, of both in turn."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        taken[0].append(_milliseconds(walled))
        with _without_walls(listed):
            taken[1].append(_milliseconds(bare))
    return statistics.median(taken[0]), statistics.median(taken[1])


def _milliseconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _list(visitor: Visitor, *, told: bool) -> None:
    """Build the list as a request does, for a person of whom nothing is known yet."""
    user = User(pk=visitor.user.pk, username=visitor.user.username, is_active=True)
    with transaction.atomic():
        if told:
            act_as(user)
            user.within_a_request = True
        caseload_page(user, QueryDict(), visitor.today)


def _conditions(user: User) -> dict[type, Q]:
    """Say beforehand which rows the bare page has, of the tables whose rows differ from person to person."""
    standing = standing_of(user)
    if standing is None:
        raise RuntimeError(f"{user.username} has no post")
    if standing.may(Permission.CASES_VIEW):
        with as_owner():
            restricted = list(Restriction.objects.in_force().values_list("child_id", flat=True))
        return {Episode: ~Q(child__in=restricted)}
    return {
        Episode: Q(Among(F("pk"), Value(_seen_by(user, standing)))),
        ServiceReferral: Q(service__in=standing.services),
        Service: Q(agency=standing.agency_id),
    }


def _seen_by(user: User, standing: Standing) -> str:
    with transaction.atomic():
        act_as(user)
        seen = list(Episode.objects.visible_to(user).open().values_list("pk", flat=True))
    if not seen:
        raise RuntimeError(f"{user.username} sees no episode at all")
    return "{" + ",".join(map(str, seen)) + "}"


@contextmanager
def _without_walls(listed: dict[type, Q]) -> Iterator[None]:
    def visible_to(rows: Any, user: User) -> Any:
        standing = standing_of(user)
        own = rows.filter(partnership_id=standing.partnership_id if standing else None)
        return own.filter(listed.get(rows.model, Q()))

    with (
        as_owner(),
        patch.object(ScopedQuerySet, "visible_to", visible_to),
        patch("hub.access.middleware.act_as", lambda user: None),
    ):
        yield
