"""The second wall: the database itself shows nobody more than they may see, whatever is asked of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from django.db.transaction import TransactionManagementError
from django.test import Client

from hub.access.context import act_as, acting_as, acting_for
from hub.access.rules import Purpose
from hub.accounts.actions import operator
from hub.accounts.models import User
from tests.cast import PEOPLE, Cast, ClientFor
from tests.laid import KINDS, TABLE, lay_the_cast
from tests.second_wall import as_application
from tests.whole_case import make_whole_case

# Without a policy, and why: no row of theirs tells of a child.
OPEN_TABLES = {
    "hub_user": "who signs in must be found before anything can be told",
    "hub_remembered": "attempts to sign in and codes used, by account; no case",
    "mfa_authenticator": "second factors, encrypted; read before the person is known",
    "usersessions_usersession": "where people are signed in; each sees their own",
    "account_emailaddress": "allauth's own; empty, for accounts have no e-mail address",
    "account_emailconfirmation": "likewise",
    "socialaccount_socialaccount": "by which number an agency's provider knows a person",
    "socialaccount_socialapp": "empty: providers stand in a file",
    "socialaccount_socialtoken": "empty: tokens are not kept",
    "hub_heartbeat": "when a worker was last at work",
    "hub_seal": "digests of the trail, and how many events and changes each covers",
    "django_session": "a session is found by its random key, before the person is known",
    "django_migrations": "Django's own list",
    "django_content_type": "Django's own list",
    "auth_permission": "Django's own list",
    "auth_group": "names of agencies and services, as those to whom a child is granted",
    "auth_group_permissions": "Django's own list",
    "guardian_userobjectpermission": "empty, and not to be written: grants stand in tables of our own",
    "guardian_groupobjectpermission": "empty, and not to be written: grants stand in tables of our own",
    "partners_partnership": "names of hubs and their settings",
    "partners_partnership_boundary_sets": "which wards a hub has",
    "partners_boundaryset": "published geography",
    "partners_ward": "published geography",
    "partners_agency": "names and telephones of agencies; a person's own is read to know what they are",
    "partners_post": "who works where; read to know what a person is",
    "partners_renewal": "who starts anew is found by their code, before they are known",
    "partners_absence": "which worker is away and who covers; of no child",
    "partners_newlyqualified": "which worker is newly qualified; asked when a case is given out",
    "partners_service": "names of services; read to know what a charity's worker is",
    "partners_sharingagreement": "what agencies agreed; read to know what a charity's worker may see",
    "partners_machinetoken": "a token is found by its digest, before anybody is known",
    "partners_machineuse": "when a token was last used",
    "risk_riskscale": "names of scales",
    "risk_scalelevel": "names of levels",
}
# Here the wall lets through more than `visible_to`, for a reason.
WIDER = {
    "reporting_release": "the next release is checked against those with other partnerships too"
}
KEYS = {"hub_preferences": "user_id"}


def rows(statement: str, *values: Any) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[object, ...]] = cursor.fetchall()
    return found


def numbers(table: str) -> set[object]:
    """What the database itself gives to one who asks for everything."""
    key = KEYS.get(table, "id")
    return {number for (number,) in rows(f"SELECT {key} FROM {table}")}


def walled_tables() -> list[str]:
    return [name for (name,) in rows(WALLED)]  # type: ignore[misc]  # a name is a str


TABLES = """
SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
    AND relnamespace = 'public'::regnamespace ORDER BY 1
"""
WALLED = TABLES.replace("ORDER", "AND relrowsecurity AND relforcerowsecurity ORDER")


@contextmanager
def seeing_as(user: User) -> Iterator[None]:
    with as_application(), transaction.atomic():
        act_as(user)
        yield


def _lay_whole_cases() -> Cast:
    cast: Cast = lay_the_cast()
    make_whole_case(cast)
    return cast


KINDS |= {"whole": _lay_whole_cases}


@pytest.fixture
def whole(cast: Cast) -> Cast:
    """The cast, and a row of each kind in each district's case."""
    assert TABLE.kind == "whole"
    return cast


# --- nothing is forgotten --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_table_stands_behind_the_wall_or_on_the_list_of_those_that_need_none() -> None:
    every = {name for (name,) in rows(TABLES)}
    assert every - set(walled_tables()) == set(OPEN_TABLES)


@pytest.mark.django_db
def test_no_table_on_that_list_reaches_a_child() -> None:
    told = rows(
        "SELECT DISTINCT table_name::text FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name IN ('child_id', 'episode_id', 'victim_child_id', 'crime_id', 'suspect_id')"
    )
    assert {name for (name,) in told}.isdisjoint(OPEN_TABLES)


@pytest.mark.django_db
def test_a_part_of_a_table_cannot_be_asked_past_the_wall_of_the_whole() -> None:
    parts = "SELECT relname::text FROM pg_class WHERE relispartition AND relkind = 'r'"
    may = "SELECT has_table_privilege('hub_app', %s, 'SELECT, INSERT, UPDATE, DELETE')"
    assert [name for (name,) in rows(parts) if rows(may, name) == [(True,)]] == []


@pytest.mark.django_db
def test_each_case_has_a_row_in_every_table_so_that_these_stories_can_fail(whole: Cast) -> None:
    own = {"hub_draft", "hub_sentform", "hub_preferences", "referrals_savedfilter"}
    assert [table for table in walled_tables() if table not in own and not numbers(table)] == []


# --- nothing told: nothing seen -----------------------------------------------------------------------


def test_without_a_word_of_who_acts_every_table_is_empty(whole: Cast) -> None:
    tables = walled_tables()
    with as_application():
        assert {table: numbers(table) for table in tables} == {table: set() for table in tables}


