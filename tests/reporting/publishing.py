"""Random reports, published, and what the attacker makes of them."""

import copy
import functools
from collections.abc import Iterator
from typing import Any

from reporting.disclosure.rules.categories import coarsened
from reporting.disclosure.rules.publish import publish
from reporting.disclosure.rules.register import Release
from reporting.disclosure.rules.suppress import PublishingRefused
from tests.reporting import attack
from tests.reporting.attack_sums import Name, leaves
from tests.reporting.random_full import GEOGRAPHY, random_full

Json = dict[str, Any]


def truth_of(full: Json, geography: dict[str, str]) -> dict[Name, int]:
    """The true number for each unknown of the attacker."""
    true = {p: n for p, n in leaves(coarsened(full, geography=geography)) if type(n) is int}
    for then, row in full["movement"]["matrix"].items():
        true |= {("fine", then, now): count for now, count in row.items()}
    for constituency in set(geography.values()):
        true["unnamed wards", constituency] = sum(
            row["total"]
            for ward, row in full["tactical"]["by_ward_and_level"].items()
            if geography.get(ward) == constituency and row["total"] < 10
        )
    return true


def zeros(published: Json, true: dict[Name, int]) -> frozenset[Name]:
    hidden = (path for path, value in leaves(published) if value == "c")
    return frozenset(path for path in hidden if true.get(path) == 0)


def attacked(full: Json, published: Json, geography: dict[str, str]) -> dict[Any, set[int]]:
    true = truth_of(full, geography)
    known = attack.knowledge(published, geography, zeros(published, true))
    return attack.given_away(known, true)


def at(report: Json, *path: Any) -> Any:
    found: Any = report
    for step in path:
        found = found[step]
    return found


def released(published: Json) -> Release:
    return Release(published["parameters"], published, published["parameters"]["known_at"])


def full_of(seed: int) -> Json:
    """A random full report; every third is lopsided."""
    return random_full(seed, lopsided=seed % 3 == 2)


@functools.cache
def outcome_of(seed: int) -> Json | str:
    """A random report's published form, or why it was refused."""
    try:
        return publish(full_of(seed), geography=GEOGRAPHY)
    except PublishingRefused as reason:
        return str(reason)


def attempts(seeds: range) -> Iterator[tuple[int, Json, Json]]:
    """Random reports with their published form; at most one in twenty may be refused."""
    refused = []
    for seed in seeds:
        outcome = outcome_of(seed)
        if isinstance(outcome, str):
            refused.append(f"{seed}: {outcome}")
        else:
            yield seed, full_of(seed), copy.deepcopy(outcome)
    assert len(refused) <= len(seeds) / 20, refused


def first_release(seed: int = 0) -> tuple[Json, Json]:
    """A random full report and its published form."""
    [(_, full, shown)] = attempts(range(seed, seed + 1))
    return full, shown


def given_away_together(fulls: list[Json], reports: list[Json]) -> dict[Any, set[int]]:
    true: dict[Name, int] = {}
    empty = []
    for number, (full, published) in enumerate(zip(fulls, reports, strict=True)):
        one = truth_of(full, GEOGRAPHY)
        empty.append(zeros(published, one))
        true |= {(number, *name): count for name, count in one.items()}
    return attack.given_away(attack.together(reports, GEOGRAPHY, empty), true)
