"""Who is let in, and what each role may do: proved on real engines."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import errors

from hub.engines import actions
from tests.hub.engines.tools import (
    as_root,
    ask,
    ask_superuser,
    connect,
    mode,
    places_of,
)


class TestWhoIsLetIn:
    @pytest.mark.parametrize("role", ["postgres", "hub_owner", "hub_app"])
    def test_nobody_enters_with_a_wrong_password(self, folder: Path, role: str) -> None:
        url = actions.urls(folder).database_url
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            connect(url, user=role, password="not-the-password")

    def test_nobody_enters_without_a_password(self, folder: Path) -> None:
        with pytest.raises(psycopg2.OperationalError, match="no password supplied"):
            connect(actions.urls(folder).database_url, user="postgres", password="")

    def test_every_door_is_a_socket_that_asks_for_scram(self, folder: Path) -> None:
        rules = ask_superuser(folder, "SELECT type, user_name, auth_method FROM pg_hba_file_rules")
        assert rules == [
            ("local", ["all"], "scram-sha-256"),
            ("local", ["postgres"], "scram-sha-256"),  # who copies the whole cluster
        ]
        assert ask_superuser(folder, "SHOW listen_addresses") == [("",)]

    def test_what_was_acknowledged_is_on_disk(self, folder: Path) -> None:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert ask_superuser(folder, f"SHOW {setting}") == [("on",)]

    @as_root
    def test_another_user_cannot_reach_the_sockets(self, folder: Path) -> None:
        code = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        for engine in ("postgres", "valkey"):
            tried = subprocess.run(
                ["/usr/bin/env", "python3", "-c", code, str(places_of(folder).socket(engine))],
                user=65534,
                group=65534,
                extra_groups=[],
                env={"PATH": "/usr/bin:/bin"},
                capture_output=True,
                text=True,
            )
            assert "PermissionError" in tried.stderr

    def test_the_folders_are_closed_and_those_above_stay_as_they_were(self, own: Path) -> None:
        own.parent.chmod(0o755)
        actions.ensure(own)
        places = places_of(own)
        assert mode(own.parent) == 0o755
        for path in (own, places.logs, places.run, places.sockets):
            assert mode(path) == 0o700, path
        assert mode(places.data("postgres")) == mode(places.data("valkey")) == 0o700
        assert mode(places.home) & 0o007 == 0
        assert mode(places.secrets) == 0o600
        assert all(mode(log) == 0o600 for log in places.logs.iterdir())


class TestWhatTheRolesMayDo:
    @pytest.fixture
    def table(self, folder: Path) -> Iterator[str]:
        url = actions.urls(folder).owner_database_url
        ask(url, "CREATE TABLE story (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
        yield "story"
        ask(url, "DROP TABLE story")

    def test_the_application_reads_and_writes_rows(self, folder: Path, table: str) -> None:
        url = actions.urls(folder).database_url
        ask(url, f"INSERT INTO {table} (word) VALUES ('one'), ('two')")
        ask(url, f"UPDATE {table} SET word = 'three' WHERE word = 'two'")
        assert ask(url, f"SELECT word FROM {table} ORDER BY 1") == [("one",), ("three",)]
        ask(url, "CREATE TEMPORARY TABLE staged (word text)")

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TABLE mine (id int)",
            "DROP TABLE story",
            "TRUNCATE story",
            "DELETE FROM story",
            "ALTER TABLE story ADD COLUMN more text",
            "SET ROLE hub_owner",
            "SET ROLE postgres",
            "CREATE DATABASE mine",
            "CREATE ROLE mine",
            "SELECT rolpassword FROM pg_authid",
            "COPY story FROM PROGRAM 'true'",
        ],
    )
    def test_the_application_may_do_nothing_else(
        self, folder: Path, table: str, statement: str
    ) -> None:
        with pytest.raises((errors.InsufficientPrivilege, errors.InvalidParameterValue)):
            ask(actions.urls(folder).database_url, statement)

    def test_neither_role_passes_row_security_by_right(self, folder: Path) -> None:
        found = ask_superuser(
            folder,
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles"
            " WHERE rolname LIKE 'hub%' ORDER BY 1",
        )
        assert found == [("hub_app", False, False, False), ("hub_owner", False, False, True)]
        members = "SELECT member::regrole::text, roleid::regrole::text, inherit_option"
        found = ask_superuser(folder, f"{members} FROM pg_auth_members WHERE member > 16000")
        assert found == [("hub_owner", "hub_app", False)]  # it may step down, never up

    def test_a_test_database_gives_the_application_the_same(self, folder: Path) -> None:
        found = actions.urls(folder)
        ask(found.owner_database_url, "CREATE DATABASE trial")
        try:
            ask(found.owner_database_url, "CREATE TABLE story (word text)", dbname="trial")
            ask(found.database_url, "INSERT INTO story VALUES ('one')", dbname="trial")
            with pytest.raises(errors.InsufficientPrivilege):
                ask(found.database_url, "CREATE TABLE mine (id int)", dbname="trial")
        finally:
            ask(found.owner_database_url, "DROP DATABASE trial")
