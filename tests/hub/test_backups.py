"""The inventory of a backup: what is missing, new or other in a restored database is named, and no more.

That a real dump comes back alike is tests/drill/test_restore.py: it needs two servers.
"""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.backups import actions, queries
from hub.backups.actions import back_up
from hub.backups.queries import require_whole_sight, take_inventory
from hub.backups.rules import (
    Inventory,
    as_read_back,
    counted_anew,
    differences,
    epoch_after,
    how_much,
    read_inventory,
    written,
)
from hub.errors import NotAllowed, RuleBroken
from tests.cast import Cast
from tests.second_wall import as_application

# What each planted fault does to the database, and how its difference begins.
PLANTED = {
    "DROP POLICY seen ON referrals_child": "policy seen on public.referrals_child: is missing",
    "CREATE POLICY wide ON referrals_episode USING (true)": "policy wide on public.referrals_episode",
    "ALTER POLICY seen ON referrals_note USING (true)": "policy seen on public.referrals_note: was",
    "ALTER TABLE referrals_alias NO FORCE ROW LEVEL SECURITY": "relation public.referrals_alias: was",
    "UPDATE hub_user SET name = name || '.' WHERE username = 'amira'": "rows public.hub_user: was",
    "REVOKE SELECT ON risk_risklevel FROM hub_app": "right SELECT on relation public.risk_risklevel to",
    "GRANT UPDATE ON hub_auditevent TO hub_app": "right UPDATE on relation public.hub_auditevent to",
    "REVOKE EXECUTE ON FUNCTION hub_sees_all() FROM PUBLIC": "right EXECUTE on function public.hub_sees",
    "ALTER TABLE referrals_child DISABLE TRIGGER USER": "trigger see_insert on public.referrals_child: was",
    "DROP TRIGGER see_update ON hub_user": "trigger see_update on public.hub_user: is missing",
    "CREATE OR REPLACE FUNCTION hub_user() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint'": (
        "function public.hub_user(): was"
    ),
    "DROP INDEX unique_authenticator_type": "index public.unique_authenticator_type: is missing",
    "ALTER TABLE hub_preferences DROP CONSTRAINT hub_preferences_keys": (
        "constraint hub_preferences_keys on public.hub_preferences: is missing"
    ),
    "ALTER TABLE partners_agency ALTER COLUMN name DROP NOT NULL": "column public.partners_agency.name: was",
    "SELECT setval('hub_user_id_seq', 1, false)": "sequence public.hub_user_id_seq: was set back from",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT DELETE ON TABLES TO hub_app": (
        "right from the start DELETE on kind r"
    ),
    "CREATE TABLE left_over (id bigint)": "relation public.left_over: was not there",
}


def inventory() -> Inventory:
    with connection.cursor() as cursor:
        return take_inventory(cursor)


@pytest.mark.django_db
def test_every_planted_difference_is_named_and_without_one_nothing_is(cast: Cast) -> None:
    before = inventory()
    assert len(before["rows"]) > 80
    assert before["rows"]["public.hub_user"].split()[0] == str(User.objects.count())
    with connection.cursor() as cursor:
        for statement in PLANTED:
            cursor.execute(statement)
    after = inventory()
    named = list(differences(before, after))
    for statement, begins in PLANTED.items():
        assert any(one.startswith(begins) for one in named), statement
    assert list(differences(before, read_inventory(written(before)))) == []


def test_a_sequence_may_have_gone_on_and_nothing_else_may_differ() -> None:
    before: Inventory = {"sequence": {"s": "41"}, "rows": {"t": "1 rows, sha256 a"}}
    assert list(differences(before, {**before, "sequence": {"s": "42"}})) == []
    assert list(differences(before, {**before, "sequence": {"s": "40"}})) == [
        "sequence s: was set back from 41 to 40"
    ]
    assert list(differences(before, {"rows": {"u": "1 rows, sha256 a"}})) == [
        "rows t: is missing",
        "rows u: was not there",
        "sequence s: is missing",
    ]
    long = list(differences({"policy": {"p": "x" * 400}}, {"policy": {"p": "y"}}))
    assert long == [f"policy p: was {'x' * 300}..., is y"]


def test_a_list_of_words_that_a_restore_writes_otherwise_is_no_difference() -> None:
    made = "CHECK (((keys)::text = ANY ((ARRAY[''::character varying, 'it''s'::character varying])::text[])))"
    back = (
        "CHECK (((keys)::text = ANY (ARRAY[(''::character varying)::text,"
        " ('it''s'::character varying)::text])))"
    )
    assert as_read_back(made) == back == as_read_back(back)
    assert list(differences({"constraint": {"c": made}}, {"constraint": {"c": back}})) == []
    other = back.replace("it''s", "its")
    assert len(list(differences({"constraint": {"c": made}}, {"constraint": {"c": other}}))) == 1


def test_an_inventory_says_how_much_it_holds() -> None:
    held: Inventory = {"rows": {"a": "1200 rows, sha256 x", "b": "34 rows, sha256 y"}, "type": {}}
    assert how_much(held) == "1,234 rows; by kind: 2 rows"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"rows": []}', '{"rows": {"a": 1}}'])
def test_what_is_no_inventory_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    path.write_text(text)
    with pytest.raises(CommandError, match=r"found\.json cannot be read"):
        call_command("check_restored", str(path))


