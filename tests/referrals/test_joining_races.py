"""Several people at the same two records, each on a connection of their own: nothing is lost, one is told."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from hub.audit.models import AuditEvent
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import MEANWHILE
from hub.facts.moments import write_moment
from referrals.children.actions import add_address, add_alias, correct_details
from referrals.children.models import Address, Alias, Child, ChildDetails
from referrals.children.rules.details import Details
from referrals.children.rules.spells import Where
from referrals.joinings.actions import join_records, take_apart
from referrals.joinings.models import Joining
from tests.cast import Cast, ClientFor
from tests.hub.test_moments import WAIT, apart, waiting
from tests.make import make_child

pytestmark = [
    pytest.mark.race,
    pytest.mark.timeout(60),
    pytest.mark.django_db(transaction=True),
]
HERE = Where(line="3 Elm Court", postcode="", ward="", from_date=date(2026, 3, 1))
JOINED = "These two are joined already."
Deed = Callable[[], object]


def in_turn(cast: Cast, *deeds: Deed) -> "list[Future[object]]":
    """Have them all wait for the partnership's lock, in this order, and then let them go on."""
    waiters: list[Future[object]] = []
    with transaction.atomic():
        write_moment(cast.bradford.pk)
        for number, deed in enumerate(deeds, 1):
            waiters.append(apart(deed))
            until_so_many_wait(number)
    for waiter in waiters:
        waiter.exception(WAIT)
    return waiters


def until_so_many_wait(number: int) -> None:
    for _ in range(WAIT * 100):
        if waiting() >= number:
            return
        time.sleep(0.01)
    raise AssertionError(f"fewer than {number} waited")


def join(cast: Cast, child: Child, kept: Child, who: str = "amira") -> Deed:
    return partial(
        join_records, child=child, kept=kept, reason=f"As {who} says.", by=cast.people[who]
    )


def unjoin(cast: Cast, fact: Joining, who: str = "amira") -> Deed:
    return partial(take_apart, fact=fact, reason="Cousins.", by=cast.people[who])


def third_of(cast: Cast) -> Child:
    return make_child(partnership=cast.bradford, by=cast.people["amira"], surname="Rowan")


def standing() -> set[tuple[int, int]]:
    return set(Joining.objects.known().values_list("child_id", "kept_id"))


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_who_join_one_pair_at_once_one_is_told(turned: bool, cast: Cast) -> None:
    child, kept = cast.unshared.child, cast.shared.child
    second = (kept, child) if turned else (child, kept)
    first, late = in_turn(cast, join(cast, child, kept), join(cast, *second, who="dev"))
    assert isinstance(late.exception(), Conflict)
    assert str(late.exception()) == JOINED
    assert [first.result()] == list(Joining.objects.all())
    assert AuditEvent.objects.filter(event="children.joined").count() == 1


def test_two_who_would_make_a_chain_at_once_do_not(cast: Cast) -> None:
    child, kept, third = cast.unshared.child, cast.shared.child, third_of(cast)
    _first, late = in_turn(cast, join(cast, child, kept), join(cast, kept, third, who="dev"))
    fault = late.exception()
    assert isinstance(fault, RuleBroken)
    assert fault.code == "joining.chain"
    assert child.reference in str(fault)
    assert standing() == {(child.pk, kept.pk)}


def test_what_others_write_to_either_child_meanwhile_stands_on_its_record_and_is_read_on_both(
    cast: Cast, client_for: ClientFor
) -> None:
    child, kept, dev = cast.unshared.child, cast.shared.child, cast.people["dev"]
    details = ChildDetails.objects.get(child=kept)
    renamed = Details("Kit", "Mardon", kept.date_of_birth, kept.gender)
    before = partial(add_address, child=child, where=HERE, ends_former=False, by=dev)
    after = partial(add_alias, child=child, name="Rae of the mill", kind="", by=dev)
    change = partial(correct_details, fact=details, details=renamed, reason="Misheard.", by=dev)
    each = in_turn(cast, before, join(cast, child, kept), after, change)
    assert [deed.exception() for deed in each] == [None] * 4
    assert Address.objects.known().get(line=HERE.line).child == child
    assert Alias.objects.known().get(name="Rae of the mill").child == child
    page = client_for(dev).get(reverse("risk-child-summary", args=[kept.pk])).content.decode()
    for words in ("Mardon", HERE.line, "Rae of the mill", f"joined with {child.reference}"):
        assert words in page


def test_taken_apart_while_another_is_joined_both_come_about_and_of_two_who_take_apart_one_is_told(
    cast: Cast,
) -> None:
    child, kept, third = cast.unshared.child, cast.shared.child, third_of(cast)
    fact = join(cast, child, kept)()
    assert isinstance(fact, Joining)
    deeds = (
        unjoin(cast, fact),
        join(cast, third, kept, who="dev"),
        unjoin(cast, fact, who="dev"),
    )
    first, second, late = in_turn(cast, *deeds)
    assert (first.exception(), second.exception()) == (None, None)
    assert isinstance(late.exception(), Conflict)
    assert str(late.exception()) == MEANWHILE
    assert standing() == {(third.pk, kept.pk)}


@pytest.mark.parametrize("apart_first", [True, False])
def test_a_record_that_is_being_taken_apart_is_joined_elsewhere_after_that_and_not_before(
    apart_first: bool, cast: Cast
) -> None:
    child, kept, third = cast.unshared.child, cast.shared.child, third_of(cast)
    fact = join(cast, child, kept)()
    assert isinstance(fact, Joining)
    deeds = [unjoin(cast, fact), join(cast, child, third, who="dev")]
    results = in_turn(cast, *(deeds if apart_first else deeds[::-1]))
    faults = [fault for fault in (each.exception() for each in results) if fault]
    if apart_first:
        assert faults == []
        assert standing() == {(child.pk, third.pk)}
    else:
        assert [getattr(fault, "code", fault) for fault in faults] == ["joining.chain"]
        assert standing() == set()


def test_two_windows_that_join_one_pair_at_once_get_one_page_and_one_conflict_with_its_words(
    cast: Cast, client_for: ClientFor
) -> None:
    child, kept = cast.unshared.child, cast.shared.child
    address = reverse("risk-child-join-with", args=[child.pk, kept.pk])
    clients = {who: client_for(cast.people[who]) for who in ("amira", "dev")}
    seen = {
        who: client.get(address).context["page"].form["seen"].value()
        for who, client in clients.items()
    }
    gate = Barrier(2)

    def press(who: str) -> Any:
        typed = {"kept": kept.reference, "reason": f"As {who} says."}
        gate.wait(WAIT)
        return clients[who].post(address, {"seen": seen[who], "once": str(uuid4()), **typed})

    answers = {who: future.result(WAIT) for who, future in
               {who: apart(partial(press, who)) for who in clients}.items()}  # fmt: skip
    assert sorted(answer.status_code for answer in answers.values()) == [302, 409]
    [late] = [who for who, answer in answers.items() if answer.status_code == 409]
    assert f"As {late} says." in answers[late].content.decode()
    assert standing() == {(child.pk, kept.pk)}
