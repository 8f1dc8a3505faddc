"""Compare a restored database with its backup: `manage.py check_restored INVENTORY`, as the owner."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from hub.backups.queries import counted_up_to, export_snapshot, hidden_tables, take_inventory
from hub.backups.rules import Inventory, differences, epoch_after, how_much, read_inventory

COUNTED_ANEW = (
    "The transactions are counted anew: the next is {following}, the trail knows of {known}, and would refuse"
    " to be sealed. Stop PostgreSQL and run pg_resetwal --epoch={epoch} on its data folder, before anything is"
    " written."
)


class Command(BaseCommand):
    """Ends with 0 where all is as it was when the backup was made, and else with 1, naming what is not."""

    help = "compares the database with the inventory of a backup, and names every difference"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the inventory."""
        parser.add_argument("inventory", type=Path, help="the .json beside the .dump")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say that all is the same, or name each thing that is not."""
        noted = _noted(options["inventory"])
        found, faults = _looked_at(noted)
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


def _looked_at(noted: Inventory) -> tuple[Inventory, list[str]]:
    with transaction.atomic(), connection.cursor() as cursor:
        export_snapshot(cursor)
        if hidden_tables(cursor):
            raise CommandError("Row security may hide rows from this role: run it as the owner.")
        found = take_inventory(cursor)
        faults = list(differences(noted, found))
        # Asked only where the trail came back: what is missing was named above.
        following, known = counted_up_to(cursor) if not faults else (1, 0)
    if known >= following:
        epoch = epoch_after(known)
        faults.append(COUNTED_ANEW.format(following=following, known=known, epoch=epoch))
    return found, faults
