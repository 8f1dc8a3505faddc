"""What people ask of the busiest pages, and what it costs in databases of different sizes."""

import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.databases import use
from bench.pages import met, referred
from bench.pages.chosen import children, names
from bench.pages.misspelt import candidates
from bench.pages.visitor import Visitor, sign_in
from referrals.caseload.rules import SORTS

REPEATS = 5
# A row, the child whose page it is, a form, or what a meeting sees: a list without rows asks for less.
SHOWN = re.compile(
    r'role="rowheader"|hub-identity|data-keeps-draft|hub-meeting-card|id="meeting-room"'
)
FILTERS = (
    *("level=HIGH", "level=AT_RISK", "review=overdue", "review=soon", "review=none"),
    *("service=with", "service=without", "worker=nobody", "since=1%2F1%2F2026", "reference=X"),
    *("level=HIGH&size=25", "level=HIGH&size=100"),
)


@dataclass(frozen=True)
class Asked:
    """A database's visitor, and for each kind of page the addresses that are asked for."""

    database: str
    visitor: Visitor
    addresses: dict[str, list[str]]


def asked_in(database: str) -> Asked:
    """Sign in there and choose: every order and filter of the caseload, children and names from all over."""
    use(database)
    visitor = sign_in("social")
    orders = [f"sort={sign}{column}" for column in SORTS for sign in ("", "-")]
    chosen = children(30)
    referred.refer(visitor)
    referred.fill_the_list()
    return Asked(
        database,
        visitor,
        {
            "caseload": [
                "/episodes/",
                *(f"/episodes/?{q}" for q in (*orders, *FILTERS, "page=3", "size=25", "size=100")),
            ],
            "child's page": [f"/children/{number}/" for number in chosen],
            "child's timeline": [f"/children/{number}/timeline/" for number in chosen],
            "day's list": ["/today/", "/today/?page=2"],
            "search": visitor.search(names()),
            **referred.addresses(),
            **met.addresses(visitor),
            "candidates": candidates(visitor, 30),
        },
    )


def p95_ratios(small: Asked, large: Asked) -> dict[str, float]:
    """Give for each kind of page its p95 in the large database over that in the small one.

    The two are asked in turn, so that a busy moment of the machine touches both alike. A request's time
    is its quickest repeat, which the machine's other work disturbed least; the p95 is over the requests.
    """
    ratios = {}
    for kind, addresses in small.addresses.items():
        pairs = zip(addresses, large.addresses[kind], strict=True)
        times = [_seconds((small, before), (large, after)) for before, after in pairs]
        low, high = (p95(taken) for taken in zip(*times, strict=True))
        print(f"{kind}: p95 {low * 1000:.1f} ms, at full size {high * 1000:.1f} ms", flush=True)
        ratios[kind] = high / low
    return ratios


def p95(taken: Sequence[float]) -> float:
    """Give the time within which nineteen of twenty requests end; of a single one, its own."""
    if len(taken) == 1:
        return taken[0]
    return statistics.quantiles(taken, n=20, method="inclusive")[-1]


def _seconds(*pair: tuple[Asked, str]) -> list[float]:
    """Give the quickest of several turns for each, after one that warms the server's caches."""
    taken: list[list[float]] = [[] for _each in pair]
    for _turn in range(REPEATS + 1):
        for times, (asked, address) in zip(taken, pair, strict=True):
            use(asked.database)
            start = time.perf_counter()
            asked.visitor.open(address)
            times.append(time.perf_counter() - start)
    return [min(times[1:]) for times in taken]


def query_counts(asked: Asked) -> dict[str, set[int]]:
    """Count the queries of each kind of page, of all its addresses that have something to show."""
    use(asked.database)
    return {
        kind: {
            asked.visitor.queries(address)
            for address in addresses
            if SHOWN.search(asked.visitor.open(address))
        }
        for kind, addresses in asked.addresses.items()
    }
