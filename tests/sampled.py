"""What the suite tries of a long proof, a few of its cases; the drill tries them all."""

import os
import random
from collections.abc import Iterable

import pytest

# One for a whole run, however many processes share it: they must draw the same.
RUN = os.environ.get("HUB_DRILL_SEED") or os.environ.get("PYTEST_XDIST_TESTRUNUID")


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
