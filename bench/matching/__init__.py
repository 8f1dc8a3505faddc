"""Whether the right child is among the first ten, however misspelt, and how long the asking takes."""

import statistics
import time
from collections import Counter
from random import Random

from django.db import transaction
from django.utils import timezone

from bench.databases import as_owner, fresh, use, vacuum
from bench.figures import Figure
from bench.matching.names import Someone, someone
from bench.matching.slips import Typed, slip

DATABASE = "bench_matching"
ASKED = 2_000
MOST_MISSED, MOST_MILLISECONDS = 3.0, 150


def measure(children: int, seed: int) -> list[Figure]:
    """Enter the children, then ask for some of them as they were misspelt, as a social worker."""
    dice = Random(seed)
    people = [someone(dice, number) for number in range(children)]
    with fresh(DATABASE):
        print(f"entering {children:,} children to be found ...", flush=True)
        numbers = _enter(people)
        return _ask(people, numbers, dice)


def _enter(people: list[Someone]) -> list[int]:
    from bench.matching.people import enter
    from hub.access.context import act_as
    from hub.accounts.actions import operator
    from partners.partnerships.models import Partnership
    from reporting.demo.actions import set_up_partners

    use(DATABASE)
    with transaction.atomic():
        act_as(operator())
        set_up_partners(now=timezone.now(), by=operator())
    with as_owner(), transaction.atomic():
        act_as(operator())
        made = enter(Partnership.objects.get(code="bradford"), people, operator())
    vacuum(DATABASE)
    return [child.pk for child in made]


def _ask(people: list[Someone], numbers: list[int], dice: Random) -> list[Figure]:
    asked, found, first, took = Counter[str](), Counter[str](), Counter[str](), []
    for _time in range(ASKED):
        at = dice.randrange(len(people))
        typed = slip(people[at], dice)
        places, seconds = _who_may_be(typed)
        took.append(seconds * 1000)
        for kind in (typed.label, people[at].origin, "all"):
            asked[kind] += 1
            found[kind] += numbers[at] in places
            first[kind] += places[:1] == [numbers[at]]
    for kind, number in asked.items():
        share, at_once = found[kind] / number, first[kind] / number
        print(f"{kind:<44}{number:>6} asked {share:>7.3f} found {at_once:>7.3f} first", flush=True)
    middle, late = statistics.median(took), sorted(took)[len(took) * 95 // 100]
    print(f"candidates: median {middle:.0f} ms, p95 {late:.0f} ms", flush=True)
    return [
        Figure(
            "children not among the first ten (%)",
            f"of {ASKED:,} misspelt in labelled ways, among {len(people):,} (bench/matching/slips.py)",
            100 - 100 * found["all"] / ASKED,
            MOST_MISSED,
        ),
        Figure(
            f"finding candidates (part of {MOST_MILLISECONDS} ms)",
            f"the median of the same / {MOST_MILLISECONDS} ms: on two cores, whatever else they do",
            middle / MOST_MILLISECONDS,
            1.0,
        ),
    ]


def _who_may_be(typed: Typed) -> tuple[list[int], float]:
    from hub.access.context import act_as
    from hub.accounts.models import User
    from hub.days.rules import london_date
    from partners.partnerships.models import Partnership
    from referrals.matching.queries import who_may_be

    user, own = User.objects.get(username="social"), Partnership.objects.get(code="bradford")
    with transaction.atomic():
        act_as(user)
        start = time.perf_counter()
        alike = who_may_be(user, own.pk, typed.person, london_date(timezone.now()))
        return [row.child_id for row in alike.rows], time.perf_counter() - start
