"""Look through one day of the trail for unusual access."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from hub.days.rules import london_date
from partners.partnerships.models import Partnership
from referrals.vigilance.actions import find_unusual_access


class Command(BaseCommand):
    """`find_unusual_access --day 2026-03-02`; without a day, yesterday."""

    help = "Notes what was unusual in who looked at which child on a day, for the auditors' review."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day as text: what is wrong with it is said in our own words."""
        parser.add_argument("--day", help="YYYY-MM-DD; else yesterday")

    def handle(self, *_: Any, day: str | None, **__: Any) -> None:
        """Look in each partnership, and say how many findings are new."""
        by, now = operator(), timezone.now()
        asked = _day(day) if day else london_date(now) - timedelta(days=1)
        with acting_as(by):
            partnerships = list(Partnership.objects.visible_to(by).order_by("code"))
        for partnership in partnerships:
            with acting_as(by):
                new = find_unusual_access(partnership=partnership, day=asked, now=now, by=by)
            self.stdout.write(f"{partnership.code}: {new} new on {asked}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--day: {text!r} is no day. Write it as 2026-03-02.") from error
