"""The form in which the cases behind a figure are given, and the words of their sentences."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from hub.codes.rules import NOT_RECORDED

C = TypeVar("C")
Id = tuple[int, ...]


@dataclass(frozen=True)
class Behind(Generic[C]):
    """The cases behind a figure by their own numbers; `why` says in a sentence why one counts.

    An id is one number, but for a link of a crime with a suspect: the crime's and the link's place.
    What kind of thing it numbers is the unit of the figure's definition.
    """

    cases: Mapping[Id, C]
    why: Callable[[C], str]

    @property
    def ids(self) -> list[Id]:
        """Give the ids in order."""
        return sorted(self.cases)


Traced = tuple[str, Behind[Any]]
Numbered = Iterable[tuple[Id, C]]


def numbered(cases: Iterable[C], number_of: Callable[[C], int]) -> dict[Id, C]:
    """Give cases by their own numbers."""
    return {(number_of(case),): case for case in cases}


def split(
    path: str, cases: Numbered[C], group: Callable[[C], object], why: Callable[[C], str]
) -> Iterator[Traced]:
    """Give the cases of each cell of a table under the cell's path; an empty code is NOT_RECORDED."""
    cells: dict[object, dict[Id, C]] = defaultdict(dict)
    for number, case in cases:
        cells[group(case)][number] = case
    for name, found in cells.items():
        yield f"{path}.{NOT_RECORDED if name == '' else name}", Behind(found, why)


def and_then(first: Callable[[C], str], second: Callable[[C], str]) -> Callable[[C], str]:
    """Say one sentence after another."""
    return lambda case: f"{first(case)} {second(case)}"


def day(value: date) -> str:
    """Write a date in a sentence: 29 March 2016."""
    return f"{value.day} {value:%B %Y}"


def number(count: int, one: str, several: str) -> str:
    """Write a count with its noun."""
    return f"{count} {one if count == 1 else several}"
