"""Four tables alike, of the width of an episode; each is audited in another way, the first in none."""

from auditlog.registry import auditlog
from django.db import models
from simple_history.models import HistoricalRecords


class Row(models.Model):
    """What each table holds."""

    partnership_id = models.BigIntegerField(default=1)
    reference = models.CharField(max_length=60)
    child_id = models.BigIntegerField()
    referred_on = models.DateField()
    closed_on = models.DateField(null=True)
    level = models.CharField(max_length=20, default="")
    level_set_on = models.DateField(null=True)
    review_due_on = models.DateField(null=True)
    lead_worker = models.CharField(max_length=120, default="")

    class Meta:
        abstract = True
        app_label = "beside"
        indexes = [
            models.Index(fields=["child_id"]),
            models.Index(fields=["partnership_id", "review_due_on"]),
        ]

    def __str__(self) -> str:
        return self.reference


class Plain(Row):
    """No trail."""


class Watched(Row):
    """The hub's trail: triggers (bench/walls/writes.py)."""


class Logged(Row):
    """django-auditlog."""


class Kept(Row):
    """django-simple-history."""

    history = HistoricalRecords()


auditlog.register(Logged)
