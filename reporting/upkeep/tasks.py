"""The night's door to the upkeep."""

from celery import shared_task
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from reporting.upkeep.actions import renew_current_values


@shared_task(name="reporting.renew_current_values", time_limit=15 * 60)
def renew() -> None:
    """Keep the current values in step with the facts."""
    by = operator()
    with acting_as(by):
        renew_current_values(now=timezone.now(), by=by)
