"""From whom a child is hidden: restricted records, and persons shut out."""

from datetime import date
from typing import Any

import pytest
from django.db import models

from hub.access.gate import standing_of
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.models import Agency
from referrals.children.models import Address, Child
from referrals.episodes.models import Episode
from referrals.grants.actions import end_grant, give_grant, lift, restrict, shut_out
from referrals.grants.models import PersonGrant, Restriction, Sight
from risk.levels.models import RiskLevel
from tests.cast import Cast
from tests.make import allocate, make_address, set_level
from tests.referrals.test_grants import again, for_days, sees, today

pytestmark = pytest.mark.django_db


def about(user: User, child: Child) -> list[str]:
    """The tables of which a person sees a row that tells of a child."""
    found = []
    for model in CASE_TABLES:
        rows: Any = model._default_manager.all()
        names = {field.name for field in model._meta.fields}
        link = "pk" if model is Child else "child" if "child" in names else "episode__child"
        if rows.visible_to(again(user)).filter(**{link: child.pk}).exists():
            found.append(model.__name__)
    return found


CASE_TABLES: list[type[models.Model]] = [Child, Episode, Address, RiskLevel, Restriction, Sight]


@pytest.fixture
def kit(cast: Cast, amira: User) -> Child:
    """The child whom chloe's service supports, led by amira."""
    allocate(episode=cast.shared, worker=amira, by=amira)
    set_level(episode=cast.shared, level="LOW", set_on=date(2026, 3, 3), by=amira)
    make_address(child=cast.shared.child, by=amira, from_date=date(2026, 3, 3))
    return cast.shared.child


def test_a_restricted_record_is_absent_for_all_but_those_named(cast: Cast, kit: Child) -> None:
    restrict(child=kit, because="Confidential in social care.", by=cast.people["dev"])
    everybody = set(cast.people) - {"dev", "amira"}
    assert not [name for name in everybody if about(cast.people[name], kit)]
    assert sees(cast.people["dev"], kit)
    assert sees(cast.people["amira"], kit)
    assert sees(operator(), kit)


def test_a_grant_by_name_opens_a_restricted_record_and_an_agencys_does_not(
    cast: Cast, kit: Child, dev: User, chloe: User, nora: User
) -> None:
    restrict(child=kit, because="Confidential in social care.", by=dev)
    police = Agency.objects.get(partnership=cast.bradford, code="northlight").group
    give_grant(child=kit, to=police, terms=for_days(9), by=dev)
    assert not sees(chloe, kit)
    for person in (nora, chloe):
        give_grant(child=kit, to=person, terms=for_days(9), by=dev)
        assert sees(person, kit)


def test_lifting_a_restriction_shows_the_record_again_and_keeps_the_fact(
    cast: Cast, kit: Child, dev: User, nora: User
) -> None:
    fact = restrict(child=kit, because="Confidential in social care.", by=dev)
    with pytest.raises(RuleBroken, match="restricted already"):
        restrict(child=kit, because="Again.", by=dev)
    lift(fact=fact, reason="No longer confidential.", by=dev)
    assert sees(nora, kit)
    assert Restriction.objects.as_at(today()).count() == 0
    assert Restriction.objects.filter(superseded_at__isnull=False).get().because == fact.because
    with pytest.raises(Conflict):
        lift(fact=Restriction.objects.known().get(), reason="Again.", by=dev)
    restrict(child=kit, because="Confidential again.", by=dev)
    assert not sees(nora, kit)


def test_a_restricted_record_keeps_somebody_who_can_open_it(
    cast: Cast, kit: Child, dev: User, amira: User, nora: User
) -> None:
    restrict(child=kit, because="Confidential in social care.", by=dev)
    give_grant(child=kit, to=nora, terms=for_days(9), by=dev)
    grants = {grant.user_id: grant for grant in PersonGrant.objects.in_force()}
    end_grant(grant=grants[amira.pk], because="Handed over.", by=dev)
    with pytest.raises(RuleBroken, match="Name somebody else first"):
        end_grant(grant=grants[dev.pk], because="Leaves.", by=dev)


