"""Who is newly qualified, and who is away: dated, ended, never changed."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from hub.access.gate import standing_of
from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission, Standing
from partners.partnerships.models import Partnership
from partners.staffing.rules import Days

if TYPE_CHECKING:
    from hub.accounts.models import User


def _person(**more: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        **more,
    )


def _ended_by_whom(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(ended_at__isnull=True, ended_by__isnull=True)
        | Q(ended_at__isnull=False, ended_by__isnull=False),
        name=name,
    )


class NewlyQualifiedQuerySet(ScopedQuerySet["NewlyQualified"]):
    """Who is newly qualified, for those who look after people and those who give cases out."""

    seen_with = Permission.PEOPLE_MANAGE

    def shared_with(self, standing: Standing) -> Self:
        """Keep the partnership's for one who gives cases out."""
        return self if standing.may(Permission.CASES_RECORD) else self.none()

    def meeting(self, days: Days) -> Self:
        """Keep what holds on one of these days and was not ended."""
        return self.filter(ended_at=None, starts_on__lte=days.last, ends_on__gte=days.first)


class NewlyQualified(models.Model):
    """That a social worker is newly qualified, from a day to a day: until then they lead no case of CSE."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="qualifying"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="the last day, included")
    entered_at = models.DateTimeField()
    entered_by = _person()
    ended_at = models.DateTimeField(null=True)
    ended_by = _person(null=True)

    objects = NewlyQualifiedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="partners_newlyqualified_days"
            ),
            _ended_by_whom("partners_newlyqualified_ended_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} until {self.ends_on}"


class AbsenceQuerySet(ScopedQuerySet["Absence"]):
    """Who is away, for the colleagues of the own agency, and the partnership's for its manager."""

    seen_with = Permission.TEAM_LEAD

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the partnership's for who leads its team, else those of the own agency's people."""
        standing = standing_of(user)
        if standing is None or standing.partnership_id is None or standing.may(self.seen_with):
            return super().visible_to(user)
        return self.filter(partnership=standing.partnership_id, agency=standing.agency_id)

    def on(self, day: date) -> Self:
        """Keep those that hold on a day, their last one included, and were not ended."""
        return self.meeting(Days(day, day))

    def meeting(self, days: Days) -> Self:
        """Keep those that have one of these days and were not ended."""
        return self.filter(ended_at=None, starts_on__lte=days.last, ends_on__gte=days.first)


class Absence(models.Model):
    """That a person is away, from a day to a day, and which colleague of their agency covers for them.

    The cover's list of work shows what the other owes, as far as the cover may see it: it opens nothing.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey(
        "partners.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences"
    )
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="covers"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="the last day, included")
    entered_at = models.DateTimeField()
    entered_by = _person()
    ended_at = models.DateTimeField(null=True)
    ended_by = _person(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")) & ~Q(user=F("cover")),
                name="partners_absence_days",
            ),
            _ended_by_whom("partners_absence_ended_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} until {self.ends_on}, covered by {self.cover_id}"
