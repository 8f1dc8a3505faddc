"""What the suite leaves to the drill: by chance, so that every long proof has its turn."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.sampled import DAILY, ONE_OF, one_of_each, pytest_collection_modifyitems

WHOLE = pytest.Config.ArgsSource.TESTPATHS


class Item:
    """A test with its marks, as pytest collects it."""

    def __init__(self, *marks: str) -> None:
        self.marks = marks

    def get_closest_marker(self, name: str) -> bool:
        return name in self.marks


def _collected(source: pytest.Config.ArgsSource = WHOLE, **options: Any) -> tuple[list[Any], int]:
    """What is left of ten tests, sixteen long proofs and six that are the drill's too; how many went."""
    gone: list[Any] = []
    config: Any = SimpleNamespace(
        args_source=source,
        getoption={"markexpr": DAILY, **options}.get,
        hook=SimpleNamespace(pytest_deselected=lambda items: gone.extend(items)),
    )
    kinds = [()] * 10 + [("long",)] * 16 + [("long", "drill")] * 6
    items: list[Any] = [Item(*marks) for marks in kinds]
    pytest_collection_modifyitems(config, items)
    return [item.marks for item in items], len(gone)


def test_the_suite_keeps_all_short_tests_and_one_of_eight_long_proofs() -> None:
    left, gone = _collected()
    assert left == [()] * 10 + [("long",)] * 2 + [("long", "drill")] * 6
    assert gone == 14


@pytest.mark.parametrize(
    "asked",
    [
        {"source": pytest.Config.ArgsSource.ARGS},
        {"keyword": "a word"},
        {"lf": True},
        {"stepwise": True},
        {"markexpr": "drill or long"},
        {"markexpr": "drill"},
    ],
)
def test_whoever_names_what_to_run_has_it_whole(asked: dict[str, Any]) -> None:
    left, gone = _collected(**asked)
    assert (len(left), gone) == (32, 0)


def test_the_suite_and_the_drill_ask_for_what_is_drawn_here() -> None:
    words = Path("Makefile").read_text()
    assert f'-m "{DAILY}" -n' in words
    assert '-m "drill or long"' in words


def test_of_each_eight_long_proofs_one_is_run() -> None:
    drawn = list(one_of_each(range(32), ONE_OF, random.Random(7)))
    assert [proof // ONE_OF for proof in drawn] == [0, 1, 2, 3]


def test_every_long_proof_has_its_turn() -> None:
    runs = [one_of_each(range(18), ONE_OF, random.Random(run)) for run in range(60)]
    assert {proof for run in runs for proof in run} == set(range(18))
