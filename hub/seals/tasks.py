"""The timer's doors to the trail: sealing it, and making room for the months to come."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from hub.accounts.actions import operator
from hub.days.rules import london_date
from hub.seals.actions import export_heads, make_months, seal


@shared_task(name="hub.seal_trail", time_limit=300)
def seal_trail() -> None:
    """Seal what is finished, and copy the new head out of the database."""
    by = operator()
    seal(now=timezone.now(), by=by)
    export_heads(to=settings.ANCHORS, by=by)


@shared_task(name="hub.make_trail_months", time_limit=120)
def make_trail_months() -> None:
    """Make the trail's parts for the next three months."""
    today = london_date(timezone.now())
    make_months(today=today, up_to=today + timedelta(days=92), by=operator())
