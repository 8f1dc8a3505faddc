"""The timer's door to what is past its time."""

from celery import shared_task
from django.utils import timezone

from hub.access.context import acting_as
from hub.access.rules import Purpose
from hub.accounts.actions import operator
from hub.recording.actions import forget_old
from hub.sessions.actions import forget_ended


@shared_task(name="hub.forget_what_is_over", time_limit=120)
def forget_what_is_over() -> None:
    """Remove old drafts, keys of sent forms and ended sessions."""
    now, by = timezone.now(), operator()
    with acting_as(by, purpose=Purpose.UPKEEP):
        forget_old(now=now, by=by)
        forget_ended(now=now, by=by)
