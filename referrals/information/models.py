"""New information: a note that puts its episode on the list of the next meeting."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from hub.access.models import ScopedQuerySet
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.information.rules import KINDS
from referrals.notes.models import Note
from referrals.notes.rules import EVERYBODY, HUB

if TYPE_CHECKING:
    from hub.accounts.models import User


class InformationQuerySet(ScopedQuerySet["Information"]):
    """New information, for those who may read its note: for anybody else there is none."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep what stands in a note that is for the person; one that was withdrawn is gone with it."""
        standing = Note.objects.visible_to(user).known().filter(position=OuterRef("note"))
        return super().visible_to(user).filter(Exists(standing.filter(child=OuterRef("child"))))

    def for_the_hub(self) -> Self:
        """Keep what every agency of the hub may know of: the note is marked for them all."""
        open_ones = Note.objects.known().filter(seen_by__in=(HUB, EVERYBODY))
        own = open_ones.filter(position=OuterRef("note"), child=OuterRef("child"))
        return self.filter(Exists(own))

    def undecided(self) -> Self:
        """Keep what no level was set on since, on an episode that is open."""
        level = Q(
            levels__superseded_at__isnull=True, levels__known_from__gt=OuterRef("recorded_at")
        )
        decided = Episode.objects.filter(pk=OuterRef("episode_id")).order_by()
        return self.filter(~Exists(decided.filter(Q(closed_on__isnull=False) | level)))


class Information(models.Model):
    """That a note brought something new: what kind, who told it, and when it was recorded.

    `note` is the note's number (its `position`): the words, their day and their marking stand there.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="information")
    note = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    source = models.CharField(max_length=4)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = InformationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["partnership", "recorded_at"], name="referrals_information_new")
        ]

    def __str__(self) -> str:
        return f"information in note {self.note}"
