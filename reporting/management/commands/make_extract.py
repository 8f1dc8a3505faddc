"""Make a synthetic extract: a demo district up to a day, or any number of episodes."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from hub.days.rules import london_date
from reporting.demo import rules

DEMOS = {"bradford": rules.bradford, "kirklees": rules.kirklees}
MOST_EPISODES = 10_000_000


class Command(BaseCommand):
    """`make_extract --episodes N --seed S --output FOLDER`, or `--demo bradford|kirklees`."""

    help = (
        "Writes the CSV files of the extract contract, of synthetic people only. Either"
        " --episodes and --seed (any size, Bradford's shape) or --demo (a demo district)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take everything as text: what is wrong with it is said in our own words."""
        parser.add_argument("--episodes", help="how many episodes, over the ten years to --today")
        parser.add_argument("--seed", help="a whole number; the same seed makes the same files")
        parser.add_argument("--demo", help="bradford or kirklees, from January 2014 to --today")
        parser.add_argument("--output", help="the folder to write to, empty or not there yet")
        parser.add_argument("--today", help="the last day of the history, YYYY-MM-DD; else today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check every option first, then write, with a bar that counts episodes."""
        today = _day(options["today"])
        folder = _folder(options["output"])
        subjects, episodes = _subjects(options, today)
        try:
            written = rules.write_extract(_counted(subjects, episodes), folder)
        except OSError as error:
            raise CommandError(f"Cannot write to {folder}: {error.strerror}.") from error
        for name, count in written.items():
            self.stdout.write(f"{name}.csv: {count:,} rows")
        self.stdout.write(f"Written to {folder}.")


def _subjects(options: dict[str, Any], today: date) -> tuple[Iterator[rules.Rows], int | None]:
    demo, episodes, seed = options["demo"], options["episodes"], options["seed"]
    if demo is not None:
        if episodes is not None or seed is not None:
            raise CommandError("Give either --demo or --episodes and --seed, not both.")
        if demo not in DEMOS:
            raise CommandError(f"--demo: {demo!r} is not one of {', '.join(DEMOS)}.")
        return DEMOS[demo](today), None
    count = _whole("--episodes", episodes, 1, MOST_EPISODES)
    return rules.scaled(episodes=count, seed=_whole("--seed", seed, 0, 2**32), today=today), count


def _whole(option: str, value: str | None, low: int, high: int) -> int:
    if value is None:
        raise CommandError(f"Give --episodes and --seed, or --demo: {option} is missing.")
    if not (value.isascii() and value.isdecimal() and low <= int(value[:20]) <= high):
        raise CommandError(f"{option}: {value!r} is not a whole number from {low:,} to {high:,}.")
    return int(value)


def _day(value: str | None) -> date:
    if value is None:
        return london_date(timezone.now())
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise CommandError(f"--today: {value!r} is not a date like 2026-03-31.") from error
    if not 2014 <= day.year <= 2100:
        raise CommandError(f"--today: {value} is not between 2014 and 2100.")
    return day


def _folder(value: str | None) -> Path:
    """Refuse a folder with anything in it but files of an extract, which are replaced."""
    if not value:
        raise CommandError("Give --output, the folder to write to.")
    folder = Path(value)
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"--output: {folder} is not a folder.")
    ours = {f"{name}.csv" for name in rules.COLUMNS}
    others = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    strange = [name for name in others if name not in ours]
    if strange:
        raise CommandError(
            f"--output: {folder} holds what is not part of an extract ({strange[0]}). Name an"
            " empty folder, or one that holds nothing but the files of an earlier extract."
        )
    return folder


def _counted(subjects: Iterable[rules.Rows], total: int | None) -> Iterator[rules.Rows]:
    with tqdm(total=total, unit=" episodes", desc="Making", disable=None) as bar:
        for subject in subjects:
            bar.update(len(subject.get("episodes", ())))
            yield subject
