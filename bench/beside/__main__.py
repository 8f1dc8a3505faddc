"""Do the work in every way, in turn, and print the medians as JSON: `python -m bench.beside`."""

import json
import statistics
import time
from multiprocessing import get_context
from multiprocessing.pool import Pool

import django
from django.db import connection
from django.db.backends.signals import connection_created

ROUNDS = 9
WRITERS = 8
SECONDS = 4.0
TURNS = 3


def main() -> None:
    """Measure one writer in four ways, then eight writers in two."""
    django.setup()
    connection_created.connect(_tell)
    said = {"seconds": _seconds(), "noted": _noted(), "throughput": _throughput()}
    print(json.dumps(said))


def _tell(connection: object, **_more: object) -> None:
    """Tell each connection once for whom it acts, as every transaction of the hub is told; and let it read
    the trail, to count what was seen.
    """
    with connection.cursor() as cursor:  # type: ignore[attr-defined]  # Django's own
        cursor.execute(
            "SELECT set_config('hub.user_id', '1', false), set_config('hub.partnership_id', '*', false),"
            " set_config('hub.permissions', 'trail.read', false)"
        )


def _seconds() -> dict[str, dict[str, float]]:
    from bench.beside.work import KINDS, WORKS

    taken: dict[str, dict[str, list[float]]] = {name: {} for name in WORKS}
    for number in range(ROUNDS + 1):  # the first warms
        for name, work in WORKS.items():
            for kind in KINDS:
                start = time.perf_counter()
                work(kind)
                if number:
                    taken[name].setdefault(kind, []).append(time.perf_counter() - start)
    return {
        name: {kind: statistics.median(times) for kind, times in of_kind.items()}
        for name, of_kind in taken.items()
    }


def _noted() -> dict[str, dict[str, int]]:
    """Say of how many changes of rows each trail knows afterwards, for each work."""
    from bench.beside.work import NOTED, WORKS, noted

    found: dict[str, dict[str, int]] = {name: {} for name in WORKS}
    for name, work in WORKS.items():
        for kind in NOTED:
            before = noted(kind)
            work(kind)
            found[name][kind] = noted(kind) - before
    return found


def _throughput() -> dict[str, float]:
    """Let eight write at once while the trail is sealed beside them, as the hub does; saves a second."""
    connection.close()
    with get_context("fork").Pool(WRITERS) as writers:
        each: dict[str, list[int]] = {"plain": [], "trail": []}
        for _turn in range(TURNS):
            for kind, saves in each.items():
                saves.append(_saves(writers, kind))
    return {kind: statistics.median(saves) / SECONDS for kind, saves in each.items()}


def _saves(writers: Pool, kind: str) -> int:
    from django.utils import timezone

    from hub.accounts.actions import operator
    from hub.seals.actions import seal

    until = time.time() + SECONDS
    written = writers.starmap_async(_write, [(kind, until)] * WRITERS)
    while not written.ready():
        seal(now=timezone.now(), by=operator())
        written.wait(1.0)
    return sum(written.get())


def _write(kind: str, until: float) -> int:
    """Create a row and change it, over and over, each in a transaction of its own; count the saves."""
    from bench.beside.work import rows

    saves = 0
    while time.time() < until:
        [row] = rows(kind, 1)
        row.save()
        row.level = "HIGH"
        row.save()
        saves += 2
    return saves


if __name__ == "__main__":
    main()
