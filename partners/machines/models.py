"""Tokens of service accounts: by which another agency's system reads, in its account's name."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hub.access.gate import standing_of
from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission, Role
from partners.agencies.models import Post
from partners.partnerships.models import Partnership

if TYPE_CHECKING:
    from datetime import datetime

    from hub.accounts.models import User


class TokenQuerySet(ScopedQuerySet["MachineToken"]):
    """Tokens, by who manages them."""

    seen_with = Permission.PEOPLE_MANAGE

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the partnership's, and for an agency's administrator those of the own agency alone."""
        rows, standing = super().visible_to(user), standing_of(user)
        if standing is not None and standing.role is Role.AGENCY_ADMINISTRATOR:
            return rows.filter(post__agency_id=standing.agency_id)
        return rows

    def in_force(self, now: "datetime") -> Self:
        """Keep those that were not ended and have not expired."""
        return self.filter(ended_at__isnull=True, expires_at__gt=now)


class MachineToken(models.Model):
    """A token: of which post, for what, from when to when. Of its secret the digest alone is kept.

    The post is a service account's: a user without a password, who signs in nowhere. What the token opens
    is what that account may see, as far as the scopes go.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tokens")
    scopes = ArrayField(models.CharField(max_length=40))
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="partners_token_ended_by_whom",
            )
        ]

    def __str__(self) -> str:
        return f"token {self.pk}"


class MachineUse(models.Model):
    """When a token was last used: apart from the token, whose every change the trail keeps."""

    token = models.OneToOneField(
        MachineToken, on_delete=models.PROTECT, primary_key=True, related_name="use"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"use of token {self.token_id}"
