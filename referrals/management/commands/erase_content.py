"""Blank what the trail holds of a person: `manage.py erase_content --partnership CODE --record C-0412`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.errors import DomainError
from hub.seals.actions import erase_content
from hub.seals.queries import Content, content_of, may_blank
from partners.partnerships.models import Partnership
from referrals.episodes.models import Episode

NOT_OWNER = (
    "Only the owner of the tables may change the trail: set DATABASE_URL to the address of the owner,"
    " as for migrate."
)
NOTHING = (
    "The trail holds no content of {record} in {code} that is not blank already."
    " Check the reference."
)
UNSURE = (
    "Nothing was erased, and what is blanked cannot be brought back. If the law demands it, run the same"
    " command again with --confirm {rows}."
)


class Command(BaseCommand):
    """Says first what it would blank; does it when the number of rows is given back to it."""

    help = "Blanks what the trail holds of a person; the chain still verifies, and the erasure is an event."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose content, on what ground, and the number of rows that was said before."""
        parser.add_argument("--partnership", required=True, help="the partnership's code")
        parser.add_argument("--record", required=True, help="a child's reference, such as C-0412")
        parser.add_argument(
            "--events", nargs="*", type=int, default=[], help="more events, by number"
        )
        parser.add_argument(
            "--changes", nargs="*", type=int, default=[], help="more changes, by number"
        )
        parser.add_argument("--reason", required=True, help="on what ground; it stays on the trail")
        parser.add_argument("--confirm", type=int, help="the number of rows that are to be blanked")

    def handle(self, *_: Any, **asked: Any) -> None:
        """Blank what was confirmed, or say what there is to confirm."""
        if not may_blank():
            raise CommandError(NOT_OWNER)
        by = operator()
        with acting_as(by):
            found = _found(by, asked["partnership"], asked["record"])
            events = sorted({*found.events, *asked["events"]})
            changes = sorted({*found.changes, *asked["changes"]})
            rows = len(events) + len(changes)
            if not rows:
                raise CommandError(
                    NOTHING.format(record=asked["record"], code=asked["partnership"])
                )
            self._say(events, changes, found.beside)
            if asked["confirm"] != rows:
                raise CommandError(UNSURE.format(rows=rows))
            _erase(events, changes, asked["reason"], by)
        self.stdout.write(
            "Erased, and noted on the trail. The next seal covers that: run verify_audit after it."
        )

    def _say(self, events: list[int], changes: list[int], beside: int) -> None:
        self.stdout.write(f"{len(events)} events: {_numbers(events)}")
        self.stdout.write(f"{len(changes)} changes: {_numbers(changes)}")
        if beside:
            self.stdout.write(
                f"{beside} events more name the record among others, such as lists. Their references stay;"
                " where one holds words about the person, add its number to --events."
            )


def _found(by: User, code: str, record: str) -> Content:
    """Find what is of a child and of its episodes, or of whatever else bears that reference."""
    partnerships = Partnership.objects.visible_to(by)
    partnership = partnerships.filter(code=code).first()
    if partnership is None:
        known = ", ".join(partnerships.order_by("code").values_list("code", flat=True))
        raise CommandError(f"There is no partnership {code}. There are: {known or 'none yet'}.")
    episodes = Episode.objects.visible_to(by).filter(
        partnership=partnership, child__reference=record
    )
    return content_of([record, *episodes.values_list("reference", flat=True)], partnership.pk)


def _erase(events: list[int], changes: list[int], reason: str, by: User) -> None:
    try:
        erase_content(events=events, changes=changes, reason=reason, now=timezone.now(), by=by)
    except DomainError as error:
        raise CommandError(str(error)) from error


def _numbers(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
