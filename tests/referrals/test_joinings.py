"""Two records of one child are joined and taken apart; nothing of either is touched."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from referrals.children.models import Child
from referrals.grants.actions import restrict
from referrals.joinings.actions import join_records, take_apart
from referrals.joinings.models import Joining
from referrals.joinings.queries import joined_to, kept_for
from tests.cast import Cast
from tests.make import make_child
from tests.second_wall import as_application

WHY = "Same mother, same school; told by both."


def join(cast: Cast, child: Child, kept: Child, by: str = "amira", **told: Any) -> Joining:
    return join_records(child=child, kept=kept, by=cast.people[by], **{"reason": WHY, **told})


def pair_of(cast: Cast) -> tuple[Child, Child]:
    return cast.unshared.child, cast.shared.child


def another(cast: Cast) -> Child:
    return make_child(partnership=cast.bradford, by=cast.people["amira"], surname="Rowan")


@pytest.mark.django_db
def test_a_joining_says_who_joined_which_records_when_and_why_and_both_are_on_the_trail(
    cast: Cast,
) -> None:
    child, kept = pair_of(cast)
    before = timezone.now()
    fact = join(cast, child, kept)
    assert (fact.child, fact.kept, fact.reason, fact.recorded_by) == (
        child,
        kept,
        WHY,
        cast.people["amira"],
    )
    assert before <= fact.known_from <= timezone.now()
    event = AuditEvent.objects.get(event="children.joined")
    assert event.about == [kept.reference, child.reference]
    assert (event.verb, event.reason) == ("combination", WHY)


@pytest.mark.django_db
def test_what_is_taken_apart_can_still_be_read_and_why_is_on_the_trail(cast: Cast) -> None:
    child, kept = pair_of(cast)
    fact = join(cast, child, kept)
    take_apart(fact=fact, reason="Cousins.", by=cast.people["dev"])
    assert not Joining.objects.known()
    assert list(Joining.objects.known(fact.known_from)) == [fact]
    event = AuditEvent.objects.get(event="children.taken_apart")
    assert (event.about, event.reason) == ([kept.reference, child.reference], "Cousins.")
    join(cast, kept, child)  # the other way round, the second time
    with pytest.raises(Conflict):
        take_apart(fact=fact, reason="Again.", by=cast.people["dev"])


@pytest.mark.django_db
def test_the_second_of_two_who_join_one_pair_is_told_and_nothing_is_done_twice(cast: Cast) -> None:
    child, kept = pair_of(cast)
    join(cast, child, kept)
    for first, second in ((child, kept), (kept, child)):
        with pytest.raises(Conflict):
            join(cast, first, second, by="dev")
    assert Joining.objects.count() == 1


@pytest.mark.django_db
def test_no_chain_is_made_and_a_child_may_have_several_joined_records(cast: Cast) -> None:
    child, kept = pair_of(cast)
    third = another(cast)
    join(cast, child, kept)
    join(cast, third, kept)
    for first, second in ((child, another(cast)), (another(cast), child), (kept, another(cast))):
        with pytest.raises(RuleBroken) as fault:
            join(cast, first, second)
        assert fault.value.code == "joining.chain"
    found = [fact.child for fact in joined_to(cast.people["amira"], kept)]
    assert found == [child, third]


@pytest.mark.django_db
def test_the_database_itself_refuses_a_chain_and_a_record_joined_to_itself(cast: Cast) -> None:
    child, kept = pair_of(cast)
    join(cast, child, kept)
    told: dict[str, Any] = {
        "partnership": cast.bradford,
        "known_from": timezone.now(),
        "recorded_by": operator(),
    }
    other = another(cast)
    for row in ({"child": other, "kept": child}, {"child": kept, "kept": other}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Joining.objects.create(**row, **told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Joining.objects.create(child=other, kept=other, **told)


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
def test_a_joining_needs_a_reason_of_some_length(cast: Cast, reason: str) -> None:
    child, kept = pair_of(cast)
    with pytest.raises(RuleBroken) as fault:
        join(cast, child, kept, reason=reason)
    assert fault.value.field == "reason"
    fact = join(cast, child, kept, reason="x" * 2_000)
    with pytest.raises(RuleBroken):
        take_apart(fact=fact, reason=" ", by=cast.people["amira"])


@pytest.mark.django_db
def test_records_of_two_partnerships_are_not_joined(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        join(cast, cast.elsewhere.child, cast.shared.child)
    with pytest.raises(NotAllowed):
        join(cast, cast.shared.child, cast.elsewhere.child)


@pytest.mark.django_db
def test_a_record_that_is_hidden_cannot_be_joined_and_its_joining_is_hidden(cast: Cast) -> None:
    child, kept = pair_of(cast)
    third = another(cast)
    restrict(child=third, because="Confidential.", by=cast.people["dev"])
    with pytest.raises(RuleBroken) as fault:
        join(cast, third, kept)
    assert fault.value.code == "joining.cannot"
    join(cast, child, kept)
    amira, nora = cast.people["amira"], cast.people["nora"]
    assert kept_for(nora, [child.pk, kept.pk]) == {child.pk: kept.pk}
    restrict(child=kept, because="Confidential.", by=cast.people["dev"])
    assert kept_for(nora, [child.pk, kept.pk]) == {}
    with as_application(), transaction.atomic(), acting_as(nora):
        assert not Joining.objects.exists()
    assert kept_for(amira, []) == {}


@pytest.mark.django_db
def test_what_stands_in_the_way_and_is_hidden_is_not_told(cast: Cast) -> None:
    """The joined record became hidden later: the refusal must not say that there is one."""
    child, kept = pair_of(cast)
    secret = another(cast)
    join(cast, secret, child, by="dev")
    restrict(child=secret, because="Confidential.", by=cast.people["dev"])
    amira = acting_as(cast.people["amira"])
    with as_application(), transaction.atomic(), amira, pytest.raises(RuleBroken) as fault:
        join(cast, child, kept)
    assert fault.value.code == "joining.cannot"
    assert secret.reference not in str(fault.value)


@pytest.mark.django_db
def test_a_charity_learns_of_a_joining_only_where_it_sees_both_records(cast: Cast) -> None:
    child, kept = pair_of(cast)
    join(cast, child, kept)
    chloe = cast.people["chloe"]
    assert not Joining.objects.visible_to(chloe)
    with as_application(), transaction.atomic(), acting_as(chloe):
        assert not Joining.objects.exists()
