"""Leaving the heartbeat."""

from datetime import datetime

from django.db import transaction

from hub.health.models import WORKER, Heartbeat


@transaction.atomic
def beat(*, now: datetime) -> None:
    """Note that a worker is at work. It tells of no person, so nothing goes on the trail."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"seen_at": now})