@pytest.mark.parametrize(("known", "epoch"), [(0, 1), (2**32 - 1, 1), (2**32, 2), (7 * 2**32, 8)])
def test_the_epoch_after_a_transaction_is_past_it(known: int, epoch: int) -> None:
    assert epoch_after(known) == epoch
    assert epoch * 2**32 > known
    assert list(counted_anew(known + 1, known)) == []
    assert f"--epoch={epoch} " in next(counted_anew(known, known))


# --- making one --------------------------------------------------------------------------------------


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's own transaction has begun long ago, and can be kept to no moment."""
    monkeypatch.setattr(actions, "export_snapshot", lambda _cursor: "00000001-1")
    monkeypatch.setattr(queries, "export_snapshot", lambda _cursor: "00000001-1")


def pg_dump(folder: Path, deed: str) -> Path:
    """A program that stands for pg_dump: it writes down how it was called, and does a deed."""
    program = folder / "pg_dump"
    file = "for word; do case $word in --file=*) f=${word#--file=};; esac; done"
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/called\n{file}\n{deed}\n')
    program.chmod(0o700)
    return program


@pytest.mark.django_db
@pytest.mark.usefixtures("one_moment")
def test_a_backup_is_two_private_files_and_an_event_with_their_digests(
    cast: Cast, tmp_path: Path
) -> None:
    to, said = tmp_path / "backups", StringIO()
    program = pg_dump(tmp_path, "echo copy > $f")
    call_command("back_up", "--to", str(to), "--pg-dump", str(program), stdout=said)
    dump, held = (Path(line) for line in said.getvalue().splitlines()[:2])
    assert (dump.read_text(), sorted(to.iterdir())) == ("copy\n", [dump, held])
    assert {path.stat().st_mode & 0o777 for path in (dump, held)} == {0o600}
    called = (tmp_path / "called").read_text()
    assert "--snapshot=00000001-1" in called
    assert "--enable-row-security" in called
    assert connection.settings_dict["PASSWORD"] not in called
    event = AuditEvent.objects.get(event="hub.backed_up")
    assert (event.reference, event.user_id, set(event.after or {})) == (
        dump.stem, operator().pk, {"dump", "json"},
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.usefixtures("one_moment")
def test_what_came_back_otherwise_is_named_and_ends_with_1(cast: Cast, tmp_path: Path) -> None:
    noted = tmp_path / "noted.json"
    noted.write_text(json.dumps(inventory() | {"policy": {"gone on t": "x"}}))
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_restored", str(noted), stdout=said)
    assert "policy gone on t: is missing" in said.getvalue()


@pytest.mark.django_db
@pytest.mark.usefixtures("one_moment")
def test_a_counter_behind_the_trail_is_told_with_the_command_that_puts_it_right(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted, said = tmp_path / "noted.json", StringIO()
    noted.write_text(written(inventory()))
    call_command("check_restored", str(noted), stdout=said)
    assert said.getvalue().startswith("The same as when it was backed up: ")
    monkeypatch.setattr(queries, "COUNTED", f"SELECT 900, {2**32 + 5}")
    with pytest.raises(SystemExit):
        call_command("check_restored", str(noted), stdout=said)
    assert "pg_resetwal --epoch=2 on its data folder" in said.getvalue()


@pytest.mark.django_db
@pytest.mark.usefixtures("one_moment")
def test_a_role_from_which_rows_are_hidden_makes_no_backup_and_checks_none(
    cast: Cast, tmp_path: Path
) -> None:
    with connection.cursor() as cursor:
        require_whole_sight(cursor)
    noted = tmp_path / "noted.json"
    noted.write_text(written(inventory()))
    by = operator()
    with as_application():
        with pytest.raises(RuleBroken, match=r"hide rows of .*hub_auditevent, .* superuser"):
            back_up(to=tmp_path / "to", program=tmp_path, now=timezone.now(), by=by)
        with pytest.raises(CommandError, match="Run this as the owner"):
            call_command("check_restored", str(noted))
    assert list((tmp_path / "to").iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "DROP POLICY owner ON referrals_child",
        "ALTER POLICY owner ON referrals_child USING (id > 0)",
        "CREATE POLICY less ON referrals_child AS RESTRICTIVE FOR SELECT USING (id > 0)",
    ],
)
def test_a_table_of_which_the_owner_may_not_see_all_is_found(cast: Cast, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        with pytest.raises(RuleBroken, match="hide rows of referrals_child from this role"):
            require_whole_sight(cursor)


@pytest.mark.django_db
@pytest.mark.usefixtures("one_moment")
def test_a_copy_that_fails_leaves_no_file_and_no_event(cast: Cast, tmp_path: Path) -> None:
    program = pg_dump(tmp_path, "echo half > $f; echo 'disk is full' >&2; exit 1")
    with pytest.raises(CommandError, match="pg_dump did not make the copy: disk is full"):
        call_command("back_up", "--to", str(tmp_path / "to"), "--pg-dump", str(program))
    assert list((tmp_path / "to").iterdir()) == []
    assert not AuditEvent.objects.filter(event="hub.backed_up").exists()


def test_nobody_but_the_operator_makes_a_backup(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"to": tmp_path / "to", "program": tmp_path, "now": timezone.now()}
    with pytest.raises(NotAllowed):
        back_up(**asked, by=User(username="amira"))
    assert not (tmp_path / "to").exists()