def test_what_was_told_ends_with_the_transaction(whole: Cast, amira: User) -> None:
    with as_application():
        with transaction.atomic():
            act_as(amira)
            assert numbers("referrals_child")
            transaction.set_rollback(True)
        assert numbers("referrals_child") == set()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nobody_can_be_told_of(transactional_db: None) -> None:
    with pytest.raises(TransactionManagementError):
        act_as(operator())


def test_who_acts_for_a_while_leaves_what_was_told_before(whole: Cast, amira: User) -> None:
    with seeing_as(amira):
        before = numbers("referrals_child")
        with acting_as(whole.people["erin"]):
            assert numbers("referrals_child").isdisjoint(before)
        assert numbers("referrals_child") == before


# --- both walls agree -----------------------------------------------------------------------------------


def scoped_models() -> list[type[models.Model]]:
    """Every table whose rows are asked for through `visible_to`, and that stands behind the wall."""
    every = (model for model in apps.get_models() if hasattr(model._default_manager, "visible_to"))
    return [model for model in every if model._meta.db_table not in OPEN_TABLES]


def test_the_database_shows_each_person_exactly_what_the_application_does(whole: Cast) -> None:
    told: list[str] = []
    for name, user in [*whole.people.items(), ("the operator", operator())]:
        allowed = {
            model._meta.db_table: set(
                model._default_manager.visible_to(user).values_list("pk", flat=True)  # type: ignore[attr-defined]  # a scoped manager
            )
            for model in scoped_models()
        }
        with seeing_as(user):
            for table, expected in allowed.items():
                seen = numbers(table)
                if not (expected <= seen if table in WIDER else expected == seen):
                    told.append(f"{name} {table}: {seen} instead of {expected}")
    assert told == []


def test_the_cast_sees_different_things_so_that_agreement_says_something(whole: Cast) -> None:
    seen = {}
    for name in PEOPLE:
        with seeing_as(whole.people[name]):
            seen[name] = frozenset(numbers("referrals_child"))
    assert len(seen["amira"]) == 2
    assert len(seen["chloe"]) == 1
    assert len(seen["erin"]) == 2
    assert not seen["femi"]
    assert not seen["sid"]


# --- writing -----------------------------------------------------------------------------------------------


def refused(statement: str, *values: str | int) -> bool:
    """Whether the database refuses a statement, or does nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return bool(cursor.rowcount == 0)
    except ProgrammingError:
        return True


def test_nobody_writes_into_another_partnership(whole: Cast, amira: User) -> None:
    new = "INSERT INTO referrals_alias (child_id, partnership_id, name, kind, position, known_from,"
    new += " recorded_by_id, reason) VALUES (%s, %s, 'Kit', '', 9, now(), %s, '')"
    with seeing_as(amira):
        assert not refused(new, whole.shared.child_id, whole.bradford.pk, amira.pk)
        assert refused(new, whole.elsewhere.child_id, whole.kirklees.pk, amira.pk)
        assert refused(
            "UPDATE referrals_child SET surname = 'X' WHERE id = %s", whole.elsewhere.child_id
        )
        assert refused("UPDATE referrals_child SET partnership_id = %s", whole.kirklees.pk)


def test_who_sees_a_shared_case_does_not_write_it(whole: Cast, chloe: User) -> None:
    with seeing_as(chloe):
        assert numbers("referrals_episode") == {whole.shared.pk}
        assert refused("UPDATE referrals_episode SET level = 'LOW'")


@pytest.mark.parametrize("deed", ["DELETE FROM", "TRUNCATE"])
def test_the_application_empties_no_table_of_cases(whole: Cast, amira: User, deed: str) -> None:
    housekeeping = {"hub_draft", "hub_sentform", "referrals_savedfilter"}
    tables = [table for table in walled_tables() if deed == "TRUNCATE" or table not in housekeeping]
    with seeing_as(amira):
        assert [table for table in tables if not refused(f"{deed} {table}")] == []


def test_a_report_counts_every_case_for_one_who_may_open_none(whole: Cast) -> None:
    with seeing_as(whole.people["bea"]):
        assert numbers("referrals_episode") == set()
        with acting_for(Purpose.REPORT):
            assert numbers("referrals_episode") == {whole.shared.pk, whole.unshared.pk}
        assert numbers("referrals_episode") == set()


# --- each wall holds alone -----------------------------------------------------------------------------


def test_pages_are_answered_by_the_applications_role(client_for: ClientFor, amira: User) -> None:
    """The whole suite asks its pages as that role (tests/conftest.py): this says that it does."""
    asked: list[object] = []

    def note(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        if not asked:
            asked.append(None)
            asked.append(rows("SELECT current_user, hub_user()"))
        return execute(sql, params, many, context)  # type: ignore[operator]  # Django's own wrapper

    browser = client_for(amira)
    with connection.execute_wrapper(note):
        browser.get("/")
    assert asked[1] == [("hub_app", None)]


def test_with_the_applications_wall_open_a_page_still_shows_nothing_hidden(
    whole: Cast, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = {"amira": "Brightmore", "erin": "Marden", "chloe": "Quillan", "femi": "Marden"}
    for model in scoped_models():
        monkeypatch.setattr(
            model._default_manager.none().__class__, "visible_to", lambda self, user: self
        )
    for name, surname in hidden.items():
        browser: Client = client_for(whole.people[name])
        pages = ["/", "/episodes/", *(f"/children/{c}/" for c in numbers("referrals_child"))]
        for page in pages:
            assert surname not in browser.get(page).content.decode(), (name, page)
