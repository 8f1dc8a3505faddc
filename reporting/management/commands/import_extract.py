"""`manage.py import_extract PATH`: read a hub's extract (the extract contract)."""

import csv
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, transaction
from django.utils import timezone

from hub.access.context import act_as
from hub.accounts.actions import operator
from hub.errors import DomainError
from reporting.extracts.actions import ProgressBar, import_extract
from reporting.extracts.rules.outcome import Fault, Headline, ImportResult, formula_safe

WARNINGS_SHOWN = 20
LIST_COLUMNS = ("file", "line", "column", "problem", "value")
COLUMNS = ("read", "new", "changed", "withdrawn", "unchanged", "refused", "held_back", "warnings")
INTERRUPTED = 130


class Lists(ProgressBar):
    """Prints what is wrong or odd, and writes it to files that begin with the first of it."""

    def __init__(self, out: Any, files: ExitStack, options: dict[str, Any]) -> None:
        super().__init__(shown=sys.stderr.isatty() and not options["no_progress"])
        self._out = out
        self._files = files
        self._paths = {"fault": options["errors_to"], "warning": options["warnings_to"]}
        self._writers: dict[str, Any] = {}
        self.warnings = 0
        files.callback(self.close)

    def forget_earlier(self) -> None:
        """Delete the lists of an earlier import, and no other file: they would pass for this one's.

        Raises OSError where one cannot be deleted.
        """
        for path in filter(None, self._paths.values()):
            if path.is_file() and _is_list(path):
                path.unlink()

    def note(self, text: str) -> None:
        """Say it at once."""
        self.clear()
        self._out.write(text)

    def fault(self, fault: Fault) -> None:
        """Print every fault, and write it to the file."""
        self.note(str(fault))
        self._write("fault", fault)

    def warning(self, fault: Fault) -> None:
        """Print the first warnings; the file, where one is asked for, has all."""
        self.warnings += 1
        if self.warnings <= WARNINGS_SHOWN:
            self.note(f"Warning: {fault}")
        self._write("warning", fault)

    def _write(self, kind: str, fault: Fault) -> None:
        path: Path | None = self._paths[kind]
        if path is None:
            return
        if kind not in self._writers:
            opened = path.open("w", encoding="utf-8", newline="")
            self._writers[kind] = csv.writer(self._files.enter_context(opened))
            self._writers[kind].writerow(LIST_COLUMNS)
        cells = (fault.file, str(fault.line), fault.column, fault.problem, fault.value)
        self._writers[kind].writerow([formula_safe(cell) for cell in cells])


class Command(BaseCommand):
    """Import an extract: every row is checked first; then all of it is written, or nothing."""

    help = (
        "Import a hub's extract (CSV files in a folder or a .zip). If a row is bad nothing is written,"
        " and every fault is listed here and in import-errors.csv."
    )

    _committing = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the options."""
        add = parser.add_argument
        add("path", type=Path, help="a folder or .zip with children.csv, episodes.csv, ...")
        add("--partnership", default="bradford", help="whose data it is (default: bradford)")
        add("--skip-bad-rows", action="store_true", help="import the rest, set bad rows aside")
        add("--rejected-to", type=Path, default=Path("rejected"), help="where (default: rejected)")
        add("--errors-to", type=Path, default=Path("import-errors.csv"), help="the list of faults")
        add("--warnings-to", type=Path, default=None, help="a file for all warnings")
        add("--no-progress", action="store_true", help="show no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and print the reconciliation; exit status 1 where anything stood in the way."""
        _must_be_apart(options["path"], options["rejected_to"])
        try:
            with ExitStack() as files:
                lists = Lists(self.stdout, files, options)
                lists.forget_earlier()
                result = self._import(options, lists)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error
        except OperationalError as error:
            raise CommandError(f"The database gave up, {self._outcome()}: {error}") from error
        except KeyboardInterrupt:
            message = f"Interrupted: {self._outcome()}."
            raise CommandError(message, returncode=INTERRUPTED) from None
        self._print(result, lists.warnings)

    def _import(self, options: dict[str, Any], lists: Lists) -> ImportResult:
        """Let all of it, the operator's account too, stand or fall together."""
        with transaction.atomic():
            by = operator()
            act_as(by)
            result = import_extract(
                path=options["path"],
                partnership_code=options["partnership"],
                by=by,
                now=timezone.now(),
                skip_bad_rows=options["skip_bad_rows"],
                rejected_to=options["rejected_to"],
                listener=lists,
            )
            self._committing = True
        return result

    def _outcome(self) -> str:
        """Say what is known of an import that was stopped: while it is being committed, nothing is."""
        unsure = "it was written whole or not at all, so import it again"
        return unsure if self._committing else "nothing was written"

    def _print(self, result: ImportResult, warnings: int) -> None:
        write = self.stdout.write
        if warnings > WARNINGS_SHOWN:
            write(f"... and {warnings - WARNINGS_SHOWN} warnings more (--warnings-to lists all).")
        for note in result.notes:
            write(f"Note: {note}")
        self._print_files(result)
        self._print_headline(result.before, result.after)
        if result.new_conflicts:
            write(
                f"{result.new_conflicts} conflicts with the hub's own records are listed to be settled."
            )
        if result.published_at:
            write(f"Imported: known from {result.published_at.isoformat()}.")
        else:
            write("Nothing changed: all of it was on record already.")

    def _print_files(self, result: ImportResult) -> None:
        titles = (f"{name.replace('_', ' '):>11}" for name in COLUMNS)
        self.stdout.write(f"{'File':24}" + "".join(titles))
        for counts in result.files:
            numbers = (f"{getattr(counts, name):>11,}" for name in COLUMNS)
            self.stdout.write(f"{counts.file:24}" + "".join(numbers))

    def _print_headline(self, before: Headline, after: Headline) -> None:
        self.stdout.write(f"{'In the hub':24}{'before':>11}{'after':>11}")
        for name, count in after.items():
            self.stdout.write(f"{name:24}{before[name]:>11,}{count:>11,}")


def _is_list(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return lines.readline(100).strip() == ",".join(LIST_COLUMNS)


def _must_be_apart(path: Path, rejected_to: Path) -> None:
    """Refused rows replace what lies in their folder: it must not be the one that is read."""
    if path.resolve() == rejected_to.resolve():
        raise CommandError(f"{path} is where refused rows go. Give another --rejected-to.")
