"""What is half-written, and which form was sent already."""

import json
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from typing import ClassVar, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.encoding import force_bytes

from hub.accounts.models import User
from hub.recording.rules import DRAFT_KEPT, SEALED_KEPT, Answers


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = (sha256(b"hub.recording.draft" + force_bytes(secret)).digest() for secret in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])


def sealed_text(answers: Answers) -> str:
    """Encrypt answers for the database."""
    return _cipher().encrypt(json.dumps(answers).encode()).decode()


def opened_text(content: str) -> Answers:
    """Decrypt answers; nothing where there are none, or the key they were encrypted with is gone."""
    try:
        return dict(json.loads(_cipher().decrypt(content.encode()))) if content else {}
    except InvalidToken:
        return {}


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, by whose they are."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the person's own."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def lasting(self, now: datetime) -> Self:
        """Keep those that are not past their time."""
        sealed = Q(sealed=True, saved_at__gt=now - SEALED_KEPT)
        return self.filter(sealed | Q(sealed=False, saved_at__gt=now - DRAFT_KEPT))


class Draft(models.Model):
    """What a person has typed into a form and not yet sent; its content is encrypted.

    `address` is the form's own, without a host: with the person it names the draft. `title` is the form's
    title, which holds a reference and never a name. `sealed`: it was sent after the session had ended.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts", db_index=False
    )
    address = models.CharField(max_length=200)
    title = models.CharField(max_length=120, default="")
    content = models.TextField()
    sealed = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        app_label = "hub"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "address"], name="hub_draft_once")
        ]
        ordering: ClassVar[list[str]] = ["-saved_at"]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    def lasts(self, now: datetime) -> bool:
        """Say whether it is not past its time."""
        return self.saved_at > now - (SEALED_KEPT if self.sealed else DRAFT_KEPT)

    @property
    def answers(self) -> Answers:
        """What was typed; nothing where the key it was encrypted with is gone."""
        return opened_text(self.content)


class SentForm(models.Model):
    """A form that was sent, by the key it bore: a second press of the button leads where the first led."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    once = models.UUIDField()
    went_to = models.CharField(max_length=300, default="")
    at = models.DateTimeField()

    class Meta:
        app_label = "hub"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "once"], name="hub_sentform_once")
        ]

    def __str__(self) -> str:
        return f"form {self.once}"
