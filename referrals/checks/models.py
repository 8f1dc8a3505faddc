"""Checks: what each agency was asked about a child, and what it answered."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Now

from hub.access.gate import standing_of
from hub.access.models import ScopedQuerySet
from hub.access.rules import ROLES, Permission, Standing
from hub.facts.models import Fact, FactQuerySet, fact_meta_constraints, one_current
from partners.agencies.models import Agency, Post
from partners.partnerships.models import Partnership
from partners.sharing.rules import NOTES
from referrals.checks.rules import HELD, KNOWS, REMINDERS, SOURCES_LONGEST, WHY
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.grants.models import PersonGrant, Restriction, Sight
from referrals.intake.models import Referral
from referrals.notes.models import admits
from referrals.notes.rules import CONDITIONS_LONGEST, EVERYBODY, HUB, NAMED, OWN

if TYPE_CHECKING:
    from hub.accounts.models import User


def agencies_to_ask(child: Child, day: date) -> models.QuerySet[Agency]:
    """Give the agencies that may be asked about a child: those of which somebody may see it.

    Of those whose roles see whole cases, and for a restricted record, somebody who is named; a charity only
    where a grant shows it the child. Anybody else would learn by the question that the child exists.
    """
    posts = Post.objects.held_on(day).of_people().filter(user__is_active=True)
    posts = posts.filter(agency=OuterRef("pk"))
    named = PersonGrant.objects.in_force().filter(content_object=child)
    whole = posts.filter(role__in=_roles_with(Permission.CASES_VIEW))
    if Restriction.objects.in_force().filter(child=child, kind=Restriction.Kind.NAMED).exists():
        whole = whole.filter(user__in=named.values("user_id"))
    part = posts.filter(role__in=_roles_with(Permission.SHARED_CASES_VIEW))
    sees = Exists(whole) | (Exists(part) & Exists(_shown(child)))
    return Agency.objects.filter(sees, partnership=child.partnership_id).order_by("name", "pk")


def _roles_with(permission: Permission) -> list[str]:
    needed = {permission, Permission.CHECKS_ANSWER}
    return [role for role, entry in ROLES.items() if needed <= entry.permissions]


def _shown(child: Child) -> models.QuerySet[Sight]:
    """What shows the child to the outer agency: to it, or to one of its services."""
    audience = Q(audience=OuterRef("group")) | Q(
        audience__in=Agency.objects.filter(pk=OuterRef(OuterRef("pk"))).values("services__group")
    )
    in_force = Q(expires_at__isnull=True) | Q(expires_at__gt=Now())
    return Sight.objects.filter(audience, in_force, child=child).order_by()


class CheckQuerySet(ScopedQuerySet["AgencyCheck"]):
    """Checks. Who sees whole cases sees who was asked; a charity, what it was asked itself."""

    def shared_with(self, standing: Standing) -> Self:
        """Keep those of the own agency about children who are shown to the person."""
        shown = Sight.objects.shared_with(standing)
        mine = self.filter(agency=standing.agency_id)
        return mine.filter(child__in=shown.order_by().values("child_id"))

    def with_decided(self) -> Self:
        """Add `decided`: a level was set since it was asked, or the episode is closed.

        Levels belong to the room above; they are asked by the name of their relation.
        """
        level = Q(levels__superseded_at__isnull=True, levels__known_from__gt=OuterRef("asked_at"))
        episode = Episode.objects.filter(pk=OuterRef("episode_id")).order_by()
        return self.annotate(decided=Exists(episode.filter(Q(closed_on__isnull=False) | level)))

    def undecided(self) -> Self:
        """Keep what nobody has decided on since it was asked, and what is asked still."""
        asked = self if "decided" in self.query.annotations else self.with_decided()
        return asked.filter(decided=False, withdrawn_at=None)

    def outstanding(self) -> Self:
        """Keep what still awaits an answer."""
        return self.filter(answered_at__isnull=True).undecided()


class AgencyCheck(models.Model):
    """That an agency was asked what it knows about a child: on which episode, why, when and by when.

    What was asked together bears one `asked_at`; `referral` is the one it was asked for, where there is one:
    if that was put to the wrong child, what nobody has answered is withdrawn. `answered_at` is kept by the
    database with the first answer, so that who is outstanding is plain also to those who may not read the
    words.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="checks")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(max_length=20, choices=list(WHY.items()))
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    referral = models.ForeignKey(
        Referral, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    decided: bool  # by with_decided

    objects = CheckQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["episode", "agency", "asked_at"], name="referrals_agencycheck_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="referrals_agencycheck_withdrawn_by_whom",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["agency", "due_at"],
                condition=Q(answered_at__isnull=True),
                name="referrals_check_outstanding",
            ),
            models.Index(
                fields=["agency", "-answered_at"],
                condition=Q(answered_at__isnull=False),
                name="referrals_check_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"check {self.pk} of {self.child_id}"

    def is_asked_of(self, standing: Standing) -> bool:
        """Say whether the person's own agency was asked: its people alone answer."""
        return standing.agency_id is not None and standing.agency_id == self.agency_id


class AnswerQuerySet(FactQuerySet["CheckAnswer"]):
    """Answers, by their marking, as notes are (referrals/notes/models.py)."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the answers about children whom the person sees that are for them by their marking."""
        standing = standing_of(user)
        rows = super().visible_to(user)
        if standing is None or standing.partnership_id is None:
            return rows
        later = CheckAnswer.objects.filter(
            asked=OuterRef("asked"), known_from__gt=OuterRef("known_from")
        )
        shut_out_since = Exists(later.exclude(admits(standing)))
        return rows.filter(admits(standing), Q(superseded_at__isnull=True) | ~shut_out_since)

    def shared_with(self, standing: Standing) -> Self:
        """Keep those about children shown to the person: the own agency's; others' as agreed for notes."""
        shown = Sight.objects.shared_with(standing)
        rows = self.filter(child__in=shown.order_by().values("child_id"))
        own = Q(agency=standing.agency_id) | Q(author=standing.user_id)
        return rows if NOTES in standing.categories else rows.filter(own)

    def with_names(self) -> Self:
        """Add `named`: the names of the agencies that the marking names."""
        place: Any = Func(
            OuterRef("for_agencies"),
            F("pk"),
            function="array_position",
            output_field=models.IntegerField(),
        )
        named = Agency.objects.alias(place=place).filter(place__isnull=False).order_by("name")
        return self.annotate(named=ArraySubquery(named.values("name")))


class CheckAnswer(Fact):
    """What an agency answered: that it holds nothing, or what it knows; and where it looked.

    `author` and `agency` are whose answer it is; a change is a new version, whose person is its
    `recorded_by`. The marking (`seen_by` to `source_protected`) is part of the version.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked = models.ForeignKey(
        AgencyCheck, on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    knows = models.CharField(max_length=10, choices=list(KNOWS.items()))
    text = models.TextField(default="")
    sources = models.CharField(max_length=SOURCES_LONGEST)
    seen_by = models.CharField(max_length=10, default=HUB, db_default=HUB)
    for_agencies = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    conditions = models.CharField(max_length=CONDITIONS_LONGEST, default="", db_default="")
    source_protected = models.BooleanField(default=False, db_default=False)

    named: list[str]  # by with_names

    objects = AnswerQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_checkanswer_current", "asked"),
            models.CheckConstraint(
                condition=~Q(knows=HELD, text=""), name="referrals_checkanswer_says_something"
            ),
            models.CheckConstraint(
                condition=Q(seen_by__in=[HUB, EVERYBODY, OWN], for_agencies=[])
                | (Q(seen_by=NAMED) & ~Q(for_agencies=[])),
                name="referrals_checkanswer_marked",
            ),
        )

    def __str__(self) -> str:
        return f"answer to {self.asked_id}"


class ReminderQuerySet(ScopedQuerySet["CheckReminder"]):
    """Reminders; the timer's own."""

    seen_with = Permission.PARTNERSHIP_SET_UP

    def to_be_sent(self) -> Self:
        """Keep those that have not gone out, the oldest first."""
        return self.filter(sent_at__isnull=True).order_by("pk")


class CheckReminder(models.Model):
    """An e-mail that must go out once: checks of an agency are due soon, or overdue. It names nobody.

    The row is there before anything is sent; a mail that goes out twice bears the same `message`.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=list(REMINDERS.items()))
    message = models.UUIDField(default=uuid4, db_default=RandomUUID(), unique=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "due_at", "kind"], name="referrals_checkreminder_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(sent_at__isnull=True),
                name="referrals_checkreminder_unsent",
            )
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk} to {self.agency_id}"