def test_one_who_is_shut_out_sees_nothing_and_others_see_all(
    cast: Cast, kit: Child, dev: User, amira: User, ben: User, chloe: User
) -> None:
    for person in (ben, chloe):
        fact = shut_out(child=kit, person=person, because="A neighbour of the family.", by=dev)
        assert about(person, kit) == []
    assert sees(amira, kit)
    with pytest.raises(RuleBroken, match="shut out already"):
        shut_out(child=kit, person=ben, because="Again.", by=dev)
    with pytest.raises(RuleBroken, match="They are shut out"):
        give_grant(child=kit, to=ben, terms=for_days(9), by=dev)
    lift(fact=fact, reason="Moved away.", by=dev)
    assert sees(chloe, kit)


def test_shutting_out_ends_the_grant_by_name(cast: Cast, kit: Child, dev: User, nora: User) -> None:
    restrict(child=kit, because="Confidential in social care.", by=dev)
    give_grant(child=kit, to=nora, terms=for_days(9), by=dev)
    shut_out(child=kit, person=nora, because="A relative.", by=dev)
    assert not sees(nora, kit)
    assert not PersonGrant.objects.in_force().filter(user=nora).exists()


def test_one_who_leads_but_is_shut_out_is_not_named(
    cast: Cast, kit: Child, dev: User, amira: User
) -> None:
    shut_out(child=kit, person=amira, because="A relative.", by=dev)
    restrict(child=kit, because="Confidential in social care.", by=dev)
    assert not sees(amira, kit)


def test_only_those_who_say_who_sees_a_child_restrict_it_or_shut_out(
    cast: Cast, kit: Child, ben: User, dev: User
) -> None:
    fact = restrict(child=cast.unshared.child, because="Confidential.", by=dev)
    with pytest.raises(NotAllowed):
        restrict(child=kit, because="Why not.", by=ben)
    with pytest.raises(NotAllowed):
        shut_out(child=kit, person=dev, because="Why not.", by=ben)
    with pytest.raises(NotAllowed):
        lift(fact=fact, reason="Why not.", by=ben)
    with pytest.raises(NotAllowed):
        end_grant(grant=PersonGrant.objects.get(), because="Why not.", by=ben)
    for act in (
        lambda: restrict(child=kit, because=" ", by=dev),
        lambda: shut_out(child=kit, person=ben, because="", by=dev),
        lambda: lift(fact=fact, reason="", by=dev),
    ):
        with pytest.raises(RuleBroken):
            act()


def hidden_from(user: User) -> list[int]:
    """The children hidden from a person as a request asks it, which is as a query set says it."""
    standing = standing_of(again(user))
    if standing is None:
        return []
    asked = sorted(Restriction.objects.numbers_hidden_from(standing))
    told = Restriction.objects.hidden_from(standing).order_by("child_id").distinct()
    assert asked == list(told.values_list("child_id", flat=True))
    return asked


def test_a_request_asks_quickly_for_the_same_children_that_are_hidden(
    cast: Cast, kit: Child, dev: User, nora: User
) -> None:
    assert [hidden_from(user) for user in cast.people.values()] == [[]] * len(cast.people)
    shut_out(child=kit, person=nora, because="A neighbour.", by=dev)
    assert (hidden_from(nora), hidden_from(dev)) == ([kit.pk], [])
    fact = restrict(child=cast.unshared.child, because="Known to the team.", by=dev)
    assert (hidden_from(dev), hidden_from(cast.people["ben"])) == ([], [cast.unshared.child_id])
    grant = give_grant(child=cast.unshared.child, to=cast.people["ben"], terms=for_days(3), by=dev)
    assert hidden_from(cast.people["ben"]) == []
    end_grant(grant=grant, because="Handed over.", by=dev)
    assert hidden_from(cast.people["ben"]) == [cast.unshared.child_id]
    lift(fact=fact, reason="Known to all.", by=dev)
    assert hidden_from(cast.people["ben"]) == []
