"""`manage.py appendix1`: the yearly report as a file."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from hub.days.rules import parse_moment
from hub.errors import DomainError
from reporting.appendix1.actions import make_report
from reporting.appendix1.documents import document
from reporting.appendix1.rules.parameters import FULL, PUBLISHED, Parameters

FORMATS = ("json", "xlsx", "docx", "pdf")


def day(text: str) -> date:
    """Read a date option."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no date: write it as 2016-03-31") from error


def names(text: str) -> tuple[str, ...]:
    """Read a comma-separated option."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


class Command(BaseCommand):
    """Counts what the definitions pin down, for one year and one snapshot."""

    help = (
        "Make the Appendix 1 report (data and statistics for the board) as json, xlsx, docx or pdf."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options, as the Appendix 1 definitions name them."""
        parser.add_argument("--year-start", type=day, required=True, help="first day of the year")
        parser.add_argument("--year-end", type=day, required=True, help="its last day")
        parser.add_argument("--snapshot", type=day, required=True, help="day of the open cases")
        parser.add_argument(
            "--movement-to", type=day, help="second day, for the movement of levels"
        )
        parser.add_argument("--suspects-from", type=day, help="default: the year's start")
        parser.add_argument("--suspects-to", type=day, help="default: the year's end")
        parser.add_argument("--known-at", help="ISO moment: answer from what was known then")
        parser.add_argument("--disclosure", choices=(FULL, PUBLISHED), default=FULL)
        parser.add_argument(
            "--types", type=names, default=("CSE",), help="exploitation types, by commas"
        )
        parser.add_argument(
            "--partnership", type=names, default=("bradford",), help="codes, by commas"
        )
        parser.add_argument("--format", choices=FORMATS, default="json")
        parser.add_argument(
            "--output", type=Path, help="file to write; default: the terminal (json only)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the report and write it; nothing is written where it cannot be made."""
        output: Path | None = options["output"]
        _check_output(output, options["format"])
        try:
            asked = _parameters(options)
            by = operator()
            with acting_as(by):
                report = make_report(asked=asked, now=timezone.now(), by=by)
        except DomainError as error:
            raise CommandError(str(error)) from error
        content = document(report, options["format"])
        if output is None:
            self.stdout.write(content.decode())
            return
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"cannot write {output}: {error.strerror}.") from error


def _check_output(output: Path | None, kind: str) -> None:
    if output is None and kind != "json":
        raise CommandError(f"--format {kind} needs --output FILE.")
    if output is not None and (output.is_dir() or not output.parent.is_dir()):
        raise CommandError(f"cannot write {output}: give a file in a folder that exists.")


def _parameters(options: dict[str, Any]) -> Parameters:
    known_at = options["known_at"]
    try:
        moment = parse_moment(known_at) if known_at is not None else None
    except ValueError as error:
        message = f"--known-at: {known_at} is no moment: write it as 2016-04-05T09:00."
        raise CommandError(message) from error
    return Parameters(
        year_start=options["year_start"],
        year_end=options["year_end"],
        snapshot=options["snapshot"],
        movement_to=options["movement_to"],
        suspects_from=options["suspects_from"] or options["year_start"],
        suspects_to=options["suspects_to"] or options["year_end"],
        known_at=moment,
        disclosure=options["disclosure"],
        types=options["types"],
        partnerships=options["partnership"],
    )
