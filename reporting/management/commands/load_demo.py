"""`manage.py load_demo`: the synthetic districts, loaded or brought up to today."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hub.access.context import acting_as
from hub.access.rules import ROLES
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.errors import DomainError
from reporting.appendix1.actions import Report, make_report
from reporting.appendix1.rules.parameters import Parameters
from reporting.demo.actions import (
    DISTRICTS,
    bring_up_to_date,
    prepare_morning,
    propose_changes,
    set_up_partners,
    write_notes,
)
from reporting.demo.rules.accounts import PASSWORD, PEOPLE

REPORT_OF_2016 = Parameters(
    year_start=date(2015, 4, 1),
    year_end=date(2016, 3, 31),
    snapshot=date(2016, 3, 29),
    movement_to=date(2016, 8, 1),
    suspects_from=date(2015, 7, 1),
    suspects_to=date(2016, 6, 30),
)

# Whose proposals wait for the panel of the demo.
PROPOSES, PROPOSES_IN = "social", "bradford"


class Command(BaseCommand):
    """Loads the demo; a second time it only brings the history up to today."""

    help = "Load the synthetic Bradford and Kirklees, or bring them up to today. All people are invented."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the option."""
        parser.add_argument(
            "--summary", action="store_true", help="print the people and the headlines only"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or print."""
        try:
            if options["summary"]:
                self._print_summary()
            else:
                self._load()
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _load(self) -> None:
        now, by = timezone.now(), operator()
        with acting_as(by):
            set_up_partners(now=now, by=by)
        for code in DISTRICTS:
            today = london_date(now)
            with acting_as(by):
                changed = bring_up_to_date(partnership=code, today=today, now=now, by=by)
            with acting_as(by):
                write_notes(partnership=code, today=today, by=by)
            with acting_as(by):
                prepare_morning(partnership=code, now=now, by=by)
            if code == PROPOSES_IN:
                who = proposer()
                with acting_as(who):
                    propose_changes(partnership=code, by=who)
            self.stdout.write(
                f"{code.title()}: {'loaded up to today' if changed else 'is up to date'}."
            )

    def _print_summary(self) -> None:
        self.stdout.write(f"People (the password of each is {PASSWORD}):\n")
        for person in PEOPLE:
            self.stdout.write(f"  {person.username:<10}{person.name:<18}{ROLES[person.role].title}")
        by = operator()
        with acting_as(by):
            report = make_report(asked=REPORT_OF_2016, now=timezone.now(), by=by)
        self.stdout.write("\nBradford, Appendix 1 for 2015/16 (open cases on 29 March 2016):\n")
        for label, figure in headlines(report):
            self.stdout.write(f"  {label:<44}{figure:>6}")


def proposer() -> User:
    """Give the social worker of the demo who proposes."""
    return User.objects.get(username=PROPOSES)


def headlines(report: Report) -> list[tuple[str, object]]:
    """Give the figures that the demo prints."""
    strategic, tactical = report["strategic"], report["tactical"]
    crimes, suspects = report["crimes"], report["suspect_management"]
    levels = tactical["by_level"]
    return [
        ("Episodes dealt with in the year", strategic["episodes"]),
        ("  already open / new", f"{strategic['already_open']} / {strategic['new']}"),
        ("Children", strategic["children"]),
        ("Not at risk at referral", strategic["not_at_risk_at_referral"]),
        ("Children open on the snapshot", tactical["open"]),
        ("  high / medium / low", f"{levels['HIGH']} / {levels['MEDIUM']} / {levels['LOW']}"),
        ("Sexual offences against under-18s", crimes["sexual_offences_under_18"]),
        ("  of them tagged CSE", crimes["cse"]),
        ("Suspect-management occurrences", suspects["occurrences"]),
    ]
