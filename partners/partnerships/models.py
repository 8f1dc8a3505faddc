"""A partnership: one hub with its own settings, geography and records."""

from dataclasses import fields
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from hub.access.gate import standing_of
from partners.partnerships.rules import CHECKS_DUE_AT, MEETS_AT, Practice, Terms

if TYPE_CHECKING:
    from hub.accounts.models import User


class BoundarySet(models.Model):
    """Wards and constituencies as drawn for a time; a district is redrawn now and then."""

    code = models.CharField(max_length=40, unique=True)
    district = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="the last day, included")

    def __str__(self) -> str:
        return self.code


class Ward(models.Model):
    """A ward of a boundary set, by its GSS code, with the constituency it lay in."""

    boundary_set = models.ForeignKey(BoundarySet, on_delete=models.PROTECT, related_name="wards")
    code = models.CharField(max_length=9)
    name = models.CharField(max_length=80)
    constituency_code = models.CharField(max_length=9)
    constituency = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["boundary_set", "code"], name="partners_ward_once_in_a_set"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    """Partnerships, by who works in them."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the person's own partnership; the operator sees each."""
        standing = standing_of(user)
        if standing is None:
            return self.none()
        return self if standing.partnership_id is None else self.filter(pk=standing.partnership_id)


class Partnership(models.Model):
    """A hub: the owner of every record of a case.

    `review_days` maps a risk level to the days until its review; `boundary_sets` draw its own wards,
    any other ward lies in another district. `decision_days` and `feedback_days` are working days from a
    referral to the decision on it, and to the word to its referrer. `referrer_domains`: to whose addresses a
    one-time link goes for the asking; none listed: to any. `adult_weeks` to `level_4_days` are its
    practice (rules, Practice).
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    district = models.CharField(max_length=80)
    review_days = models.JSONField(default=dict)
    decision_days = models.PositiveSmallIntegerField(default=1, db_default=1)
    feedback_days = models.PositiveSmallIntegerField(default=5, db_default=5)
    referrer_domains = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    adult_weeks = models.PositiveSmallIntegerField(default=26, db_default=26)
    missing_days = models.PositiveSmallIntegerField(default=90, db_default=90)
    interview_days = models.PositiveSmallIntegerField(default=28, db_default=28)
    link_days = models.PositiveSmallIntegerField(default=7, db_default=7)
    level_1_days = models.PositiveSmallIntegerField(default=2, db_default=2)
    level_2_days = models.PositiveSmallIntegerField(default=3, db_default=3)
    level_3_days = models.PositiveSmallIntegerField(default=5, db_default=5)
    level_4_days = models.PositiveSmallIntegerField(default=10, db_default=10)
    boundary_sets = models.ManyToManyField(BoundarySet, related_name="partnerships")
    meets_at = models.TimeField(
        default=MEETS_AT, db_default=MEETS_AT, help_text="when the daily meeting begins"
    )
    checks_due_at = models.TimeField(
        default=CHECKS_DUE_AT,
        db_default=CHECKS_DUE_AT,
        help_text="by when agencies answer, on the next working day",
    )

    objects = PartnershipQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> Terms:
        """How it takes referrals in."""
        return Terms(self.decision_days, self.feedback_days, tuple(self.referrer_domains))

    @property
    def practice(self) -> Practice:
        """How early and how long it looks at things."""
        return Practice(**{each.name: getattr(self, each.name) for each in fields(Practice)})

    def wards(self) -> list[tuple[str, str]]:
        """Give code and name of each ward of its own, by name."""
        own = Ward.objects.filter(boundary_set__partnerships=self).order_by("name", "code")
        return list(own.values_list("code", "name").distinct())
