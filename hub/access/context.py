"""What the database may show in this transaction: the settings that its row security goes by.

The application's filters (`visible_to`) are the first wall; the policies of the database are the second
(docs/decisions/0010-the-second-wall.md). They read the settings told here, which end with the
transaction. Where nothing was told, no case is visible.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from hub.access.gate import standing_of
from hub.access.rules import SETTINGS, Purpose, settings_of

if TYPE_CHECKING:
    from hub.accounts.models import User

PURPOSE = "hub.purpose"


def act_as(user: "User | AnonymousUser", *, purpose: Purpose | None = None) -> None:
    """Tell the database for whom this transaction acts, and for which purpose if it is not their own.

    Raises TransactionManagementError outside a transaction: there the settings would end with the
    statement that told them, and what follows would find nothing.
    """
    _tell(settings_of(user.pk, standing_of(user), purpose))


@contextmanager
def acting_as(user: "User | AnonymousUser", *, purpose: Purpose | None = None) -> Iterator[None]:
    """Act for somebody in a transaction (or part of one), and afterwards for whom it was before.

    For tasks and commands, each of whose transactions must say for whom it acts.
    """
    with transaction.atomic():
        before = _told()
        act_as(user, purpose=purpose)
        yield
        _tell(before)


@contextmanager
def acting_for(purpose: Purpose) -> Iterator[None]:
    """Let whoever acts act for a purpose of the system meanwhile: a report counts what they may not open."""
    with transaction.atomic():
        before = _told()
        _tell({PURPOSE: purpose})
        yield
        _tell(before)


@contextmanager
def acting_for_stranger(by: "User", partnership_id: int) -> Iterator[None]:
    """Let a stranger ask for a one-time link at a partnership: of it nothing but its links is seen.

    `by` is the operator, under whose name the trail has it; none of the operator's rights are told.
    """
    told = {"hub.partnership_id": str(partnership_id), PURPOSE: Purpose.LINK}
    with _acting_without_rights(by, told):
        yield


@contextmanager
def acting_by_link(by: "User", partnership_id: int, link_id: int) -> Iterator[None]:
    """Act for the holder of a one-time link, who sees it and the referral sent by it; `by` as above."""
    told = {"hub.partnership_id": str(partnership_id), "hub.link": str(link_id)}
    with _acting_without_rights(by, told):
        yield


@contextmanager
def _acting_without_rights(by: "User", told: dict[str, str]) -> Iterator[None]:
    with transaction.atomic():
        before = _told()
        _tell({**dict.fromkeys(SETTINGS, ""), "hub.user_id": str(by.pk), **told})
        yield
        _tell(before)


def _told() -> dict[str, str]:
    """What the transaction was told so far; if what follows fails, its end undoes the telling by itself."""
    shown = ", ".join("coalesce(current_setting(%s, true), '')" for _name in SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {shown}", SETTINGS)  # names are placeholders
        return dict(zip(SETTINGS, cursor.fetchone(), strict=True))


def _tell(settings: dict[str, str]) -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("The second wall is told who acts inside a transaction.")
    each = ", ".join("set_config(%s, %s, true)" for _name in settings)
    values = [text for pair in settings.items() for text in pair]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}", values)  # names are placeholders
