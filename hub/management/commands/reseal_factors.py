"""After a change of HUB_SECRET_KEY: `manage.py reseal_factors`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator, reseal_factors
from hub.errors import DomainError


class Command(BaseCommand):
    """Needed before the former key leaves HUB_FORMER_SECRET_KEYS; run again, it finds nothing to do."""

    help = "encrypts the secrets of second factors anew, so that a former HUB_SECRET_KEY can go"

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were encrypted with a former key."""
        by = operator()
        try:
            with acting_as(by):
                resealed = reseal_factors(now=timezone.now(), by=by)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{resealed} encrypted anew. None needs a former key any more.")
