"""The heartbeat of the background work."""

from typing import ClassVar

from django.db import models

WORKER = "worker"


class Heartbeat(models.Model):
    """When a worker last did a timed task: it tells that timer, queue and worker all live. One row."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        app_label = "hub"
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M:%S}"
