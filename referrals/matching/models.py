"""The keys by which a child is found though misspelt: triggers keep them, whoever writes the names."""

from typing import ClassVar

from django.db import models

from hub.access.models import ScopedQuerySet
from partners.partnerships.models import Partnership
from referrals.children.models import Child


class MatchKeyQuerySet(ScopedQuerySet["MatchKey"]):
    """Keys; seen by those alone who see whole cases."""


class MatchKey(models.Model):
    """One way in which a child can be found: a number made of a name's sound, of a birth, of a number.

    The database alone writes it (referrals/migrations/0038_keys_are_kept.py). A number, so that an index
    is used under row security, and so that the table tells no name.
    """

    class Part(models.TextChoices):
        """Of what the key was made."""

        WHO = "who", "Own name and birth"
        ALIAS = "alias", "Other names"
        NUMBERS = "numbers", "NHS and pupil number"

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    part = models.CharField(max_length=7, choices=Part.choices)
    key = models.BigIntegerField()

    objects = MatchKeyQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["key", "partnership", "child"], name="referrals_matchkey_found"),
            models.Index(fields=["child"], name="referrals_matchkey_of"),
        ]

    def __str__(self) -> str:
        return f"key of {self.child_id}"
