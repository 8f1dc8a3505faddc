"""Compare a restored database with its backup: `manage.py check_restored INVENTORY`, as the owner."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.backups.queries import compare
from hub.backups.rules import Inventory, how_much, read_inventory
from hub.errors import DomainError


class Command(BaseCommand):
    """Ends with 0 where all is as it was when the backup was made, and else with 1, naming what is not."""

    help = "compares the database with the inventory of a backup, and names every difference"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the inventory."""
        parser.add_argument("inventory", type=Path, help="the .json beside the .dump")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say that all is the same, or name each thing that is not."""
        try:
            found, faults = compare(_noted(options["inventory"]))
        except DomainError as error:
            raise CommandError(str(error)) from error
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise SystemExit(1)
        self.stdout.write(f"The same as when it was backed up: {how_much(found)}.")


def _noted(path: Path) -> Inventory:
    try:
        return read_inventory(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
