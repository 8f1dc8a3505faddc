"""Service referrals: which service was asked to support a child. They decide what a charity sees."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from hub.access.rules import Permission, Standing
from hub.facts.models import Spell, SpellQuerySet, end_known, fact_meta_constraints, one_current
from partners.services.models import Service
from referrals.episodes.models import Episode
from referrals.grants.models import Sight

if TYPE_CHECKING:
    from hub.accounts.models import User


class ServiceReferralQuerySet(SpellQuerySet["ServiceReferral"]):
    """Referrals to services."""

    start_field = "referred_on"
    end_field = "ended_on"

    def active_for(self, standing: Standing) -> Self:
        """Keep the standing referrals to one of the own services: accepted, and not ended."""
        if not standing.may(Permission.SHARED_CASES_VIEW):
            return self.none()
        return self.known().filter(
            partnership_id=standing.partnership_id,
            service__in=standing.services,
            outcome=ServiceReferral.Outcome.ACCEPTED,
            ended_on__isnull=True,
        )

    def with_service_name(self) -> Self:
        """Add `service_name`, empty where the partnership knows no such service."""
        service = Service.objects.filter(
            partnership=OuterRef("partnership"), code=OuterRef("service")
        ).order_by()
        return self.annotate(service_name=Coalesce(Subquery(service.values("name")), Value("")))

    def shared_with(self, standing: Standing) -> Self:
        """Keep the own service's standing referrals."""
        return self.filter(pk__in=self.active_for(standing).values("pk"))

    def of_children(self, children: list[int], user: "User | AnonymousUser") -> Self:
        """Keep those of these records, with `of`: the episode's reference, None where it is not seen.

        A service sees that a child was referred to it also where no sharing agreement shows the episode.
        """
        seen = Episode.objects.visible_to(user)
        shown = Sight.objects.visible_to(user).filter(child__in=children).values("episode_id")
        mine = Q(episode__in=seen.filter(child__in=children).values("pk")) | Q(episode__in=shown)
        reference = seen.filter(pk=OuterRef("episode_id")).order_by().values("reference")
        return self.filter(mine).annotate(of=Subquery(reference))


class ServiceReferral(Spell):
    """An episode referred to a service: asked, answered, started, ended."""

    class Outcome(models.TextChoices):
        """How the service answered."""

        ACCEPTED = "ACCEPTED", "Accepted"
        DECLINED = "DECLINED", "Declined"
        WAITING = "WAITING", "Waiting"
        ENDED = "ENDED", "Ended"

    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="service_referrals", db_index=False
    )
    service = models.CharField(max_length=80)
    referred_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default="")
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    service_name: str  # by with_service_name
    of: str | None  # by of_children

    objects = ServiceReferralQuerySet.as_manager()

    class Meta(Spell.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_servicereferral_current", "episode", "service", "referred_on"),
            end_known("referrals_servicereferral_end_known", "ended_on"),
        )
        indexes: ClassVar = [
            models.Index(
                fields=["partnership", "service"],
                condition=models.Q(
                    outcome="ACCEPTED", ended_on__isnull=True, superseded_at__isnull=True
                ),
                name="referrals_service_active",
            )
        ]

    def __str__(self) -> str:
        return f"{self.episode_id} to {self.service} on {self.referred_on}"
