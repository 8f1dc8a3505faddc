"""The timer's door to the alerts: the rows are the queue, so nothing is lost with a message."""

from celery import shared_task
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from referrals.emergencies.actions import send_alert

MOST_AT_ONCE = 100


@shared_task(name="referrals.send_alerts", time_limit=5 * 60)
def send_alerts() -> None:
    """Send what has not gone out, each alert in a transaction of its own."""
    by = operator()
    for _ in range(MOST_AT_ONCE):
        with acting_as(by):
            sent = send_alert(now=timezone.now(), by=by)
        if not sent:
            return
