"""Verify the trail: `manage.py verify_audit [--anchors PATH]`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hub.seals.queries import broken_links, how_many


class Command(BaseCommand):
    """Walks every seal, its members and the exported heads; ends with 1 at the first broken link."""

    help = "verifies the sealed trail against the exported heads, and names the first broken link"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file of exported heads, and whether to go on after the first broken link."""
        parser.add_argument("--anchors", type=Path, default=settings.ANCHORS)
        parser.add_argument("--all", action="store_true", help="name every broken link")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say that the chain is whole, or where it is broken."""
        found = False
        for broken in broken_links(options["anchors"]):
            found = True
            self.stdout.write(f"BROKEN at seal {broken.number}: {broken.why}.")
            if not options["all"]:
                break
        if found:
            raise SystemExit(1)
        if not options["anchors"].exists():
            self.stdout.write("No exported heads are there: a tail that was cut off is not found.")
        number = how_many()
        self.stdout.write(f"Whole: {number:,} {'seal' if number == 1 else 'seals'}.")
