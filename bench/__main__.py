"""`make bench`: measure, print a table, write bench/results.json.

Every figure is a ratio of two things measured in this run, on this machine, beside each other: never
an absolute time. The options make a quick try: `python -m bench --episodes 20000`.
"""

import argparse
import json
import logging
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.figures import Figure
from hub.engines.actions import provide_environment

RESULTS = Path(__file__).with_name("results.json")
PARTS = ("import", "report", "pages", "matching", "walls")


def main() -> None:
    """Measure everything, one after the other, in databases of the bench's own."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--episodes", type=int, default=200_000, help="size of the import")
    parser.add_argument("--seed", type=int, default=2016, help="of the synthetic data")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="some parts alone")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    provide_environment(["manage.py", "shell"])  # the application's role, and the owner's address
    import django
    from django.conf import settings

    django.setup()
    # One connection goes from database to database: what sign-in remembers goes with it.
    settings.REMEMBERED_IN = "default"
    log: Any = logging.getLogger().handlers[0]
    # The line for each request is part of what it costs; nobody reads it here.
    log.setStream(Path(os.devnull).open("w"))  # noqa: SIM115  # to the end
    from bench import importing, matching, pages, reporting, walls

    figures = [
        *(importing.measure(asked.episodes, asked.seed) if "import" in asked.only else []),
        *(reporting.measure(asked.episodes // 5, asked.seed) if "report" in asked.only else []),
        *(pages.measure(asked.episodes, asked.seed) if "pages" in asked.only else []),
        *(matching.measure(asked.episodes // 2, asked.seed) if "matching" in asked.only else []),
        *(walls.measure(asked.episodes, asked.seed) if "walls" in asked.only else []),
    ]
    print(f"\n{'figure':<58}{'measured':>10}{'goal':>8}  holds")
    for figure in figures:
        holds = "yes" if figure.holds else "NO"
        print(f"{figure.name:<58}{figure.figure:>10.2f}{figure.goal:>8.1f}  {holds}")
    _write(figures, asked.seed)


def _write(figures: list[Figure], seed: int) -> None:
    """Write them down; a part that was not measured keeps the figures of its last run."""
    new = {figure.name: {**asdict(figure), "holds": figure.holds} for figure in figures}
    before = json.loads(RESULTS.read_text())["figures"] if RESULTS.exists() else []
    written = {**{each["name"]: each for each in before}, **new}
    RESULTS.write_text(
        json.dumps({"seed": seed, "figures": list(written.values())}, indent=2) + "\n"
    )


if __name__ == "__main__":
    main()
