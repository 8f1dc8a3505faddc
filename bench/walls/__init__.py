"""What the two walls and the trail cost: lists against lists without walls, writes against plain ones."""

from bench.databases import fresh, load, use, vacuum
from bench.figures import Figure
from bench.walls import caseload, guardians, writes
from bench.walls.granted import give

GRANTED = "bench_granted"


def measure(episodes: int, seed: int) -> list[Figure]:
    """Measure the lists in a database of that many episodes, and the writes in an empty one."""
    grants = episodes * 3 // 2
    with fresh(GRANTED):
        print(f"loading {episodes:,} episodes with {grants:,} grants ...", flush=True)
        load(GRANTED, episodes, seed)
        seers = give(grants)
        vacuum(GRANTED)
        use(GRANTED)
        lists = [
            *caseload.figures(seers, episodes, grants),
            *guardians.figures(GRANTED, seers),
        ]
    return [*lists, *writes.measure()]
