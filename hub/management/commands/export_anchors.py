"""Copy the heads of the sealed trail out of the database: `manage.py export_anchors [--to PATH]`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hub.accounts.actions import operator
from hub.seals.actions import export_heads


class Command(BaseCommand):
    """Adds to the file what it does not hold yet: keep one where the hub's machine cannot write."""

    help = "adds the heads of the sealed trail to a file outside the database"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("--to", type=Path, default=settings.ANCHORS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were added."""
        added = export_heads(to=options["to"], by=operator())
        self.stdout.write(f"{added} heads added to {options['to']}.")
