"""The night's door to vigilance."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from hub.days.rules import london_date
from partners.partnerships.models import Partnership
from referrals.vigilance.actions import find_unusual_access
from referrals.vigilance.rules import DAYS_LOOKED_AT


@shared_task(name="referrals.find_unusual_access", time_limit=30 * 60)
def find_in_last_days() -> None:
    """Look through the days that ended last, each day and partnership in a transaction of its own."""
    by, now = operator(), timezone.now()
    with acting_as(by):
        partnerships = list(Partnership.objects.visible_to(by).order_by("pk"))
    for back in range(1, DAYS_LOOKED_AT + 1):
        for partnership in partnerships:
            with acting_as(by):
                day = london_date(now) - timedelta(days=back)
                find_unusual_access(partnership=partnership, day=day, now=now, by=by)
