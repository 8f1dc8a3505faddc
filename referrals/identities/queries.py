"""A child by reference, and who it is: the database's functions ask whether one may (migration 0031).

One who works by reference reads no row of a case: these functions give the columns that are for them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hub.accounts.models import User
from referrals.identities.models import Identification


@dataclass(frozen=True)
class Referenced:
    """A child that is shown by reference alone."""

    pk: int
    partnership_id: int
    reference: str


@dataclass(frozen=True)
class Identity:
    """Who a child is; `lives_at` says so where the address is confidential."""

    name: str
    born: date
    other_names: tuple[str, ...]
    lives_at: str
    nhs_number: str
    upn: str


ASK = "SELECT id, partnership_id, reference FROM referrals_by_reference(%s::bigint[], %s)"
RECORDS = """
SELECT b.id, b.partnership_id, b.reference
FROM referrals_records_by_reference(%s) r(numbers), referrals_by_reference(r.numbers, '') b
ORDER BY array_position(r.numbers, b.id)
"""


def referenced(child_id: int) -> Referenced | None:
    """Give a child by its number; None where it is hidden or absent."""
    return next(iter(_ask([child_id])), None)


def bearing(reference: str) -> Referenced | None:
    """Give the child whose own reference, or whose episode's, is exactly this."""
    return next(iter(_ask([], reference)), None)


def records_by_reference(child_id: int) -> list[Referenced]:
    """Give a child's records by the number of any of them: the kept one, then those joined to it, or none.

    A record that is hidden is not among them: the others are then read without it.
    """
    return _rows(RECORDS, [child_id])


def shown(numbers: Iterable[int]) -> set[int]:
    """Keep the numbers of the children who are shown by reference."""
    return {child.pk for child in _ask(list(numbers))}


def _ask(numbers: list[int], reference: str = "") -> list[Referenced]:
    return _rows(ASK, [numbers, reference])


def _rows(asked: str, told: list[Any]) -> list[Referenced]:
    with connection.cursor() as cursor:
        cursor.execute(asked, told)
        return [Referenced(*row) for row in cursor.fetchall()]


def identification_of(user: User, child_id: int | None) -> Identification | None:
    """Give the person's own identification by which they see who the child is now, or None."""
    own = Identification.objects.visible_to(user).of(user).in_force().filter(child=child_id)
    return own.order_by("-ends_at").first()


def identity_of(child_id: int) -> Identity | None:
    """Say who a child is, while the person has it open with a reason; else None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT referrals_identity(%s)", [child_id])
        (found,) = cursor.fetchone()
    if found is None:
        return None
    told = json.loads(found)
    told["born"] = date.fromisoformat(told["born"])
    told["other_names"] = tuple(told["other_names"])
    return Identity(**told)
