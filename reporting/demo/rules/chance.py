"""Seeded randomness: every subject draws from its own stream, so that one never moves another.

Only `random()` is used below it, whose sequence Python keeps from release to release, so that
the same seed makes the same extract on every machine.
"""

import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Table(Generic[T]):
    """Things with weights, summed up once so that a draw is a binary search."""

    things: tuple[T, ...]
    sums: tuple[float, ...]


def table(weights: Mapping[T, float]) -> Table[T]:
    """Make a table of weighted things; the weights need not add up to anything."""
    return Table(tuple(weights), tuple(accumulate(weights.values())))


class Chance(random.Random):
    """A stream of draws in the words that the rules use."""

    def pick(self, things: Sequence[T]) -> T:
        """Draw one of the things, each as likely as the others."""
        return things[int(self.random() * len(things))]

    def of(self, weighted: Table[T]) -> T:
        """Draw one thing by its weight."""
        sums = weighted.sums
        return weighted.things[bisect_right(sums, self.random() * sums[-1], 0, len(sums) - 1)]

    def between(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def happens(self, probability: float) -> bool:
        """Say whether something of this probability comes about."""
        return self.random() < probability

    def wait(self, mean: float) -> int:
        """Draw whole days until the next of something that comes at random."""
        return int(-log(1.0 - self.random()) * mean)

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Put the things in random order, leaving the original as it is."""
        keys = [self.random() for _ in things]
        return [thing for _, _, thing in sorted(zip(keys, range(len(keys)), things, strict=True))]


def chance(*key: int) -> Chance:
    """Open the stream of one subject; the key is the seed of all and what names the subject."""
    value = 0
    for part in key:
        value = value * 1_000_003 + part + 1
    return Chance(value)
