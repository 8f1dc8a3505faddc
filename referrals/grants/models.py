"""Grants on a child's record, restrictions of it, and the one table that lists go by.

A grant lets an agency, a service's team or a person see a child; a restriction hides one. The grants stand
in django-guardian's tables with direct foreign keys and are the truth; triggers keep `Sight` in step with
them (referrals/migrations/0011_who_sees_a_child.py). guardian's own questions know no dates: nothing asks
them (docs/decisions/0012-grants-and-restricted-records.md).
"""

from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission, Standing
from hub.facts.models import Spell, SpellQuerySet, end_known, fact_meta_constraints, one_current
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.episodes.models import Episode

G_co = TypeVar("G_co", bound="Grant", covariant=True)


class GrantQuerySet(ScopedQuerySet[G_co]):
    """Grants, by who may know of them and whether they are in force."""

    def in_force(self) -> Self:
        """Keep those that have neither been ended nor run out."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=Now()), ended_at__isnull=True
        )


class Grant(models.Model):
    """What both kinds of grant say: which child, why, from when to when, who gave it and who ended it.

    `episode`: that episode alone; none: the whole child. `expires_at`: until that moment; none: until it
    is ended. `by_referral`: an accepted service referral gave it, and its end ends it.
    """

    content_object = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="+", db_column="child_id", db_index=False
    )
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    episode = models.ForeignKey(
        Episode, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    because = models.TextField()
    by_referral = models.BooleanField(default=False, db_default=False)
    starts_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    ended_because = models.TextField(default="", db_default="")

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(by_referral=True) | Q(granted_by__isnull=False),
                name="%(app_label)s_%(class)s_given_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("starts_at")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
        ]


class GroupGrant(Grant, GroupObjectPermissionBase):
    """A grant to all of an agency, or to a service's team: each is a group."""

    objects: ClassVar = GrantQuerySet["GroupGrant"].as_manager()  # type: ignore[assignment]  # not guardian's

    class Meta(Grant.Meta):
        # Beside guardian's own rule (one row for ever): an ended grant stays readable.
        unique_together: ClassVar[list[str]] = []
        constraints: ClassVar = [
            *Grant.Meta.constraints,
            models.UniqueConstraint(
                fields=["content_object", "group", "episode", "by_referral"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="referrals_groupgrant_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["episode"],
                condition=Q(ended_at__isnull=True, by_referral=True),
                name="referrals_groupgrant_referred",
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_object_id} to group {self.group_id}"


class PersonGrant(Grant, UserObjectPermissionBase):
    """A grant to a person by name: the only kind that opens a restricted record.

    `emergency`: they gave it to themselves, for some hours and to be reviewed (referrals/emergencies).
    """

    emergency = models.BooleanField(default=False, db_default=False)

    objects: ClassVar = GrantQuerySet["PersonGrant"].as_manager()  # type: ignore[assignment]  # not guardian's

    class Meta(Grant.Meta):
        unique_together: ClassVar[list[str]] = []
        constraints: ClassVar = [
            *Grant.Meta.constraints,
            models.UniqueConstraint(
                fields=["content_object", "user"],
                condition=Q(ended_at__isnull=True),
                name="referrals_persongrant_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_object_id} to person {self.user_id}"


class SightQuerySet(ScopedQuerySet["Sight"]):
    """Who is shown what."""

    def shared_with(self, standing: Standing) -> Self:
        """Keep what is shown to a person: by name, or through the own agency and its services."""
        if not standing.may(Permission.SHARED_CASES_VIEW):
            return self.none()
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=Now()),
            audience__in=standing.audiences,
            partnership_id=standing.partnership_id,
        )


class Sight(models.Model):
    """One child, and one episode of it or none, that one audience is shown until a moment.

    The database alone writes it, from the grants. `audience` is a group's number, or a person's with a
    minus: one column, so that one index answers. A grant of a whole child has a row without an episode
    and one for each of its episodes.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    audience = models.BigIntegerField()
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    episode = models.ForeignKey(
        Episode, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    expires_at = models.DateTimeField(null=True)
    group_grant = models.ForeignKey(
        GroupGrant, null=True, on_delete=models.PROTECT, related_name="+"
    )
    person_grant = models.ForeignKey(
        PersonGrant, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SightQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["audience", "episode"],
                include=["child", "expires_at", "partnership"],
                name="referrals_sight_of",
            ),
            models.Index(
                fields=["child"], condition=Q(episode__isnull=True), name="referrals_sight_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} to {self.audience}"


class RestrictionQuerySet(SpellQuerySet["Restriction"]):
    """Restrictions of children's records."""

    def in_force(self) -> Self:
        """Keep those that stand and have not been lifted."""
        return self.filter(superseded_at__isnull=True, to_date__isnull=True)

    def hidden_from(self, standing: Standing) -> Self:
        """Keep those that hide a child from a person: not named, or shut out."""
        named = PersonGrant.objects.in_force().filter(user=standing.user_id)
        by_name = Exists(named.filter(content_object=OuterRef("child")))
        unnamed = Q(~by_name, kind=Restriction.Kind.NAMED)
        return self.in_force().filter(unnamed | Q(person=standing.user_id))

    def numbers_hidden_from(self, standing: Standing) -> list[int]:
        """Give the numbers of the children hidden from a person: the same, asked quickly (migration 0027)."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT referrals_hidden_from(%s)", [standing.user_id])
            found: list[int] = cursor.fetchone()[0]
        return found


class Restriction(Spell):
    """A child's record hidden, from a day to a day: from all who are not named, or from one person.

    `kind` NAMED: confidential in social care; those with a grant by name see it. CONFLICT: `person` is a
    relative, a neighbour or a colleague's: shut out, and not told. `because` says why, for those who see
    the child. It is lifted by a version with an end, on the day it is lifted.
    """

    class Kind(models.TextChoices):
        """From whom the record is hidden."""

        NAMED = "named", "Only people named see it"
        CONFLICT = "conflict", "A person is shut out"

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    because = models.TextField()
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta(Spell.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_restriction_current", "child", "kind", "person", "from_date"),
            end_known("referrals_restriction_end_known", "to_date"),
            models.CheckConstraint(
                condition=Q(kind="conflict") ^ Q(person__isnull=True),
                name="referrals_restriction_of_whom",
            ),
        )
        indexes: ClassVar = [
            models.Index(
                fields=["child"],
                include=["kind", "person"],
                condition=Q(superseded_at__isnull=True, to_date__isnull=True),
                name="referrals_restriction_stands",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.child_id} from {self.from_date}"
