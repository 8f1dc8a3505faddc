"""The timer's door to the reminders: rows first, then mails; each in a transaction of its own."""

from celery import shared_task
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from referrals.checks.actions import make_reminders, send_reminder

MOST_AT_ONCE = 100


@shared_task(name="referrals.remind_of_checks", time_limit=5 * 60)
def remind_of_checks() -> None:
    """Make what is due, and send what has not gone out."""
    by = operator()
    with acting_as(by):
        make_reminders(now=timezone.now(), by=by)
    for _ in range(MOST_AT_ONCE):
        with acting_as(by):
            sent = send_reminder(now=timezone.now(), by=by)
        if not sent:
            return
