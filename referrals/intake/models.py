"""Referrals as they were received, each with the versions of what was said."""

from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from hub.access.gate import standing_of
from hub.access.models import ScopedQuerySet
from hub.access.rules import Permission
from hub.recording.models import opened_text
from hub.recording.rules import Answers
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


def token_of(message: UUID) -> str:
    """Make a link's token: by the key alone can it be made again, for the mail."""
    return salted_hmac("referrals.intake.link", message.hex, algorithm="sha256").hexdigest()


class ReferralLinkQuerySet(ScopedQuerySet["ReferralLink"]):
    """One-time links, by who may know of them: the hub's own people who take referrals in."""

    seen_with = Permission.REFERRALS_RECEIVE

    def to_be_sent(self) -> Self:
        """Keep those whose mail has not gone out, or whose confirmation has not."""
        asked = Q(sent_at=None, opened_at=None, withdrawn_at=None)
        confirmed = Q(used_at__isnull=False, confirmed_at=None)
        return self.filter(asked | confirmed).order_by("made_at")

    def begun(self) -> Self:
        """Keep those with a draft that was not sent."""
        return self.exclude(content="").filter(used_at=None)


class ReferralLink(models.Model):
    """A way in for one referral, for somebody without an account: by mail to one address, once.

    `message` names the mail; the link's token is made from it with a key that the database does not hold,
    and `digest` is the token's. Opened, it is bound to one browser, whose secret's digest is `browser`.
    `content` is what is half-written, encrypted as drafts are. Nobody's account: the trail has what they do
    under the operator's name, with the link's number.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    email = models.EmailField(max_length=254)
    message = models.UUIDField(default=uuid4, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=64, default="", db_index=True)
    content = models.TextField(default="")
    saved_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    objects = ReferralLinkQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["partnership", "email"], name="referrals_referrallink_to")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="referrals_referrallink_withdrawn_by_whom",
            )
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"

    @property
    def answers(self) -> Answers:
        """What was typed so far; nothing where the key it was encrypted with is gone."""
        return opened_text(self.content)

    def earlier(self) -> "ReferralLink | None":
        """Give the link under which the same address left a referral half-written, the latest."""
        same = ReferralLink.objects.filter(partnership=self.partnership_id, email=self.email)
        return same.begun().exclude(pk=self.pk).order_by("-saved_at").first()


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
    one that is put to no child. `recorded_by` sent it, or took it down; what came by a one-time `link` is
    under the operator's name. `told_at` is kept by the database with the first feedback.
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
    link = models.OneToOneField(
        ReferralLink, null=True, on_delete=models.PROTECT, related_name="referral"
    )
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
    told_at = models.DateTimeField(
        null=True, help_text="when its referrer was first told what came of it"
    )
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
            models.Index(
                fields=["partnership", "feedback_by", "id"],
                condition=Q(told_at=None, withdrawn_at=None),
                name="referrals_referral_untold",
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
