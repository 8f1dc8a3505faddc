"""`manage.py second_wall_page`: write docs/second-wall.md from the database itself, or compare the two."""

import re
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hub.access.queries import functions_of_the_wall, policies_in_force

PAGE = Path(settings.BASE_DIR) / "docs" / "second-wall.md"
HEAD = """# The second wall, rule by rule

Made by `manage.py second_wall_page` from the policies and functions of the database itself, after `migrate`.
A test compares the two, so that no rule of the wall goes, comes or changes unseen: whoever reviews a change
of a policy reads it here. [Decision 10](decisions/0010-the-second-wall.md) says how the wall works,
[31](decisions/0031-the-second-wall-is-printed.md) how it is tried.

Of each table: who may **read**, **add**, **change** and **remove** which rows. What must hold besides stands
after **and always**; where a change says what the row must be **and become**, one condition is about the row
as it is and one about the row as it will be. What is not named nobody may: of each table stands here what the
application has the right to at all. The words:

| words | of whom, or of which rows |
|---|---|
| of the own partnership | of the partnership of whoever acts; for the operator of any |
| sees all cases | may `cases.view`, or acts for a report |
| sees police records | may `police_records.view`, or acts for a report |
| X is a hidden child or episode | its record is restricted and they are not named, or are shut out |
| X is a shown child or episode | a grant in force shows it to them, their agency or service |
| X is themselves, X is their agency | the person who acts, or their agency, is the one in that column |
| outside the application | the owner of the tables, whom no page and no task acts as |
"""
COMMANDS = {
    "SELECT": "read",
    "INSERT": "add",
    "UPDATE": "change",
    "DELETE": "remove",
    "ALL": "do anything",
}
# A condition as PostgreSQL prints it, and in words; from the innermost outwards.
_ASKED = r"\( SELECT hub_{}\(\) AS hub_\w+\)"
_LISTED = r"\((\w+) IN \( SELECT unnest\(\( SELECT hub_{0}_{1}\(\) AS hub_\w+\)\) AS unnest\)\)"
WORDS = (
    (r"'([^']*)'::(?:text|name)", r"'\1'"),
    (r"\((\w+)\)::text\b", r"\1"),
    (r"\( SELECT hub_may\('([^']*)'\) AS hub_may\)", r"may `\1`"),
    (r"\( SELECT hub_for\('([^']*)'\) AS hub_for\)", r"acts for `\1`"),
    (r"\( SELECT hub_shares\('([^']*)'\) AS hub_shares\)", r"their agreement opens \1"),
    (
        rf"\(\(partnership_id = {_ASKED.format('partnership')}\) OR {_ASKED.format('every_partnership')}\)",
        "of the own partnership",
    ),
    (_ASKED.format("every_partnership"), "acts for every partnership"),
    (_ASKED.format("by_link"), "acts by a one-time link"),
    (_ASKED.format("sees_all"), "sees all cases"),
    (_ASKED.format("sees_police"), "sees police records"),
    (_LISTED.format("hidden", "children"), r"\1 is a hidden child"),
    (_LISTED.format("hidden", "episodes"), r"\1 is a hidden episode"),
    (_LISTED.format("shown", "children"), r"\1 is a shown child"),
    (_LISTED.format("shown", "episodes"), r"\1 is a shown episode"),
    (rf"\(([\w.]+) = {_ASKED.format('user')}\)", r"\1 is themselves"),
    (rf"\(([\w.]+) = {_ASKED.format('agency')}\)", r"\1 is their agency"),
    (r"\( SELECT \(CURRENT_USER <> 'hub_app'\)\)", "outside the application"),
    (r"\(NOT (\w+) is a hidden (child|episode)\)", r"\1 is not a hidden \2"),
    (r"\bAND\b", "and"),
    (r"\bOR\b", "or"),
    (r"\bNOT\b", "not"),
)


class Command(BaseCommand):
    """The page that people review is never another than what the database does."""

    help = "Writes docs/second-wall.md from the database's policies; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write at all."""
        parser.add_argument("--check", action="store_true", help="compare, and fail if it is old")

    def handle(self, *_: Any, check: bool, **__: Any) -> None:
        """Write the page, or say that it is old."""
        page = second_wall_page()
        if not check:
            PAGE.write_text(page, encoding="utf-8")
            self.stdout.write(f"Wrote {PAGE}.")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            raise CommandError(f"{PAGE} is old: run manage.py migrate, then second_wall_page.")


def second_wall_page() -> str:
    """Give the page: tables with the same rules together, then the functions that the rules ask."""
    return "\n".join([HEAD, *_tables(), *_functions()])


def in_words(condition: str, table: str) -> str:
    """Say a condition in the words of the page; what has no word stays as the database prints it."""
    said = " ".join(condition.split()).replace(f"{table}.", "own ")
    for pattern, words in WORDS:
        said = re.sub(pattern, words, said)
    return said[1:-1] if said.startswith("(") and _is_one(said) else said


def _is_one(text: str) -> bool:
    """Say whether the bracket that opens a text is closed at its end."""
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return place == len(text) - 1
    return False


def _tables() -> Iterator[str]:
    rules: dict[str, list[str]] = defaultdict(list)
    for table, command, enough, roles, reads, writes in policies_in_force():
        always = "" if enough else "and always "
        whom = "" if roles == "public" else f" (as {roles})"
        become = writes or (reads if command == "UPDATE" else None)
        said = " **and become** ".join(in_words(each, table) for each in (reads, become) if each)
        rules[table].append(f"- **{always}{COMMANDS[command]}**{whom}: {said}")
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for table, said_of_it in rules.items():
        alike[tuple(said_of_it)].append(table)
    for said_of_them, tables in alike.items():
        yield f"## {', '.join(tables)}\n"
        yield from (*said_of_them, "")


def _functions() -> Iterator[str]:
    yield "## What the rules ask, and what runs past them as the owner\n"
    for name, body, as_owner, by_application in functions_of_the_wall():
        runs = "runs as the owner" if as_owner else "runs as whoever asks"
        asks = "the application may ask it" if by_application else "the application may not ask it"
        lines = [line.rstrip() for line in body.strip("\n").splitlines()]
        yield from (f"`{name}`: {runs}; {asks}\n", "```sql", *lines, "```\n")
