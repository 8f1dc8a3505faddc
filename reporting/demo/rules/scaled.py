"""Extracts of any size for tests of scale: ten years of one district as large as asked for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from reporting.demo.rules.children import newcomer
from reporting.demo.rules.district import District, bradford_district, month_number
from reporting.demo.rules.facts import Child
from reporting.demo.rules.history import extract, offences, suspects
from reporting.demo.rules.rows import Rows

YEARS = 10
# Multiples of the golden ratio, without their whole parts, fill the months evenly however many.
GOLDEN = 0.6180339887498949


def scaled(*, episodes: int, seed: int, today: date) -> Iterator[Rows]:
    """Make exactly so many episodes over the ten years to a day, in Bradford's shape.

    Subjects are made one at a time, so memory does not grow with their number. The same
    arguments give the same rows.
    """
    district = _district(episodes, seed, today)
    first, last = month_number(district.begins), month_number(today)
    return extract(
        _children(district, episodes, today),
        offences(district, first, last),
        suspects(district, first, last),
        today,
        None,
    )


def _district(episodes: int, seed: int, today: date) -> District:
    model, monthly = bradford_district(), episodes / (YEARS * 12)
    return replace(
        model,
        code="scaled",
        prefix="X",
        seed=seed,
        begins=date(today.year - YEARS, today.month, 1),
        offences=monthly * 0.6,
        suspects=monthly * 0.2,
        numbers_from=100_000,
        planned_year=None,
        lull=None,
    )


def _children(district: District, episodes: int, today: date) -> Iterator[Child]:
    first, months = month_number(district.begins), YEARS * 12 + 1
    number, left = 0, episodes
    while left:
        number += 1
        child = newcomer(district, number, first + int(number * GOLDEN % 1 * months))
        referred = sum(episode.referred_on <= today for episode in child.episodes)
        child.episodes = child.episodes[:left] if referred > left else child.episodes
        if referred:
            left -= min(referred, left)
            yield child
