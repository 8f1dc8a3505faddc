"""People who join, take apart and write at once, at random: nothing is lost, no chain is made."""

import os
import random
from functools import partial
from threading import Barrier

import pytest

from hub.errors import DomainError
from referrals.children.actions import add_alias
from referrals.children.models import Alias, Child
from referrals.joinings.models import Joining
from tests.cast import Cast
from tests.hub.test_moments import WAIT, apart
from tests.referrals.test_joining_races import Deed, join, standing, third_of, unjoin

ROUNDS = 200


@pytest.mark.drill
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
def test_random_deeds_at_once_lose_nothing_and_make_no_chain(cast: Cast) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    dice = random.Random(seed)
    children = [cast.unshared.child, cast.shared.child, third_of(cast), third_of(cast)]
    counts = {"done": 0, "refused": 0}
    for number in range(ROUNDS):
        rows = {model: model._default_manager.count() for model in (Joining, Alias)}
        withdrawn = Joining.objects.exclude(superseded_at=None).count()
        deeds = [random_deed(cast, dice, children, f"{number}-{each}") for each in range(3)]
        gate = Barrier(len(deeds))
        each = [apart(partial(at_once, gate, deed)) for _what, deed in deeds]
        faults = [one.exception(WAIT) for one in each]
        assert all(fault is None or isinstance(fault, DomainError) for fault in faults), faults
        done = [what for (what, _deed), fault in zip(deeds, faults, strict=True) if fault is None]
        assert Joining.objects.count() - rows[Joining] == done.count("join")
        assert Alias.objects.count() - rows[Alias] == done.count("write")
        assert Joining.objects.exclude(superseded_at=None).count() - withdrawn == done.count(
            "apart"
        )
        joined, kept = zip(*standing(), strict=True) if standing() else ((), ())
        assert not {*joined} & {*kept}
        counts["done"] += len(done)
        counts["refused"] += len(deeds) - len(done)
    print(f"seed {seed} (HUB_DRILL_SEED={seed}): {ROUNDS} rounds, {counts}")
    assert min(counts.values()) > ROUNDS // 4


def at_once(gate: Barrier, deed: Deed) -> object:
    gate.wait(WAIT)
    return deed()


def random_deed(
    cast: Cast, dice: random.Random, children: list[Child], name: str
) -> tuple[str, Deed]:
    """Join two of them, take some apart, or write to one."""
    facts, who = list(Joining.objects.known().order_by("pk")), dice.choice(["amira", "dev"])
    what = dice.choice(["join", "join", "apart", "write"] if facts else ["join", "write"])
    if what == "apart":
        return what, unjoin(cast, dice.choice(facts), who)
    child, kept = dice.sample(children, 2)
    if what == "join":
        return what, join(cast, child, kept, who)
    return what, partial(add_alias, child=child, name=name, kind="", by=cast.people[who])
