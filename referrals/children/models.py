"""Children: who they are, where they live, how social care holds them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Value

from hub.access.models import ScopedQuerySet
from hub.access.rules import Standing
from hub.facts.models import (
    Fact,
    FactQuerySet,
    Spell,
    SpellQuerySet,
    end_known,
    fact_meta_constraints,
    one_current,
)
from partners.partnerships.models import Partnership
from partners.sharing.rules import ADDRESSES
from referrals.children.rules.details import Details, OtherName
from referrals.children.rules.spells import Held, Where

if TYPE_CHECKING:
    from hub.accounts.models import User

GENDERS = [("F", "Female"), ("M", "Male"), ("U", "Not known")]


class ConfidentialToOthers(Func):
    """Whether a child that is shown lives confidentially (referrals/migrations/0009_the_second_wall.py)."""

    function = "referrals_shown_lives_confidentially"
    output_field = models.BooleanField()


class ChildQuerySet(ScopedQuerySet["Child"]):
    """Children, by who may see them."""

    def shared_with(self, standing: Standing) -> Self:
        """Keep the children whom a grant shows to the person, the own agency or one of its services."""
        shown = Child._meta.apps.get_model("referrals", "Sight").objects.shared_with(standing)
        return self.filter(pk__in=shown.order_by().values("child_id"))

    def with_confidential_address(self, day: date, known_at: datetime | None = None) -> Self:
        """Add `lives_confidentially`: whether an address held on that day is confidential.

        To one who is merely shown the child the database shows no such address, so it is asked apart.
        """
        held = Address.objects.as_at(day, known_at).filter(child=OuterRef("pk"), confidential=True)
        apart = ConfidentialToOthers(F("pk"), Value(day), Value(known_at))
        return self.annotate(lives_confidentially=Q(Exists(held.order_by())) | Q(apart))

    def with_records(self, user: "User | AnonymousUser") -> Self:
        """Add `kept_reference`, that of the record to which each is joined, and `joined_references`.

        A joining is there for whoever sees both records (referrals/joinings).
        """
        seen = _joinings(user)
        into = seen.filter(child=OuterRef("pk")).values("kept__reference")[:1]
        here = seen.filter(kept=OuterRef("pk")).values("child__reference")
        return self.annotate(
            kept_reference=Subquery(into),
            joined_references=ArraySubquery(here.order_by("known_from", "pk")),
        )

    def records_of(self, reference: str, user: "User | AnonymousUser") -> list[int]:
        """Give the numbers of a child's records by the reference of any: the kept one first, or none."""
        named = self.filter(reference=reference).values_list("pk", flat=True).first()
        if named is None:
            return []
        joined = _joinings(user)
        kept = joined.filter(child=named).values_list("kept_id", flat=True).first() or named
        return [kept, *joined.filter(kept=kept).order_by("pk").values_list("child_id", flat=True)]


def _joinings(user: "User | AnonymousUser") -> Any:
    return Child._meta.apps.get_model("referrals", "Joining").objects.visible_to(user).known()


class Child(models.Model):
    """A child known to a partnership, by the partnership's own reference.

    The columns besides are the current values, kept by whoever writes the facts (ChildDetails).
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=60)
    forenames = models.CharField(max_length=120)
    surname = models.CharField(max_length=120)
    date_of_birth = models.DateField()
    gender = models.CharField(max_length=1, choices=GENDERS)

    lives_confidentially: bool  # by with_confidential_address
    joined_into: int | None  # by with_joined (referrals/joinings)
    joined_here: list[int]
    kept_reference: str | None  # by with_records
    joined_references: list[str]

    objects = ChildQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "reference"], name="referrals_child_reference_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class ChildDetails(Fact):
    """A child's details as they stood: a point fact without a date of its own.

    `learning_disability` is None where it is not recorded. `ethnicity` is a DfE code or empty.
    """

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="details", db_index=False
    )
    forenames = models.CharField(max_length=120)
    surname = models.CharField(max_length=120)
    date_of_birth = models.DateField()
    gender = models.CharField(max_length=1, choices=GENDERS)
    ethnicity = models.CharField(max_length=4, default="")
    nhs_number = models.CharField(max_length=10, default="")
    upn = models.CharField(max_length=13, default="")
    learning_disability = models.BooleanField(null=True)

    objects = FactQuerySet["ChildDetails"].as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_childdetails_current", "child")
        )

    def __str__(self) -> str:
        return f"details of {self.child_id}"

    @property
    def said(self) -> Details:
        """What this version says, as the rules take it."""
        return Details(**{name: getattr(self, name) for name in Details.__dataclass_fields__})


class Alias(Fact):
    """Another name a child is known by."""

    class Kind(models.TextChoices):
        """What kind of name (extract contract, aliases.csv)."""

        KNOWN_AS = "known_as", "Known as"
        PREVIOUS = "previous", "A previous name"
        ONLINE = "online", "A name online"

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="aliases", db_index=False
    )
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, default="")

    objects = FactQuerySet["Alias"].as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_alias_current", "child")
        )

    def __str__(self) -> str:
        return f"alias of {self.child_id}"

    @property
    def said(self) -> OtherName:
        """What this version says, as the rules take it."""
        return OtherName(self.name, self.kind)


class AddressQuerySet(SpellQuerySet["Address"]):
    """Where children lived."""

    def shared_with(self, standing: Standing) -> Self:
        """Keep the addresses of the children whom the person may see; never a confidential one.

        As far as the agency's sharing agreement has addresses.
        """
        if ADDRESSES not in standing.categories:
            return self.none()
        return self.filter(confidential=False, child__in=Child.objects.shared_with(standing))


class Address(Spell):
    """Where a child lived, from a day to a day. `ward` is a GSS code; the child may be placed elsewhere."""

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="addresses", db_index=False
    )
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    line = models.CharField(max_length=200, default="")
    postcode = models.CharField(max_length=10, default="")
    ward = models.CharField(max_length=9, default="")
    out_of_area = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)

    objects = AddressQuerySet.as_manager()

    class Meta(Spell.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_address_current", "child", "from_date"),
            end_known("referrals_address_end_known", "to_date"),
        )

    def __str__(self) -> str:
        return f"address of {self.child_id} from {self.from_date}"

    @property
    def said(self) -> Where:
        """What this version says, as the rules take it."""
        return Where(**{name: getattr(self, name) for name in Where.__dataclass_fields__})


class CareStatusQuerySet(SpellQuerySet["CareStatus"]):
    """How social care held children."""


class CareStatus(Spell):
    """A child in need, under a child-protection plan, or looked after: from a day to a day."""

    class Kind(models.TextChoices):
        """The three statuses of the Children Act that the hub counts."""

        CIN = "CIN", "Child in need"
        CP = "CP", "Child-protection plan"
        LAC = "LAC", "Looked after"

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="statuses", db_index=False
    )
    status = models.CharField(max_length=3, choices=Kind.choices)
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    objects = CareStatusQuerySet.as_manager()

    class Meta(Spell.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_carestatus_current", "child", "status", "from_date"),
            end_known("referrals_carestatus_end_known", "to_date"),
        )

    def __str__(self) -> str:
        return f"{self.status} of {self.child_id} from {self.from_date}"

    @property
    def said(self) -> Held:
        """What this version says, as the rules take it."""
        return Held(self.status, self.from_date, self.to_date)
