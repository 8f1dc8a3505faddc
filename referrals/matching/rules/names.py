"""How alike two names are, whatever way they were written down.

Names come to a hub through many ears and alphabets: Mohammed is Muhammad, Horváth is Horvat, Nowak is
Novak, a daughter's -ova is a son's -ov. They are compared as they are written and as they are heard.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.distance.OSA import normalized_similarity as letters_alike

from referrals.search.rules import plain

# The same as referrals_heard in referrals/migrations/0038: a test compares the two.
_SOUNDS = (
    ("sch", "s"), ("tch", "k"), ("dzh", "j"), ("dz", "j"), ("dj", "j"), ("sh", "s"), ("sz", "s"), ("zs", "s"),
    ("zh", "s"), ("ts", "s"), ("tz", "s"), ("ch", "k"), ("cs", "k"), ("cz", "k"), ("ph", "f"), ("x", "ks"),
)  # fmt: skip
_PLACES = [
    (re.compile(pattern), instead)
    for pattern, instead in (
        ("^(md|mhd|mohd)$", "mohamed"),
        ("^k(?=n)|^w(?=r)", ""),
        ("([aiu])gh(t|$)", r"\1\2"),
        ("([aeiou])w(?=[^aeiou])", r"\1"),
        ("^y(?=[aeiou])", "j"),
    )
]
_LETTERS = str.maketrans("zcqgvwdeiouy", "skkkfftaaaaa", "h")
_TWICE = re.compile(r"(.)\1+")
SOUNDS_ALIKE, SIMILAR = 0.93, 0.8
# Heard alike is a little less than written alike: it must not outweigh the very name.
HEARD_FOR_WRITTEN = 0.95


@lru_cache(maxsize=20_000)
def heard(part: str) -> str:
    """Write part of a plain name as it sounds: one letter for those that are taken for each other."""
    for sound, instead in _SOUNDS:
        part = part.replace(sound, instead)
    for pattern, instead in _PLACES:
        part = pattern.sub(instead, part, count=1)
    return _TWICE.sub(r"\1", part.translate(_LETTERS))


@lru_cache(maxsize=20_000)
def parts_of(name: str) -> tuple[str, ...]:
    """Give the parts of a name, plain."""
    return tuple(plain(name).split())


@dataclass(frozen=True)
class Nearness:
    """How alike two names are, from 0 to 1, and in what way; `parts` for each part that was asked."""

    share: float
    words: str
    parts: tuple[float, ...] = ()


def nearness(asked: str, known: str) -> Nearness:
    """Compare two names: the same parts in any order count as the same name."""
    one, other = parts_of(asked), parts_of(known)
    if not one or not other:
        return Nearness(0.0, "")
    each = tuple(max(_alike(part, its) for its in other) for part in one)
    back = tuple(max(_alike(its, part) for part in one) for its in other)
    # What one of them leaves out (a second forename, a second surname) is no difference.
    share = max(_mean(one, each), 0.97 * _mean(other, back)) if _shared(one, other) else min(
        _mean(one, each), _mean(other, back)
    )  # fmt: skip
    return Nearness(share, _words(one, other, share), each)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) != len(other) and min(len(one), len(other)) > 1


def _mean(parts: tuple[str, ...], shares: tuple[float, ...]) -> float:
    weights = [min(len(part), 6) for part in parts]
    return sum(w * s for w, s in zip(weights, shares, strict=True)) / sum(weights)


@lru_cache(maxsize=100_000)
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    written = max(letters_alike(one, other), JaroWinkler.similarity(one, other) - 0.05)
    sounds = letters_alike(heard(one), heard(other)) * HEARD_FOR_WRITTEN
    return max(written, (sounds + written) / 2)


def _words(one: tuple[str, ...], other: tuple[str, ...], share: float) -> str:
    if one == other:
        return "same name"
    if sorted(one) == sorted(other):
        return "same name, in another order"
    if sorted(map(heard, one)) == sorted(map(heard, other)):
        return "name sounds alike"
    if set(one) <= set(other) or set(other) <= set(one):
        return "same name, a part left out"
    return "similar name" if share >= SIMILAR else ""
