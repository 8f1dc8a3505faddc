"""The gate by itself, without a database: who has a standing, and what stops the others."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps

from hub.access.gate import require, standing_of
from hub.access.rules import (
    PERMISSIONS,
    ROLES,
    SETTINGS,
    Permission,
    Purpose,
    Role,
    RoleEntry,
    Standing,
    _entry,
    settings_of,
)
from hub.errors import NotAllowed
from partners.partnerships.models import Partnership

HERE = Standing(7, Role.SOCIAL_WORKER, 1)


def person(**changed: Any) -> Any:
    """An account whose standing was read before."""
    plain = {
        "pk": 7,
        "is_authenticated": True,
        "is_active": True,
        "is_operator": False,
        "standing_here": HERE,
    }
    return SimpleNamespace(**{**plain, **changed})


@pytest.mark.parametrize("missing", ["is_authenticated", "is_active"])
@pytest.mark.parametrize("operator", [True, False])
def test_one_who_did_not_sign_in_or_was_switched_off_has_no_standing(
    missing: str, operator: bool
) -> None:
    assert standing_of(person(**{missing: False}, is_operator=operator)) is None


def test_the_operator_stands_outside_every_partnership() -> None:
    assert standing_of(person(is_operator=True)) == Standing(7, Role.OPERATOR, None)


def test_a_standing_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Any] = []

    def look_up(_manager: Any, user: Any) -> Standing:
        read.append(user)
        return HERE

    posts = apps.get_model("partners", "Post").objects
    monkeypatch.setattr(type(posts), "standing", look_up, raising=False)
    user = person()
    del user.standing_here
    assert standing_of(user) is HERE
    assert standing_of(user) is HERE
    assert read == [user]


def test_one_without_the_right_is_told_what_it_is_and_whom_to_ask() -> None:
    deed = PERMISSIONS[Permission.TRAIL_READ]
    told = f"Your role does not include this: {deed} Ask your agency's administrator."
    for user in (person(), person(is_active=False)):
        with pytest.raises(NotAllowed) as refusal:
            require(user, Permission.TRAIL_READ)
        assert str(refusal.value) == told


def test_one_with_the_right_gets_the_standing_back() -> None:
    assert require(person(), Permission.CASES_VIEW) is HERE
    assert require(person(), Permission.CASES_VIEW, SimpleNamespace(partnership_id=1)) is HERE
    assert require(person(), Permission.CASES_VIEW, Partnership(pk=1)) is HERE


@pytest.mark.parametrize(
    "thing",
    [
        SimpleNamespace(partnership_id=2),
        SimpleNamespace(partnership_id=None),
        SimpleNamespace(pk=1),  # of no partnership, with the number of ours
        Partnership(pk=2),
    ],
)
def test_a_thing_of_another_partnership_or_of_none_is_refused(thing: object) -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(person(), Permission.CASES_VIEW, thing)
    assert str(refusal.value) == "This belongs to another partnership. Ask its hub."


def test_the_operator_may_act_on_things_of_every_partnership() -> None:
    operator = person(is_operator=True)
    for number in (1, 2):
        thing = SimpleNamespace(partnership_id=number)
        assert require(operator, Permission.CASES_VIEW, thing).role is Role.OPERATOR


def test_a_role_may_what_its_list_says_and_nothing_else() -> None:
    for role, entry in ROLES.items():
        held = {permission for permission in Permission if Standing(1, role, 1).may(permission)}
        assert held == entry.permissions


def test_an_entry_of_the_list_holds_what_was_written_into_it() -> None:
    held = (Permission.CASES_VIEW, Permission.TRAIL_READ)
    made = _entry("Title", "What for.", *held)
    assert made == RoleEntry("Title", "What for.", frozenset(held))


def test_the_database_is_told_who_acts_word_for_word() -> None:
    standing = Standing(
        7,
        Role.SUPPORT_WORKER,
        3,
        5,
        ("northlight", "evening"),
        groups=(11, 12),
        categories=("a", "b"),
    )
    assert settings_of(7, standing, Purpose.REPORT) == {
        "hub.user_id": "7",
        "hub.partnership_id": "3",
        "hub.agency_id": "5",
        "hub.permissions": ",".join(sorted(ROLES[Role.SUPPORT_WORKER].permissions)),
        "hub.services": "northlight,evening",
        "hub.audiences": "11,12,-7",
        "hub.categories": "a,b",
        "hub.purpose": "report",
        "hub.link": "",
    }


def test_an_account_without_a_post_tells_its_number_alone_and_nobody_nothing() -> None:
    nothing = dict.fromkeys(SETTINGS, "")
    assert settings_of(7, None, None) == nothing | {"hub.user_id": "7"}
    assert settings_of(None, None, None) == nothing
    everywhere = settings_of(7, Standing(7, Role.OPERATOR, None), None)
    assert (everywhere["hub.partnership_id"], everywhere["hub.agency_id"]) == ("*", "")
