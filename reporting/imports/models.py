"""Extracts that were uploaded, and conflicts that a person settled."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission
from hub.accounts.models import User
from partners.partnerships.models import Partnership
from reporting.extracts.models import ImportConflict
from reporting.imports.rules import AFTER_CONFIRMING, ENDED, MOVING, State


def _words(states: Iterable[State]) -> list[str]:
    """Give states as a migration writes them: plain words, in one order."""
    return sorted(str(state) for state in states)


class UploadQuerySet(ScopedQuerySet["ExtractUpload"]):
    """Uploads of a partnership, for those who import."""

    seen_with = Permission.EXTRACT_IMPORT


class ExtractUpload(models.Model):
    """An extract on its way in. This row is the queue: a message to a worker only hurries it.

    `stored_as`: the name of its file in the uploads folder, empty once that was deleted; `faults_in`
    likewise the list of faults and warnings. `state_since`, `heard_at`: when its state changed, when
    a worker last said that it goes on. `starts` counts how often its present work was begun.
    `result` is the reconciliation as the importer gives it: after a check what would be done.
    `message` says to a person why it ended, or went back.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    skip_bad_rows = models.BooleanField(default=False)
    stored_as = models.CharField(max_length=60, default="")
    faults_in = models.CharField(max_length=60, default="")
    fault_count = models.PositiveIntegerField(default=0)
    warning_count = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, default=str(State.UPLOADED))
    state_since = models.DateTimeField()
    heard_at = models.DateTimeField()
    starts = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=80, default="")
    part_done = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True)
    message = models.TextField(default="")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["partnership", "-id"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=_words(State)),
                name="reporting_upload_state",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                | models.Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                & ~models.Q(state__in=_words(AFTER_CONFIRMING)),
                name="reporting_upload_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_words(ENDED), stored_as="")
                | ~models.Q(state__in=_words(ENDED)) & ~models.Q(stored_as=""),
                name="reporting_upload_file_until_the_end",
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def moving(self) -> bool:
        """Whether a worker has it, or is to have it."""
        return self.state in MOVING


class SettlementQuerySet(ScopedQuerySet["ConflictSettlement"]):
    """How conflicts were settled, for those who import."""

    seen_with = Permission.EXTRACT_IMPORT

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep those of the conflicts that the person may see."""
        return super().visible_to(user).filter(conflict__in=ImportConflict.objects.visible_to(user))


class ConflictSettlement(models.Model):
    """Who settled a conflict, when, and why; what stands is on the conflict itself."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    conflict = models.OneToOneField(
        ImportConflict, on_delete=models.PROTECT, related_name="settlement"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField()
    reason = models.TextField()

    objects = SettlementQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.conflict} settled"
