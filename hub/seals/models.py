"""The seals of the trail."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hub.seals.rules import Batch, Link


class Seal(models.Model):
    """A batch of the trail, bound to the batch before it and signed (hub/audit/rules.py).

    `reach` and `running` are the snapshot that chose its members: see Batch. It tells of no person.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    reach = models.BigIntegerField()
    running = ArrayField(models.BigIntegerField())
    events = models.IntegerField()
    changes = models.IntegerField()
    members = models.BinaryField()
    previous = models.BinaryField()
    head = models.BinaryField()
    signature = models.BinaryField()
    signer = models.BinaryField()

    class Meta:
        app_label = "hub"
        ordering: ClassVar[list[str]] = ["number"]
        indexes: ClassVar = [models.Index(fields=["reach", "number"], name="hub_seal_reach")]

    def __str__(self) -> str:
        return f"{self.number} {self.sealed_at:%Y-%m-%d %H:%M:%S}"

    def link(self) -> Link:
        """Give the seal as the rules know it."""
        batch = Batch(
            self.number, self.sealed_at, self.reach, tuple(self.running), self.events, self.changes,
            bytes(self.members),
        )  # fmt: skip
        rest = (self.previous, self.head, self.signature, self.signer)
        return Link(batch, *(bytes(each) for each in rest))
