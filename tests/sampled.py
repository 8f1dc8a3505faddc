"""What the suite tries of a long proof: the first few of its cases; the drill tries them all."""

from collections.abc import Iterable

import pytest


def sampled(cases: Iterable[object], first: int) -> list[object]:
    """Give the cases of a proof for `parametrize`, those after the first few for the drill alone."""
    return [
        case
        if number < first
        else pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.drill)
        for number, case in enumerate(cases)
    ]
