"""Referrals as they were received, each with the versions of what was said."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hub.access.gate import standing_of
from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.intake.rules import (
    ABOUT,
    ANSWERS,
    CONSENT,
    GENDERS,
    KNOWS,
    ROUTES,
    STATES,
    Concern,
    state_of,
)

if TYPE_CHECKING:
    from hub.accounts.models import User


def _one_of(codes: dict[str, str], **more: Any) -> "models.CharField[Any, Any]":
    return models.CharField(max_length=20, choices=list(codes.items()), **more)


def _line(longest: int = 120) -> "models.CharField[Any, Any]":
    return models.CharField(max_length=longest, default="")


def _words() -> "models.TextField[Any, Any]":
    return models.TextField(default="")


class ReferralQuerySet(ScopedQuerySet["Referral"]):
    """Referrals, by who may see them and how they stand (migration referrals_are_walled says the same)."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the partnership's for those who see every case; for another referrer those they sent.

        What was joined to a hidden child is hidden with it from the former. The latter sees no case, and
        must not learn from an absence that a record was restricted.
        """
        standing = standing_of(user)
        if standing is None or standing.may(Permission.CASES_VIEW):
            return super().visible_to(user)
        if not standing.may(Permission.REFERRALS_MAKE):
            return self.none()
        return self.filter(partnership_id=standing.partnership_id, recorded_by=standing.user_id)

    def sent_by(self, user: "User") -> Self:
        """Keep those that the person sent or took down."""
        return self.filter(recorded_by=user.pk)

    def waiting(self) -> Self:
        """Keep those of which nothing came yet: not put to a child, not decided, not withdrawn."""
        return self.filter(child=None, decided_at=None, withdrawn_at=None)

    def undecided(self) -> Self:
        """Keep those whose clock runs."""
        return self.filter(decided_at=None, withdrawn_at=None)


class Referral(models.Model):
    """A concern as somebody reported it, before anybody says who the child is.

    What was said stands in the columns from `about` to `family_knows` as it stands now; each version of it
    is a ReferralVersion. `child` and `episode` are what the hub put it to; `outcome` is what was done with
    one that is put to no child. `recorded_by` sent it, or took it down.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField(help_text="of the partnership's own, from 1")
    reference = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    route = _one_of(ROUTES)
    decide_by = models.DateField()
    feedback_by = models.DateField()

    about = _one_of(ABOUT)
    source = models.CharField(max_length=4)
    agency = _line()
    referrer_name = _line()
    referrer_post = _line()
    referrer_telephone = _line(40)
    referrer_email = _line(254)
    forenames = _line()
    surname = _line()
    other_names = _line(200)
    date_of_birth = models.DateField(null=True)
    age_about = models.PositiveSmallIntegerField(null=True)
    gender = _one_of(GENDERS, default="")
    school = _line()
    address = _line(200)
    postcode = _line(10)
    nhs_number = _line(10)
    upn = _line(13)
    description = _words()
    exploitation_types = ArrayField(models.CharField(max_length=40), default=list)
    what_happened = _words()
    since = _line(200)
    in_danger = _one_of(ANSWERS)
    danger_action = _words()
    health_needs = _one_of(ANSWERS, default="")
    health_detail = _words()
    consent = _one_of(CONSENT, default="")
    no_consent_reason = _words()
    family_knows = _one_of(KNOWS, default="")

    child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="referrals")
    episode = models.ForeignKey(
        Episode, null=True, on_delete=models.PROTECT, related_name="referrals"
    )
    joined_at = models.DateTimeField(null=True)
    joined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    decided_at = models.DateTimeField(null=True)
    outcome = _words()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    withdrawn_because = _words()

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "number"], name="referrals_referral_number_once"
            ),
            models.CheckConstraint(
                condition=Q(child=None, episode=None, joined_at=None, joined_by=None)
                | Q(
                    child__isnull=False,
                    episode__isnull=False,
                    joined_at__isnull=False,
                    joined_by__isnull=False,
                ),
                name="referrals_referral_joined_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_because=""),
                name="referrals_referral_withdrawn_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["partnership", "decide_by", "id"],
                condition=Q(decided_at=None, withdrawn_at=None),
                name="referrals_referral_undecided",
            ),
            models.Index(fields=["recorded_by", "received_at"], name="referrals_referral_sent"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def concern(self) -> Concern:
        """What is said of it now."""
        names = Concern.__dataclass_fields__
        said = {name: getattr(self, name) for name in names}
        return Concern(**{**said, "exploitation_types": tuple(self.exploitation_types)})

    @property
    def whom(self) -> str:
        """Whom or what it is about, in a line."""
        name = " ".join(part for part in (self.forenames, self.surname) if part)
        return name or self.other_names or "Not named"

    @property
    def state(self) -> str:
        """Where it stands, in a referrer's words."""
        return STATES[
            state_of(
                joined=self.child_id is not None,
                decided=self.decided_at is not None,
                withdrawn=self.withdrawn_at is not None,
            )
        ]


class OfReferralQuerySet(ScopedQuerySet[Any]):
    """What hangs on a referral, by who may see that."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep what hangs on referrals that the person may see."""
        return self.filter(referral__in=Referral.objects.visible_to(user).order_by())


class ReferralVersion(models.Model):
    """What a referral said from a moment on, whole; the first one as it was sent. Never changed.

    `said` has the columns of a Concern; `reason` is why it was amended, empty on the first.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField(default=1)
    said = models.JSONField()
    reason = models.TextField(default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "number"], name="referrals_referralversion_once"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.referral_id}"


class ReferralFeedback(models.Model):
    """What a referrer was told of what came of it: how, when. Never changed; a second telling is another."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="feedback")
    words = models.TextField()
    how = models.CharField(max_length=20)
    told_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    objects = OfReferralQuerySet.as_manager()

    def __str__(self) -> str:
        return f"feedback on {self.referral_id}"
