"""The timer's door to links: their mails, and drafts that are past their time."""

from celery import shared_task
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from referrals.intake.actions import forget_drafts, send_mail

MOST_AT_ONCE = 100


@shared_task(name="referrals.send_links", time_limit=5 * 60)
def send_links() -> None:
    """Send what has not gone out, each mail in a transaction of its own."""
    by = operator()
    for _ in range(MOST_AT_ONCE):
        with acting_as(by):
            sent = send_mail(now=timezone.now(), by=by)
        if not sent:
            return


@shared_task(name="referrals.forget_drafts", time_limit=5 * 60)
def forget() -> None:
    """Remove the drafts of links that are past their time."""
    by = operator()
    with acting_as(by):
        forget_drafts(now=timezone.now(), by=by)
