"""What the trail costs who writes: the same work plain, under the hub's triggers, and under two libraries.

Four tables alike in a database of the hub's own making, written as the application's role. The works and the
clock are in bench/beside, in a process with the libraries in its settings.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from bench.databases import application_url, ask_as_owner, command, fresh, url_of, use
from bench.figures import Figure

WRITTEN = "bench_written"
SETTINGS = "bench.beside.settings"
TABLES = ("beside_plain", "beside_watched", "beside_logged", "beside_kept", "beside_historicalkept")
WATCH = "SELECT hub_watch('beside_watched', 'plain')"
MAY = "SELECT hub_app_may('SELECT, INSERT, UPDATE', name::regclass) FROM unnest(%s) AS name"
# Row security and foreign keys are on neither side: what is compared is the trail alone.


@dataclass(frozen=True)
class Measured:
    """Median seconds of each work by who audits it; of how many rows each trail knew; saves a second."""

    seconds: dict[str, dict[str, float]]
    noted: dict[str, dict[str, int]]
    throughput: dict[str, float]


def measure() -> list[Figure]:
    """Have the work done, print it whole, and compare."""
    with fresh(WRITTEN):
        command(WRITTEN, "migrate", "--run-syncdb", "--verbosity", "0", settings=SETTINGS)
        use(WRITTEN)
        ask_as_owner(WATCH)
        ask_as_owner(MAY, [[*TABLES, "auditlog_logentry"]])
        measured = _measured()
    _print(measured)
    return [
        *_against_plain(measured),
        *_against_libraries(measured, "auditlog", "django-auditlog", list(measured.seconds)[:2]),
        *_against_libraries(measured, "history", "django-simple-history", list(measured.seconds)),
    ]


def _measured() -> Measured:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATABASE_URL": application_url(WRITTEN),
        "DATABASE_OWNER_URL": url_of(WRITTEN),
    }
    words = [sys.executable, "-m", "bench.beside"]
    ran = subprocess.run(words, env=environment, capture_output=True, text=True)
    if ran.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{ran.stderr[-3000:]}")
    measured = Measured(**json.loads(ran.stdout.splitlines()[-1]))
    missed = [work for work, seen in measured.noted.items() if seen["trail"] < max(seen.values())]
    if missed:
        raise RuntimeError(f"the trail has not seen all of {missed}: {measured.noted}")
    return measured


def _print(measured: Measured) -> None:
    for work, seconds in measured.seconds.items():
        each = ", ".join(f"{kind} {taken * 1000:.1f} ms" for kind, taken in seconds.items())
        print(f"{work}: {each}; rows on the trail {measured.noted[work]}", flush=True)
    print(f"eight writers, saves a second: {measured.throughput}", flush=True)


def _against_plain(measured: Measured) -> list[Figure]:
    return [
        *(
            Figure(
                f"audited {work} against plain ones",
                "under the hub's trail / without one, on tables alike",
                seconds["trail"] / seconds["plain"],
                1.5,
            )
            for work, seconds in measured.seconds.items()
        ),
        Figure(
            "eight writers: plain against audited throughput",
            "saves a second in transactions of their own without a trail / with it, sealed beside them",
            measured.throughput["plain"] / measured.throughput["trail"],
            1 / 0.7,
        ),
    ]


def _against_libraries(
    measured: Measured, kind: str, library: str, works: list[str]
) -> list[Figure]:
    """Compare where the library sees anything: django-auditlog sees nothing of what is written in bulk."""
    return [
        Figure(
            f"audited {work} against {library}",
            f"the hub's trail / {library} on a table alike",
            measured.seconds[work]["trail"] / measured.seconds[work][kind],
            1.0,
        )
        for work in works
    ]
