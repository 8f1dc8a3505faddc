"""Agencies of a partnership, and the posts people hold in them."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from hub.access.gate import standing_of
from hub.access.models import ScopedQuerySet
from hub.access.rules import ROLES, Permission, Role, Standing
from hub.days.rules import day_ends, london_date
from partners.partnerships.models import Partnership

if TYPE_CHECKING:
    from datetime import date

    from hub.accounts.models import User


class AgencyQuerySet(ScopedQuerySet["Agency"]):
    """Agencies: for those who see cases, and for those who appoint people to them."""

    def shared_with(self, standing: Standing) -> "AgencyQuerySet":
        """Keep the partnership's for one who looks after its people."""
        return self if standing.may(Permission.PEOPLE_MANAGE) else self.none()


class Agency(models.Model):
    """A body that works in the hub or attends it: social care, police, health, a charity."""

    class Kind(models.TextChoices):
        """What the agency is to the child."""

        SOCIAL_CARE = "social_care", "Children's social care"
        POLICE = "police", "Police"
        HEALTH = "health", "Health"
        CHARITY = "charity", "Charity"
        BOARD = "board", "Safeguarding board"
        COUNCIL = "council", "Council"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="agencies")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    telephone = models.CharField(
        max_length=30, default="", db_default="", help_text="where its people are reached"
    )
    asked_checks = models.BooleanField(
        default=True,
        db_default=True,
        help_text="asked what it knows about a child, unless somebody says otherwise",
    )
    mailbox = models.EmailField(
        default="", db_default="", help_text="the team's, for reminders that name nobody"
    )
    group = models.OneToOneField(
        Group, on_delete=models.PROTECT, related_name="+", help_text="to which a child is granted"
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "code"], name="partners_agency_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    """Posts, by who may know of them and when they are held."""

    def visible_to(self, user: "User | AnonymousUser") -> "PostQuerySet":
        """Keep the posts of the person's own partnership: colleagues; the operator sees each."""
        standing = standing_of(user)
        if standing is None:
            return self.none()
        if standing.partnership_id is None:
            return self
        return self.filter(agency__partnership=standing.partnership_id)

    def held_on(self, day: "date") -> "PostQuerySet":
        """Keep the posts held to the end of a day, their last day included; one ended meanwhile is not."""
        return self.lasting(day).filter(starts_on__lte=day)

    def lasting(self, day: "date") -> "PostQuerySet":
        """Keep the posts that are not over by the end of a day: held, or to begin."""
        to_its_end = Q(ended_at__isnull=True) | Q(ended_at__gte=day_ends(day))
        return self.filter(to_its_end, Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def of_people(self) -> "PostQuerySet":
        """Keep the posts of people: a service account has tokens (partners/machines), and decides nothing."""
        return self.filter(tokens__isnull=True)

    def standing(self, user: "User") -> Standing | None:
        """Give what a person is today: by the post they chose at sign-in, else the earliest of those held."""
        row = self._held_first(user, london_date(timezone.now()))
        if row is None:
            return None
        held, partnership_id, agency_id, agency, partnership, group, services, groups, agreed = row[
            :9
        ]
        shares = Permission.SHARED_CASES_VIEW in ROLES[Role(held)].permissions
        return Standing(
            user.pk,
            Role(held),
            partnership_id,
            agency_id,
            tuple(services) if shares else (),
            agency=agency,
            partnership=partnership,
            groups=(group, *groups) if shares else (),
            categories=tuple(sorted(agreed)) if shares else (),
            post_id=row[9],
            posts=row[10],
        )

    def _held_first(self, user: "User", today: "date") -> tuple[Any, ...] | None:
        """Read the post with its agency, its services and what is agreed (migrations 0006, 0007)."""
        with connection.cursor() as cursor:
            asked: list[Any] = [user.pk, today, user.chosen_post or 0]
            cursor.execute("SELECT * FROM partners_standing(%s, %s, %s)", asked)
            found: tuple[Any, ...] | None = cursor.fetchone()
        return found


class Post(models.Model):
    """A person's role in an agency, from a day to a day. Without one, an account opens nothing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=40, help_text="a Role (hub/access/rules.py)")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="the last day, included")
    ended_at = models.DateTimeField(
        null=True, help_text="when somebody ended it, before its last day"
    )
    confirmed_on = models.DateField(
        null=True, help_text="when somebody last said that it is needed"
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "agency", "role", "starts_on"],
                condition=Q(ended_at__isnull=True),
                name="partners_post_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="partners_post_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
