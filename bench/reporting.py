"""The report of one district: alone, beside four others, and against SQL written by hand."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.databases import ask_as_owner, command, fresh, use, vacuum
from bench.figures import Figure

ALONE, AMONG = "bench_alone", "bench_among"
OTHERS = ("second", "third", "fourth", "fifth")
REPEATS = 9
YEAR_START, YEAR_END, SNAPSHOT, MOVEMENT_TO = (
    date(2015, 4, 1),
    date(2016, 3, 31),
    date(2016, 3, 29),
    date(2016, 8, 1),
)


def measure(episodes: int, seed: int) -> list[Figure]:
    """Time the report in a database with one district and in one with five of the same size."""
    with tempfile.TemporaryDirectory() as folder, fresh(ALONE, AMONG):
        for number, code in enumerate(("bradford", *OTHERS)):
            print(f"loading the district {code} of {episodes:,} episodes ...", flush=True)
            _load(code, episodes, seed + number, Path(folder) / code)
        vacuum(ALONE)
        vacuum(AMONG)
        alone, among, by_hand = _times(lambda: _report(), lambda: _by_hand())
    return [
        Figure(
            "report of a district among five against alone",
            f"Appendix 1 of a district of {episodes:,} episodes beside four others / the same alone",
            among / alone,
            1.3,
        ),
        Figure(
            "report against hand-written SQL",
            "Appendix 1 as the hub makes it / bench/hand.sql, one statement a table, in the same database",
            among / by_hand,
            3.0,
        ),
    ]


def _load(code: str, episodes: int, seed: int, extract: Path) -> None:
    words = ("--episodes", str(episodes), "--seed", str(seed), "--output", str(extract))
    command(ALONE, "make_extract", *words)
    if code == "bradford":
        command(ALONE, "import_extract", str(extract), "--no-progress")
    _partnership(code)
    command(AMONG, "import_extract", str(extract), "--partnership", code, "--no-progress")


def _partnership(code: str) -> None:
    from hub.access.context import acting_as
    from hub.accounts.actions import operator
    from partners.partnerships.actions import set_up
    from partners.partnerships.models import Partnership

    use(AMONG)
    with acting_as(operator()):
        bradford = set_up(code="bradford", now=timezone.now(), by=operator())
        if code != "bradford":
            made = Partnership.objects.create(code=code, name=code.title(), district=code.title())
            made.boundary_sets.set(bradford.boundary_sets.all())


def _times(report: Callable[[], Any], by_hand: Callable[[], Any]) -> tuple[float, float, float]:
    """Give the medians, measured in turn so that a busy moment touches all alike; the first round warms."""
    taken: dict[str, list[float]] = {"alone": [], "among": [], "by hand": []}
    rounds = [("alone", ALONE, report), ("among", AMONG, report), ("by hand", AMONG, by_hand)]
    for _number in range(REPEATS + 1):
        for name, database, work in rounds:
            use(database)
            connection.ensure_connection()
            start = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - start)
    alone, among, hand = (statistics.median(times[1:]) for times in taken.values())
    print(f"alone {alone:.3f} s, among five {among:.3f} s, by hand {hand:.3f} s", flush=True)
    return alone, among, hand


def _report() -> None:
    from hub.access.context import acting_as
    from hub.accounts.actions import operator
    from reporting.appendix1.actions import make_report
    from reporting.appendix1.rules.parameters import Parameters

    asked = Parameters(YEAR_START, YEAR_END, SNAPSHOT, YEAR_START, YEAR_END, MOVEMENT_TO)
    with acting_as(operator()):
        make_report(asked=asked, now=timezone.now(), by=operator())


def _by_hand() -> None:
    values: dict[str, Any] = {
        "year_start": YEAR_START,
        "year_end": YEAR_END,
        "snapshot": SNAPSHOT,
        "movement_to": MOVEMENT_TO,
    }
    text = Path(__file__).with_name("hand.sql").read_text()
    statements = [part for part in text.split("-- ") if "SELECT" in part]
    partnership = "SELECT id FROM partners_partnership WHERE code = 'bradford'"
    values["partnership"] = ask_as_owner(partnership)[1][0][0]
    for statement in statements:
        ask_as_owner(statement.split("\n", 1)[1], values)
