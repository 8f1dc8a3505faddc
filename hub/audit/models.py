"""The trail: who did or saw what, when, as what, and why."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from hub.access.gate import standing_of
from hub.access.rules import Permission

if TYPE_CHECKING:
    from hub.accounts.models import User


class Verb(models.TextChoices):
    """The six kinds of processing that must be logged (Data Protection Act 2018, section 62)."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Events of the trail, by who may read them."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the partnership's events for one who reads the trail, their own for anybody else."""
        standing = standing_of(user)
        if standing is None:
            return self.none()
        if not standing.may(Permission.TRAIL_READ):
            return self.filter(user_id=standing.user_id)
        every = standing.partnership_id is None
        return self if every else self.filter(partnership_id=standing.partnership_id)


class AuditEvent(models.Model):
    """One event. It has no foreign keys on purpose: it can neither block nor vanish with what it tells of.

    `what` is the kind of thing (`episode`), `reference` its own number; `event` the deed (`level.set`);
    `about` names every reference that it tells of, those of a list included. The database itself writes
    `transaction`, `written_at` and `content_digest` (of before, after and reason), whatever is sent.
    """

    at = models.DateTimeField()
    verb = models.CharField(max_length=20, choices=Verb.choices)
    event = models.CharField(max_length=60)
    user_id = models.BigIntegerField(null=True)
    username = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    agency_id = models.BigIntegerField(null=True)
    agency = models.CharField(max_length=120, default="")
    partnership_id = models.BigIntegerField(null=True)
    what = models.CharField(max_length=60)
    reference = models.CharField(max_length=120)
    about = ArrayField(models.CharField(max_length=120), default=list)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(default="")
    transaction = models.BigIntegerField(db_default=0, editable=False)
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    content_digest = models.BinaryField(db_default=b"", editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        app_label = "hub"
        indexes: ClassVar = [
            models.Index(fields=["what", "reference", "at"]),
            models.Index(fields=["user_id", "at"]),
            models.Index(fields=["partnership_id", "at"], name="hub_trail_partnership"),
            GinIndex(fields=["about"], name="hub_trail_about"),
            models.Index(fields=["transaction"], name="hub_trail_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event} {self.what} {self.reference}"


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes that the database saw, by who may read them."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the partnership's changes for one who reads the trail, none for anybody else."""
        standing = standing_of(user)
        if standing is None or not standing.may(Permission.TRAIL_READ):
            return self.none()
        every = standing.partnership_id is None
        return self if every else self.filter(partnership_id=standing.partnership_id)


class Change(models.Model):
    """One statement that wrote to a watched table, as the database's own trigger saw it.

    `keys` are the rows' numbers as a multirange (`{[1,4),[9,10)}`). `before` and `after` hold the columns
    that differ, each a list in the order of the keys; a table of facts keeps both itself, so there they are
    empty. The events of the same `transaction` say what was done; where there is none, it was done
    beside the application.
    """

    class Deed(models.TextChoices):
        INSERT = "insert"
        UPDATE = "update"
        DELETE = "delete"

    written_at = models.DateTimeField()
    transaction = models.BigIntegerField()
    deed = models.CharField(max_length=10, choices=Deed)
    table = models.CharField(max_length=63)
    rows = models.IntegerField()
    keys = models.TextField()
    user_id = models.BigIntegerField(null=True)
    partnership_id = models.BigIntegerField(null=True)
    database_role = models.CharField(max_length=63)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    content_digest = models.BinaryField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        app_label = "hub"
        indexes: ClassVar = [
            models.Index(fields=["transaction"], name="hub_change_transaction"),
            models.Index(fields=["partnership_id", "written_at"], name="hub_change_partnership"),
        ]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d %H:%M} {self.deed} {self.table} {self.rows}"
