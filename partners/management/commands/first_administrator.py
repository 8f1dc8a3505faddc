"""Make a new hub's first administrator: `manage.py first_administrator --partnership bradford ...`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from hub.access.context import act_as
from hub.access.rules import Role
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.errors import DomainError
from partners.agencies.actions import add_agency
from partners.agencies.models import Agency, Post
from partners.partnerships.actions import set_up
from partners.people.actions import take_on


class Command(BaseCommand):
    """The one account that nobody is there to open; all others are opened in the browser."""

    help = "makes a partnership's first administrator, and prints the code for their first sign-in"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is, and where they work."""
        parser.add_argument("--partnership", required=True, help="the partnership's code")
        parser.add_argument("--agency", required=True, help="the agency's code, made if need be")
        parser.add_argument("--agency-name", help="its name, where it is made (else its code)")
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, **told: Any) -> None:
        """Print the code, or say why there is none."""
        by = operator()
        with transaction.atomic():
            act_as(by)
            try:
                code = _made(told, by)
            except (DomainError, ValueError) as error:
                raise CommandError(str(error)) from error
        self.stdout.write(
            f"Code for {told['username']}: {code}\n"
            "It is good for three days and once, at /sign-in/anew/. Tell it by telephone or in person."
        )


def _made(told: dict[str, Any], by: User) -> str:
    now = timezone.now()
    partnership = set_up(code=told["partnership"], now=now, by=by)
    today = london_date(now)
    held = Post.objects.held_on(today).filter(
        agency__partnership=partnership, role=Role.SYSTEM_ADMINISTRATOR, user__is_active=True
    )
    if held.exists():
        raise CommandError("This partnership has an administrator: they take others on (People).")
    agency = add_agency(
        partnership=partnership,
        code=told["agency"],
        name=told["agency_name"] or told["agency"],
        kind=Agency.Kind.COUNCIL,
        now=now,
        by=by,
    )
    return take_on(
        agency=agency,
        username=told["username"],
        name=told["name"],
        role=Role.SYSTEM_ADMINISTRATOR,
        starts_on=today,
        now=now,
        by=by,
    )
