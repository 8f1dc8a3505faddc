"""Children as machines read them: what is asked, and what is given of a child.

Less than a page shows, on purpose: no number by which another register knows a child, and never an
address that is confidential, whoever asks.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.interface.serializers import (
    DayField,
    MomentField,
    PageQuery,
    PageSerializer,
    ReferenceField,
)
from referrals.children.models import GENDERS, Address, CareStatus, Child
from referrals.children.rules.given import GIVEN, NOT_RECORDED, WITHHELD


class ChildrenQuery(PageQuery):
    """Which children."""

    reference = ReferenceField(help_text="The child of exactly this reference.")
    changed_since = MomentField(
        required=False,
        help_text="Children of whom details, an address or a status were recorded or corrected since, or who"
        " were joined with another record or taken apart. For roles that see whole cases.",
    )


class IdentitySerializer(serializers.Serializer[Any]):
    """Who a child is."""

    forenames = serializers.CharField()
    surname = serializers.CharField()
    date_of_birth = DayField()


class ChildSerializer(serializers.Serializer[Any]):
    """A child. `identity` is null for a role that may not know who a child is.

    A child who was entered twice has two records, which are joined: `joined_into` is the reference of the one
    that is kept, null on that one and on every other child; `joined` are those that are joined to this one.
    """

    reference = serializers.CharField()
    identity = serializers.SerializerMethodField()
    gender = serializers.ChoiceField([code for code, _label in GENDERS])
    joined_into = serializers.CharField(source="kept_reference", allow_null=True)
    joined = serializers.ListField(child=serializers.CharField(), source="joined_references")

    @extend_schema_field(IdentitySerializer(allow_null=True))
    def get_identity(self, child: Child) -> Any:
        """Give who the child is, in one place for every operation."""
        return IdentitySerializer(child).data


class ChildrenPage(PageSerializer):
    """A page of children."""

    items = ChildSerializer(many=True)


class AddressSerializer(serializers.Serializer[Address]):
    """Where a child lives. `ward` is a GSS code."""

    from_date = DayField()
    line = serializers.CharField()
    postcode = serializers.CharField()
    ward = serializers.CharField()
    out_of_area = serializers.BooleanField()


class StatusSerializer(serializers.Serializer[CareStatus]):
    """How social care holds a child today."""

    status = serializers.ChoiceField([kind.value for kind in CareStatus.Kind])
    from_date = DayField()


class WholeChildSerializer(ChildSerializer):
    """A child with what holds today.

    `address_state` says why there is no address; `statuses` is null for a role that is not shown them.
    """

    address_state = serializers.ChoiceField([GIVEN, WITHHELD, NOT_RECORDED])
    address = AddressSerializer(allow_null=True)
    statuses = StatusSerializer(many=True, allow_null=True)
