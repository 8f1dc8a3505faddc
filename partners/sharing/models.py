"""Sharing agreements: what an agency's workers may see of the children who are shared with them."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership


class AgreementQuerySet(ScopedQuerySet["SharingAgreement"]):
    """Agreements, for those who make them; who somebody is asks for their own agency's past this."""

    seen_with = Permission.SHARING_MANAGE

    def in_force(self, day: date) -> Self:
        """Keep those that hold on a day, their last one included, and were not ended."""
        return self.filter(ended_at__isnull=True, starts_on__lte=day, ends_on__gte=day)


class SharingAgreement(models.Model):
    """An agreement between the partnership and an agency, from a day to a day: which categories it opens.

    It opens nothing by itself: a grant shows a child, and the agreement says what of it. For those whose
    role sees whole cases it says nothing. `categories` are codes of `CATEGORIES` (rules). It is never
    changed; it is ended, and another entered.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="agreements")
    categories = ArrayField(models.CharField(max_length=20))
    basis = models.CharField(max_length=200, help_text="which paper was signed")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="the last day, included")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="partners_agreement_days"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="partners_agreement_ended_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk} with {self.agency_id}"
