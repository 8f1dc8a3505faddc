"""A hundred thousand invented children in a database, with their numbers, other names and addresses."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from bench.matching.names import Someone
from hub.accounts.models import User
from partners.partnerships.models import Partnership
from referrals.children.models import Address, Alias, Child, ChildDetails

TOGETHER = 5_000


def enter(partnership: Partnership, people: Sequence[Someone], by: User) -> list[Child]:
    """Enter them, in their order, as a child of its own each."""
    fact: dict[str, Any] = {
        "partnership": partnership,
        "known_from": timezone.now(),
        "recorded_by": by,
    }
    children = Child.objects.bulk_create(
        [
            Child(partnership=partnership, reference=f"X-{number:06}", **_who(one))
            for number, one in enumerate(people)
        ],
        TOGETHER,
    )
    each = list(zip(children, people, strict=True))
    ChildDetails.objects.bulk_create(
        [
            ChildDetails(child=child, nhs_number=one.nhs_number, upn=one.upn, **_who(one), **fact)
            for child, one in each
        ],
        TOGETHER,
    )
    Alias.objects.bulk_create(
        [
            Alias(child=child, name=name, position=position, **fact)
            for child, one in each
            for position, name in enumerate(one.other_names, 1)
        ],
        TOGETHER,
    )
    Address.objects.bulk_create(
        [
            Address(child=child, postcode=one.postcode, from_date=one.born, **fact)
            for child, one in each
        ],
        TOGETHER,
    )
    return children


def _who(one: Someone) -> dict[str, Any]:
    return {
        "forenames": one.forenames,
        "surname": one.surname,
        "date_of_birth": one.born,
        "gender": one.gender,
    }
