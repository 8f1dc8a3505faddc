"""What the suite tries of a long proof, a few of its cases; the drill tries them all."""

import os
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import pytest

DAILY = "not drill"  # what `make test` selects
# One for a whole run, however many processes share it: they must draw the same.
RUN = os.environ.get("HUB_DRILL_SEED") or os.environ.get("PYTEST_XDIST_TESTRUNUID")


# Of so many long proofs in a row the suite runs one.
ONE_OF = 8
Proof = TypeVar("Proof")


def one_of_each(proofs: Sequence[Proof], number: int, dice: random.Random) -> Iterator[Proof]:
    """Draw one of each so many that follow each other."""
    for first in range(0, len(proofs), number):
        yield dice.choice(proofs[first : first + number])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave seven of eight long proofs to the drill, where the whole suite is run and nothing is named."""
    if not _is_daily(config):
        return
    daily = (item for item in items if not item.get_closest_marker("drill"))
    proofs = [item for item in daily if item.get_closest_marker("long")]
    kept = set(one_of_each(proofs, ONE_OF, random.Random(RUN)))
    left_out = {item for item in proofs if item not in kept}
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=list(left_out))


def _is_daily(config: pytest.Config) -> bool:
    """Whether `make test` runs it, without a file, words or last time's failures being asked for."""
    named = any(config.getoption(option, None) for option in ("keyword", "lf", "stepwise"))
    all_of_it = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return all_of_it and not named and config.getoption("markexpr") == DAILY


def sampled(cases: Iterable[object], first: int) -> list[object]:
    """Give the cases of a proof for `parametrize`, those after the first few for the drill alone."""
    every = list(cases)
    return _few(every, set(range(min(first, len(every)))))


def drawn(cases: Iterable[object], number: int) -> list[object]:
    """Give the cases of a proof for `parametrize`: so many by chance, others each time; the drill has all.

    The test's name tells which they were, and HUB_DRILL_SEED chooses them.
    """
    every = list(cases)
    return _few(every, set(random.Random(RUN).sample(range(len(every)), min(number, len(every)))))


def _few(cases: list[object], daily: set[int]) -> list[object]:
    return [case if number in daily else _for_the_drill(case) for number, case in enumerate(cases)]


def _for_the_drill(case: object) -> object:
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.drill)
