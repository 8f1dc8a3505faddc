"""The timer's door to the heartbeat."""

from celery import shared_task
from django.utils import timezone

from hub.health.actions import beat


@shared_task(name="hub.heartbeat", time_limit=30)
def heartbeat() -> None:
    """Note that timer, queue and worker live."""
    beat(now=timezone.now())
