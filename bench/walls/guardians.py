"""Which open episodes a person may see: by `visible_to`, and by django-guardian on its generic tables.

Both give the first page and the number of all, which a list of pages needs. Both are asked as the owner: the
database's wall would stand behind either, and bench/walls/caseload.py measures it; the line printed in
between has the hub's list under both walls too. The hub reads the person's standing and what is hidden from
them anew each time; guardian knows no dates and no restrictions, and is given the groups. The grants are the
same: each episode that a group is shown is a row of guardian's, and the group of one who sees all is granted
each. Row for row the same before the clock starts.
"""

import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from guardian.shortcuts import (
    get_objects_for_user,  # noqa: TID251  # what `visible_to` is measured against
)

from bench.databases import as_owner, ask_as_owner, vacuum
from bench.figures import Figure
from bench.walls.granted import Seer
from hub.access.context import act_as
from hub.accounts.models import User
from referrals.episodes.models import Episode

ROUNDS = 15
SAME_GRANTS = """
    INSERT INTO guardian_groupobjectpermission (group_id, permission_id, content_type_id, object_pk)
    SELECT shown.audience, p.id, t.id, shown.episode_id::text
    FROM (
        SELECT audience, episode_id FROM referrals_sight s
        WHERE audience > 0 AND episode_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM referrals_restriction r WHERE r.child_id = s.child_id)
        UNION SELECT %(sees_all)s, id FROM referrals_episode e WHERE NOT EXISTS (
            SELECT FROM referrals_restriction r WHERE r.child_id = e.child_id)
    ) AS shown
    JOIN django_content_type t ON t.app_label = 'referrals' AND t.model = 'episode'
    JOIN auth_permission p ON p.codename = 'view_episode' AND p.content_type_id = t.id
"""


def figures(database: str, seers: list[Seer]) -> list[Figure]:
    """Fill guardian's tables, then compare for each."""
    ask_as_owner(SAME_GRANTS, {"sees_all": seers[-1].groups[0]})
    vacuum(database)
    number = ask_as_owner("SELECT count(*) FROM guardian_groupobjectpermission")[1][0][0]
    return [
        Figure(
            f"list against guardian's question, one sees {seer.seen}",
            "first page and number of the open episodes by visible_to / by get_objects_for_user on "
            f"guardian's generic table of {number:,} rows, both past the database's wall",
            _ratio(seer),
            0.2,
        )
        for seer in seers
    ]


def _ratio(seer: Seer) -> float:
    user = User.objects.get(username=seer.username)
    ways: dict[str, Callable[[], tuple[int, list[int]]]] = {
        "walled": lambda: _by_the_hub(user, told=True),
        "hub": lambda: _by_the_hub(user, told=False),
        "guardian": lambda: _by_guardian(user, seer),
    }
    if not ways["walled"]() == ways["hub"]() == ways["guardian"]():
        raise RuntimeError(f"guardian shows {seer.username} other rows than the hub")
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(ROUNDS):
        for name, way in ways.items():
            taken[name].append(_milliseconds(way))
    walled, hub, guardian = (statistics.median(times) for times in taken.values())
    print(
        f"list, one sees {seer.seen}: {hub:.1f} ms, guardian {guardian:.1f} ms; "
        f"under both walls {walled:.1f} ms",
        flush=True,
    )
    return hub / guardian


def _milliseconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _by_the_hub(known: User, *, told: bool) -> tuple[int, list[int]]:
    user = User(pk=known.pk, username=known.username, is_active=True)
    with nullcontext() if told else as_owner(), transaction.atomic():
        if told:
            act_as(user)
        user.within_a_request = True
        return _list(Episode.objects.visible_to(user))


def _by_guardian(user: User, seer: Seer) -> tuple[int, list[int]]:
    # guardian reads the groups off the person; the hub's people have theirs by their posts.
    user.groups = Group.objects.filter(pk__in=seer.groups)  # type: ignore[attr-defined]  # for guardian
    with as_owner(), transaction.atomic():
        rows = get_objects_for_user(
            user,
            "referrals.view_episode",
            Episode.objects.all(),
            with_superuser=False,
            accept_global_perms=False,
        )
        return _list(rows)


def _list(rows: Any) -> tuple[int, list[int]]:
    still_open = rows.open().in_caseload_order()
    return still_open.count(), list(still_open.values_list("pk", flat=True)[:50])
