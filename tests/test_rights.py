"""Each action refuses whoever lacks its right, in every role there is, and what is another partnership's."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import transaction

from hub.access.rules import ROLES, Permission, Role, Standing
from hub.accounts.models import User
from hub.errors import NotAllowed
from tests.house.trees import ROOMS
from tests.rights import ASKED, UNASKED

HERE, ELSEWHERE = 1, 2


class Anything:
    """Stands for whatever an action is given: it never comes to look at it, but for whose it is."""

    def __init__(self, partnership_id: int) -> None:
        self.partnership_id = partnership_id
        self.pk = 1  # an agency's own, where that is asked

    def __getattr__(self, name: str) -> "Anything":
        return Anything(self.partnership_id)


def actions() -> dict[str, Callable[..., Any]]:
    """Every action by its name: what the actions of a subject offer, and that somebody does."""
    found: dict[str, Callable[..., Any]] = {}
    for room in map(import_module, ROOMS):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            subject, _dot, last = module.name.rpartition(".")
            if last == "actions" and "." in subject:
                found |= {f"{module.name}.{name}": deed for name, deed in _offered(module.name)}
    return found


def _offered(module: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, deed in vars(import_module(module)).items():
        own = inspect.isfunction(deed) and deed.__module__.startswith(module)
        if own and not name.startswith("_") and "by" in _arguments(deed):
            yield name, deed


def _arguments(deed: Callable[..., Any]) -> list[str]:
    each = inspect.signature(deed).parameters.values()
    return [one.name for one in each if one.kind is one.KEYWORD_ONLY]


def person(role: Role) -> User:
    """Somebody in that post; nobody needs to be in the database for it."""
    user = User(pk=-1, username="somebody")
    user.standing_here = Standing(1, role, HERE, agency_id=1)
    return user


def is_refused(deed: Callable[..., Any], by: User, elsewhere: str = "") -> bool:
    """Whether the action refuses; one that goes on stumbles over what it was given, and is undone.

    `elsewhere` is the argument that is another partnership's, where one is.
    """
    given: dict[str, Any] = {
        name: Anything(ELSEWHERE if name == elsewhere else HERE) for name in _arguments(deed)
    }
    try:
        with transaction.atomic():
            deed(**{**given, "by": by})
            transaction.set_rollback(True)
    except NotAllowed:
        return True
    except Exception:  # noqa: BLE001  # whatever it stumbles over comes after the right
        return False
    return False


def misjudged(names: list[str]) -> Iterator[str]:
    """The actions that somebody may do without the right or cannot do with it."""
    for name in names:
        module, _dot, last = name.rpartition(".")
        deed, (rights, about) = getattr(import_module(module), last), ASKED[name]
        for role in Role:
            may = any(right in ROLES[role].permissions for right in rights)
            if is_refused(deed, person(role)) == may and not _leads_only(role, rights):
                yield f"{name}: {role} {'is refused' if may else 'is let through'}"
            for each in about.split():
                if not is_refused(deed, person(role), each):
                    yield f"{name}: {role} is let through to another partnership's {each}"
        if not is_refused(deed, User(pk=-2, username="nobody")):
            yield f"{name}: one without a post is let through"


def _leads_only(role: Role, rights: tuple[Permission, ...]) -> bool:
    """Who may it only for the children whom they lead: tests/referrals/test_grants.py tells of them."""
    held = ROLES[role].permissions & set(rights)
    return held == {Permission.GRANTS_MANAGE_LED}


def test_every_action_is_listed_with_its_right_or_the_reason_why_it_asks_for_none() -> None:
    assert set(actions()) == {*ASKED, *UNASKED}


@pytest.mark.django_db
def test_each_action_refuses_whoever_lacks_its_right() -> None:
    assert list(misjudged(list(ASKED))) == []
