"""`manage.py permissions_page`: write docs/permissions.md from the reviewed list, or compare the two."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hub.access.rules import PERMISSIONS, ROLES, Permission

PAGE = Path(settings.BASE_DIR) / "docs" / "permissions.md"
HEAD = """# Permissions and roles

Made from `hub/access/rules.py` by `manage.py permissions_page`: change the list there.
A test compares the two.

A person's role comes from the post they hold in an agency, and counts from its first to its last day.
A right ends at the person's own partnership; only the command line acts for every partnership.
"""


class Command(BaseCommand):
    """The page that people read is never another than the list that the hub goes by."""

    help = "Writes docs/permissions.md from hub/access/rules.py; --check only compares."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write at all."""
        parser.add_argument("--check", action="store_true", help="compare, and fail if it is old")

    def handle(self, *_: Any, check: bool, **__: Any) -> None:
        """Write the page, or say that it is old."""
        page = permissions_page()
        if not check:
            PAGE.write_text(page, encoding="utf-8")
            self.stdout.write(f"Wrote {PAGE}.")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            raise CommandError(f"{PAGE} is old: run manage.py permissions_page.")


def permissions_page() -> str:
    """Give the page: what each permission allows, and which role holds which."""
    return "\n".join([HEAD, *_permissions(), "", *_roles(), "", *_who_holds_what(), ""])


def _permissions() -> Iterator[str]:
    yield from ("## Permissions", "", "| permission | what it allows |", "|---|---|")
    yield from (f"| `{permission}` | {PERMISSIONS[permission]} |" for permission in Permission)


def _roles() -> Iterator[str]:
    yield from ("## Roles", "", "| role | code | what it is |", "|---|---|---|")
    yield from (f"| {role.title} | `{code}` | {role.sentence} |" for code, role in ROLES.items())


def _who_holds_what() -> Iterator[str]:
    yield from ("## Who holds what", "", "| role | permissions |", "|---|---|")
    for role in ROLES.values():
        held = [f"`{permission}`" for permission in Permission if permission in role.permissions]
        yield f"| {role.title} | {', '.join(held)} |"
