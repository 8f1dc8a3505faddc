"""Registering a child: who it is, the names it goes by, where it lives, in one deed."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.facts.moments import write_moment
from partners.partnerships.models import Partnership
from referrals.children.models import Address, Alias, Child, ChildDetails
from referrals.children.rules.details import Details, check_birth, check_numbers
from referrals.children.rules.spells import Where, check_address
from referrals.matching.queries import who_may_be
from referrals.matching.rules.likeness import Person
from referrals.register.rules import reference_after

MAYBE_KNOWN = (
    "A child is known who may be this one. Look at each, then say that it is none of these"
)


@dataclass(frozen=True)
class NewChild:
    """What is known of a child when it is registered; `other_names` are those it is known as."""

    details: Details
    other_names: tuple[str, ...] = ()
    address: Where | None = None

    @property
    def person(self) -> Person:
        """What is compared with the children who are known."""
        details = self.details
        return Person(
            name=f"{details.forenames} {details.surname}",
            born=details.date_of_birth,
            other_names=self.other_names,
            nhs_number=details.nhs_number,
            upn=details.upn,
            postcode=self.address.postcode if self.address else "",
            gender=details.gender,
        )


@transaction.atomic
def register_child(
    *, partnership: Partnership, new: NewChild, not_these: Collection[int], by: User
) -> Child:
    """Register a child under the partnership's next reference.

    `not_these`: the children, by number, of whom the person said that none is this one. Raises NotAllowed;
    RuleBroken for a wrong number, date of birth or address, and where others may be the same child.
    """
    require(by, Permission.CASES_RECORD, partnership)
    # Two who register at once follow each other here, so neither reference nor child is given twice.
    now = write_moment(partnership.pk)
    _check(new, now)
    alike = who_may_be(by, partnership.pk, new.person, london_date(now))
    if {row.child_id for row in alike.rows} - set(not_these):
        raise RuleBroken("child.maybe_known", MAYBE_KNOWN, "none_of_these")
    child = Child.objects.create(
        partnership=partnership,
        reference=reference_after(_last_number(partnership)),
        **{name: getattr(new.details, name) for name in ("forenames", "surname", "gender")},
        date_of_birth=new.details.date_of_birth,
    )
    _write_facts(child, new, {"child": child, "partnership": partnership, "known_from": now,
                              "recorded_by": by})  # fmt: skip
    _on_trail(child, new, now, by)
    return child


def _check(new: NewChild, now: datetime) -> None:
    check_birth(new.details.date_of_birth, london_date(now))
    check_numbers(new.details)
    if new.address:
        check_address(new.address, new.details.date_of_birth, london_date(now))


def _last_number(partnership: Partnership) -> int:
    """Give the last number that was given, be it to a child who is hidden from the person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT referrals_last_child(%s)", [partnership.pk])
        last: int = cursor.fetchone()[0]
    return last


def _write_facts(child: Child, new: NewChild, fact: dict[str, Any]) -> None:
    ChildDetails.objects.create(**asdict(new.details), **fact)
    for position, name in enumerate(new.other_names, 1):
        Alias.objects.create(name=name, kind=Alias.Kind.KNOWN_AS, position=position, **fact)
    if new.address:
        Address.objects.create(**asdict(new.address), **fact)


def _on_trail(child: Child, new: NewChild, now: datetime, by: User) -> None:
    details = asdict(new.details) | {"date_of_birth": new.details.date_of_birth.isoformat()}
    record(
        event="child.registered",
        verb=Verb.COLLECTION,
        what="child",
        reference=child.reference,
        at=now,
        by=by,
        partnership_id=child.partnership_id,
        after={
            **details,
            "other_names": list(new.other_names),
            "with_address": new.address is not None,
        },
    )
