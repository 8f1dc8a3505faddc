"""The search functions run as the owner: whoever the policies bind gets what the policies give."""

from typing import Any

import pytest
from django.db import connection

from hub.access.context import act_as
from hub.accounts.models import User
from referrals.children.actions import add_alias
from referrals.children.models import Child
from referrals.grants.actions import restrict
from tests.cast import Cast
from tests.make import make_child, make_episode
from tests.second_wall import as_application

WAYS = (
    ("referrals_children_called", "'marden:*'::tsquery"),
    ("referrals_children_also_called", "'lark:*'::tsquery"),
    ("referrals_children_bearing", "'C-KIT'"),
    ("referrals_children_bearing", "'E-KIT'"),
)
each_way = pytest.mark.parametrize(("function", "asked"), WAYS)


def found_by(user: User | None, function: str, asked: str) -> set[int]:
    """What the function gives to the application's role acting for that person, or told nothing."""
    with as_application():
        if user is not None:
            act_as(user)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT unnest({function}({asked}))")
            return {number for (number,) in cursor.fetchall()}


@pytest.fixture
def kits(cast: Cast) -> dict[str, Child]:
    """Two children who answer alike, one in each partnership."""
    made = {}
    for partnership, by in ((cast.bradford, "amira"), (cast.kirklees, "erin")):
        who: dict[str, Any] = {"surname": "Marden", "forenames": "Kit", "reference": "C-KIT"}
        child = make_child(partnership=partnership, by=cast.people[by], **who)
        make_episode(child=child, by=cast.people[by], reference="E-KIT")
        add_alias(child=child, name="Larkin", kind="", by=cast.people[by])
        made[partnership.code] = child
    return made


@each_way
def test_each_partnership_finds_its_own(
    function: str, asked: str, kits: dict[str, Child], cast: Cast
) -> None:
    for person, district in (("amira", "bradford"), ("ben", "bradford"), ("erin", "kirklees")):
        found = found_by(cast.people[person], function, asked)
        assert kits[district].pk in found
        others = {child.pk for name, child in kits.items() if name != district}
        assert not found & others


@each_way
def test_who_sees_no_whole_case_or_is_unknown_finds_nothing(
    function: str, asked: str, kits: dict[str, Child], cast: Cast
) -> None:
    for person in ("chloe", "femi", "bea", "otto", "sid", "gus"):
        assert found_by(cast.people[person], function, asked) == set()
    assert found_by(None, function, asked) == set()


@each_way
def test_a_restricted_child_is_found_by_nobody_who_is_not_named(
    function: str, asked: str, kits: dict[str, Child], cast: Cast
) -> None:
    restrict(child=kits["bradford"], because="A relative works here.", by=cast.people["dev"])
    assert kits["bradford"].pk not in found_by(cast.people["amira"], function, asked)


@pytest.mark.parametrize("typed", ["%", "_", "C_KIT", "C%T", "\\"])
def test_what_like_reads_as_any_letter_is_a_letter_here(
    typed: str, kits: dict[str, Child], cast: Cast
) -> None:
    with as_application():
        act_as(cast.people["amira"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT referrals_children_bearing(%s)", [typed])
            assert cursor.fetchone() == ([],)
