"""The busiest pages at full size: against the floor, against a small database, and over the line."""

import statistics
import time

from bench import memory
from bench.databases import ask_as_owner, fresh, load, use
from bench.figures import Figure
from bench.pages import child, chosen, daily, floor, growth, meeting, met, owed, weight
from bench.pages.visitor import Visitor, sign_in

TINY, SMALL, LARGE = "bench_tiny", "bench_small", "bench_large"
FEW, SOME = 10, 10_000
ROUNDS = 40
LOOKED_AT = 6


def measure(episodes: int, seed: int) -> list[Figure]:
    """Load three databases of different sizes, and measure in them."""
    with fresh(TINY, SMALL, LARGE):
        for name, number in ((TINY, FEW), (SMALL, min(SOME, episodes)), (LARGE, episodes)):
            print(f"loading {number:,} episodes for the pages ...", flush=True)
            load(name, number, seed)
        _open_all(TINY)
        asked = {name: growth.asked_in(name) for name in (TINY, SMALL, LARGE)}
        return [
            *_against_floors(asked[LARGE], episodes),
            *_queries(asked[TINY], asked[LARGE], episodes),
            *_growth(asked[SMALL], asked[LARGE], episodes),
            *_weights(asked[LARGE]),
            _polling(asked[LARGE]),
            *memory.measure(asked[LARGE]),
        ]


def _open_all(name: str) -> None:
    """Let a list of ten years' ten episodes, which are mostly closed, have rows, and so the day's list."""
    use(name)
    ask_as_owner("UPDATE referrals_episode SET closed_on = NULL, review_due_on = current_date")


def _against_floors(large: growth.Asked, episodes: int) -> list[Figure]:
    use(LARGE)
    visitor = sign_in("social")
    numbers = chosen.children(LOOKED_AT)
    floors = {
        "caseload": [floor.caseload(visitor)],
        "search by name": [floor.search(visitor, chosen.name())],
        "child's page": [child.summary(visitor, number) for number in numbers],
        "child's timeline": [child.timeline(visitor, number) for number in numbers],
        "day's list": [daily.days_list(visitor)],
        "referral's form": [
            daily.form(visitor, each) for each in large.addresses["referral's form"]
        ],
        "candidates": [
            daily.candidates(visitor, each) for each in large.addresses["candidates"][:LOOKED_AT]
        ],
        "my work": [owed.mine(visitor)],
        **{
            kind: [meeting.agenda(visitor, address) for address in large.addresses[kind]]
            for kind in ("agenda", "panel")
        },
        **{
            kind: [meeting.screen(visitor, each) for each in large.addresses[kind][:LOOKED_AT]]
            for kind in ("decision screen", "panel's screen")
        },
    }
    return [
        Figure(
            f"{name} against its floor",
            f"the page at {episodes:,} episodes, signed in, with rights, trail and layout / hand-written "
            "SQL for the same rows (bench/pages/*.sql) and the same template",
            _ratio(visitor, under),
            3.0,
        )
        for name, under in floors.items()
    ]


def _ratio(visitor: Visitor, floors: list[floor.Floor]) -> float:
    """Compare in turn, after both have printed the same once; the medians of all rounds."""
    for under in floors:
        under.check(visitor)
    pages, under_them = [], []
    for number in range(ROUNDS):
        under = floors[number % len(floors)]
        start = time.perf_counter()
        under.render()
        between = time.perf_counter()
        visitor.open(under.address)
        pages.append(time.perf_counter() - between)
        under_them.append(between - start)
    page, low = statistics.median(pages), statistics.median(under_them)
    print(f"{floors[0].name}: {page * 1000:.1f} ms, floor {low * 1000:.1f} ms", flush=True)
    return page / low


def _queries(tiny: growth.Asked, large: growth.Asked, episodes: int) -> list[Figure]:
    few, many = growth.query_counts(tiny), growth.query_counts(large)
    print(f"queries: {many}", flush=True)
    return [
        Figure(
            f"queries of {kind}: most less fewest",
            f"over every address asked, with {FEW} and {episodes:,} episodes, pages of 25 to 100 rows",
            max(few[kind] | many[kind]) - min(few[kind] | many[kind]),
            0.0,
        )
        for kind in many
    ]


def _growth(small: growth.Asked, large: growth.Asked, episodes: int) -> list[Figure]:
    return [
        Figure(
            f"p95 of {kind} as the hub grows",
            f"p95 over many different requests at {episodes:,} episodes / at {min(SOME, episodes):,}",
            ratio,
            1.3,
        )
        for kind, ratio in growth.p95_ratios(small, large).items()
    ]


def _weights(large: growth.Asked) -> list[Figure]:
    use(large.database)
    visitor = sign_in("social")
    addresses = {kind: of_kind[0] for kind, of_kind in large.addresses.items()}
    addresses |= {"search": visitor.search([chosen.name()])[0], "home": "/"}
    weights = {kind: weight.page(visitor, address) for kind, address in addresses.items()}
    weights["Appendix 1"] = weight.page(sign_in("manager"), "/reports/appendix1/")
    first = {kind: weight.first_visit(visitor, address) for kind, address in addresses.items()}
    return [
        *(
            Figure(f"weight of {kind} (KB)", "the page alone, gzip level 6", kilobytes, 20.0)
            for kind, kilobytes in weights.items()
        ),
        Figure(
            "weight of a first visit (KB)",
            "the heaviest of these pages with its styles, scripts and icon, each compressed",
            max(first.values()),
            80.0,
        ),
    ]


def _polling(large: growth.Asked) -> Figure:
    use(large.database)
    return Figure(
        "twenty screens at one meeting, of a core",
        "the median time of an answer that nothing has changed, web and database together, times 20 / the "
        "pause between two questions of a screen",
        met.polling(large.visitor, large.addresses["agenda"][0]),
        0.1,
    )
