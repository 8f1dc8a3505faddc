"""Reading children by machine."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.interface.api import Operation, described, note, page_of
from hub.interface.rules import Scope, number_at
from hub.interface.serializers import page_out
from partners.sharing.rules import ADDRESSES
from referrals.children.models import Address, CareStatus, Child, ChildDetails, ChildQuerySet
from referrals.children.rules.given import GIVEN, address_state
from referrals.children.serializers import (
    ChildrenPage,
    ChildrenQuery,
    ChildSerializer,
    WholeChildSerializer,
)


class ListChildren(Operation):
    """The children whom the account may see."""

    scope = Scope.CHILDREN_READ
    asks = ChildrenQuery

    @described("listChildren", "List children, in the order of entry", ChildrenPage, asks=asks)
    def get(self, request: Request) -> Response:
        """Give a page of them."""
        asked = self.read(request)
        rows = _asked_for(self.machine.user, asked)
        page, last = page_of(rows, asked, number_at(asked.get("after", "0")))
        references = [child.reference for child in page]
        note(
            self.machine,
            "api.children.listed",
            "children",
            "list",
            after={"children": references, "query": request.GET.urlencode()},
        )
        return Response(ChildrenPage(page_out(page, last)).data)


def _asked_for(user: User, asked: dict[str, Any]) -> ChildQuerySet:
    rows = Child.objects.visible_to(user).with_records(user)
    if "reference" in asked:
        rows = rows.filter(reference=asked["reference"])
    if "changed_since" in asked:
        require(user, Permission.CASES_VIEW)  # to others most changes do not show: a list would lie
        rows = rows.filter(_changed_since(user, asked["changed_since"]))
    return rows


def _changed_since(user: User, moment: datetime) -> Q:
    """Changed is what was recorded, corrected, ended or withdrawn from that moment on."""
    of_child = Q(child=OuterRef("pk"))
    since = Q(known_from__gte=moment) | Q(superseded_at__gte=moment)
    ended = Q(to_known_from__gte=moment)
    return (
        Q(Exists(ChildDetails.objects.visible_to(user).filter(of_child, since)))
        | Q(Exists(Address.objects.visible_to(user).filter(of_child, since | ended)))
        | Q(Exists(CareStatus.objects.visible_to(user).filter(of_child, since | ended)))
        | Q(Exists(_joinings_of(user).filter(since)))
    )


def _joinings_of(user: User) -> Any:
    """Give the joinings of a child's record with another, for whoever sees both."""
    joinings = Child._meta.apps.get_model("referrals", "Joining").objects.visible_to(user)
    return joinings.filter(Q(child=OuterRef("pk")) | Q(kept=OuterRef("pk")))


class ReadChild(Operation):
    """One child."""

    scope = Scope.CHILDREN_READ

    @described("readChild", "Read a child", WholeChildSerializer, of_one=True)
    def get(self, request: Request, reference: str) -> Response:
        """Give the child with what holds today; a joined record's reference gives the kept one."""
        self.read(request)
        user, today = self.machine.user, london_date(timezone.now())
        numbers = Child.objects.visible_to(user).records_of(reference, user)
        if not numbers:
            raise Http404
        rows = Child.objects.visible_to(user).with_confidential_address(today).with_records(user)
        records = rows.in_bulk(numbers)
        child = records[numbers[0]]
        joined = child.joined_references
        note(self.machine, "api.child.read", "child", child.reference, after={}, about=joined)
        return Response({**ChildSerializer(child).data, **_today(user, list(records.values()))})


def _today(user: User, records: list[Child]) -> dict[str, Any]:
    """Say what holds on all a child's records: what one of them hides, all hide."""
    standing, today = standing_of(user), london_date(timezone.now())
    whole = standing is not None and standing.may(Permission.CASES_VIEW)
    lived = Address.objects.visible_to(user).filter(child__in=records, confidential=False)
    held = lived.as_at(today)
    address = held.order_by("-from_date", "-pk").first()
    state = address_state(
        found=address is not None,
        confidential=any(record.lives_confidentially for record in records),
        shown_addresses=whole or (standing is not None and ADDRESSES in standing.categories),
    )
    standing_now = CareStatus.objects.visible_to(user).filter(child__in=records).as_at(today)
    statuses = standing_now.order_by("pk")
    found = {
        "address_state": state,
        "address": address if state == GIVEN else None,
        "statuses": list(statuses) if whole else None,
    }
    return {name: _out(name, value) for name, value in found.items()}


def _out(name: str, value: Any) -> Any:
    field = WholeChildSerializer().fields[name]
    return None if value is None else field.to_representation(value)
