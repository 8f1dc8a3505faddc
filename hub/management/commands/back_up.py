"""Back up the database: `manage.py back_up --to FOLDER`, as the owner."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hub.accounts.actions import operator
from hub.backups.actions import back_up
from hub.backups.rules import how_much
from hub.engines.processes import EngineError
from hub.engines.software import postgres_tool
from hub.errors import DomainError


class Command(BaseCommand):
    """Writes a dump, and beside it the inventory by which `check_restored` compares what comes back."""

    help = "copies the database of one moment into a folder, with an inventory of all it holds"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and another pg_dump where the server is newer than ours."""
        parser.add_argument("--to", type=Path, required=True, help="the folder to write to")
        parser.add_argument("--pg-dump", type=Path, help="another pg_dump than the hub's own")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say which files were written, and how much they hold."""
        try:
            program = options["pg_dump"] or postgres_tool("pg_dump")
            made = back_up(to=options["to"], program=program, now=timezone.now(), by=operator())
        except (DomainError, EngineError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made.dump}\n{made.inventory}\n{how_much(made.held)}.")
