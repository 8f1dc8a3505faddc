"""The importer against a plain COPY of the very rows it wrote, and its memory."""

import tempfile
import time
from pathlib import Path

from django.apps import apps

from bench.databases import command, connect, fresh
from bench.figures import Figure

IMPORTED, COPIED = "bench_imported", "bench_copied"
ROOMS = ("hub", "partners", "referrals", "risk")
TRAIL = {"hub_auditevent", "hub_change", "hub_seal"}  # the copy writes its own


def measure(episodes: int, seed: int) -> list[Figure]:
    """Import an extract of that many episodes, then COPY the same rows into the same empty tables."""
    with tempfile.TemporaryDirectory() as folder, fresh(IMPORTED, COPIED):
        extract = Path(folder) / "extract"
        words = ("--episodes", str(episodes), "--seed", str(seed), "--output", str(extract))
        print(f"making an extract of {episodes:,} episodes ...", flush=True)
        command(IMPORTED, "make_extract", *words)
        print("importing it ...", flush=True)
        idle = command(IMPORTED, "import_extract", "--help")
        ran = command(IMPORTED, "import_extract", str(extract), "--no-progress")
        print(f"imported in {ran.seconds:.0f} s; copying the same rows ...", flush=True)
        copied = _copy_seconds(Path(folder))
        print(f"copied in {copied:.0f} s", flush=True)
    return [
        Figure(
            "import against COPY of the same rows",
            f"import_extract of {episodes:,} episodes with levels and spells / COPY of the rows it wrote "
            "into the same constrained, indexed, trigger-watched tables",
            ran.seconds / copied,
            4.0,
        ),
        Figure(
            "memory of the importer above idle (MB)",
            "most resident memory of import_extract less that of the same command asked for its help",
            ran.megabytes - idle.megabytes,
            300.0,
        ),
    ]


def _copy_seconds(folder: Path) -> float:
    tables = [
        model._meta.db_table
        for room in ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if model._meta.db_table not in TRAIL
    ]
    for table in tables:
        with (
            connect(IMPORTED) as source,
            source.cursor() as cursor,
            (folder / table).open("wb") as file,
        ):
            cursor.copy_expert(f"COPY {table} TO STDOUT", file)
    with connect(COPIED) as target, target.cursor() as cursor:
        for table in tables:  # what the migrations put there comes again with the rows
            cursor.execute(f"TRUNCATE {table} CASCADE")
            # COPY into a table that row security binds its owner to is refused: here the owner is let off.
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    start = time.perf_counter()
    with connect(COPIED) as target, target.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone() == (True,):  # triggers made its rows as those before it came
                continue
            with (folder / table).open("rb") as file:
                cursor.copy_expert(f"COPY {table} FROM STDIN", file)
    target.close()
    return time.perf_counter() - start
