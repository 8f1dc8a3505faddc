"""Two people at one child, each on a connection of their own: one wins, the other is told."""

from concurrent.futures import Future
from datetime import date

import pytest
from django.db import connection, transaction

from hub.errors import Conflict, RuleBroken
from hub.facts.moments import write_moment
from referrals.children.actions import correct_details
from referrals.children.models import Child, ChildDetails
from referrals.children.rules.details import Details
from referrals.register.actions import NewChild, register_child
from tests.cast import Cast
from tests.hub.test_moments import WAIT, apart, until_somebody_waits

pytestmark = [
    pytest.mark.race,
    pytest.mark.timeout(60),
    pytest.mark.django_db(transaction=True),
]


def named(surname: str) -> Details:
    return Details("Kit", surname, date(2011, 5, 3), "F")


def test_of_two_who_correct_one_version_at_once_one_is_told_of_the_other(cast: Cast) -> None:
    fact = ChildDetails.objects.get(child=cast.shared.child)

    def correct(surname: str, who: str) -> ChildDetails:
        try:
            return correct_details(
                fact=fact, details=named(surname), reason="So.", by=cast.people[who]
            )
        finally:
            connection.close()

    with transaction.atomic():
        write_moment(cast.bradford.pk)  # both wait for the same lock
        both = [apart(lambda: correct("Mardon", "amira")), apart(lambda: correct("Marsden", "dev"))]
        until_somebody_waits()
    faults = [future.exception(WAIT) for future in both]
    assert [type(fault) for fault in faults if fault] == [Conflict]
    (won,) = (future.result() for future in both if not future.exception())
    standing = ChildDetails.objects.known().get(child=cast.shared.child)
    assert standing == won
    assert Child.objects.get(pk=cast.shared.child_id).surname == won.surname


def test_two_who_register_at_once_give_two_references_and_never_one_child_twice(
    cast: Cast,
) -> None:
    def register(surname: str, born: date) -> Child:
        new = NewChild(Details("Ivo", surname, born, "M"))
        return register_child(
            partnership=cast.bradford, new=new, not_these=(), by=cast.people["amira"]
        )

    futures: list[Future[Child]] = []
    with transaction.atomic():
        write_moment(cast.bradford.pk)
        futures += [
            apart(lambda: register("Tarn", date(2012, 9, 30))),
            apart(lambda: register("Tarn", date(2012, 9, 30))),
            apart(lambda: register("Hale", date(2013, 10, 31))),
        ]
        until_somebody_waits()
    faults = [fault for fault in (future.exception(WAIT) for future in futures) if fault]
    assert [getattr(fault, "code", fault) for fault in faults] == ["child.maybe_known"]
    assert isinstance(faults[0], RuleBroken)
    made = Child.objects.filter(forenames="Ivo").order_by("reference")
    assert [child.reference for child in made] == ["H-0001", "H-0002"]
    assert {child.surname for child in made} == {"Tarn", "Hale"}
