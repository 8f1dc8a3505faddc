"""Support services: whom a child can be referred to."""

from typing import ClassVar, Self

from django.contrib.auth.models import Group
from django.db import models

from hub.access.models import ScopedQuerySet
from hub.access.rules import Standing
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership


class ServiceQuerySet(ScopedQuerySet["Service"]):
    """Services, by who may see them."""

    def shared_with(self, standing: Standing) -> Self:
        """Keep the own agency's services."""
        return self.filter(agency_id=standing.agency_id)


class Service(models.Model):
    """A service that an agency offers; referrals name it by its code."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="services")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="services")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    group = models.OneToOneField(
        Group, on_delete=models.PROTECT, related_name="+", help_text="to which a child is granted"
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "code"], name="partners_service_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
