"""`manage.py api_description`: write docs/api.json, the description of the interface, or compare the two."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hub.interface.api import description

FILE = Path(settings.BASE_DIR) / "docs" / "api.json"


class Command(BaseCommand):
    """What others build upon changes in sight: the file shows it in review."""

    help = "Writes docs/api.json, what the interface for machines says of itself; --check only compares."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write at all."""
        parser.add_argument("--check", action="store_true", help="compare, and fail if it is old")

    def handle(self, *_: Any, check: bool, **__: Any) -> None:
        """Write the file, or say that it is old."""
        written = described()
        if not check:
            FILE.write_text(written, encoding="utf-8")
            self.stdout.write(f"Wrote {FILE}.")
        elif not FILE.exists() or FILE.read_text(encoding="utf-8") != written:
            raise CommandError(f"{FILE} is old: run manage.py api_description.")


def described() -> str:
    """Give the description as the file has it."""
    return json.dumps(description(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
