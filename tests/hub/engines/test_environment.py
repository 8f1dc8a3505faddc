"""What a command is given: engines, addresses and the right role."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import kombu
import pytest
import redis

from hub.engines import actions
from hub.engines.rules import (
    Urls,
    broker_url,
    cache_url,
    parse_database_url,
    plan,
)
from tests.hub.engines.tools import (
    ask,
)


class TestWhatACommandIsGiven:
    @pytest.fixture
    def bare(self, own: Path) -> Callable[..., dict[str, str]]:
        """Give a command line its environment, from one that names no server."""

        def provided(*argv: str, **given: str) -> dict[str, str]:
            kept = {"PATH": os.environ["PATH"], "HUB_DATA_DIR": str(own), **given}
            with mock.patch.dict(os.environ, kept, clear=True):
                actions.provide_environment(["manage.py", *argv])
                return dict(os.environ)

        return provided

    def test_servers_of_ones_own_spare_the_engines(
        self, own: Path, bare: Callable[..., dict[str, str]]
    ) -> None:
        theirs = {"DATABASE_URL": "postgresql://me@there/hub", "REDIS_URL": "redis://there/0"}
        found = bare("migrate", **theirs)
        assert {name: found[name] for name in theirs} == theirs
        assert "HUB_SECRET_KEY" not in found
        assert not own.exists()

    @pytest.mark.drill
    def test_only_the_missing_server_is_started(
        self, own: Path, bare: Callable[..., dict[str, str]]
    ) -> None:
        found = bare("shell", DATABASE_URL="postgresql://me@there/hub")
        assert found["DATABASE_URL"] == "postgresql://me@there/hub"
        assert [status.running for status in actions.status(data_dir=own)] == [False, True]
        found = bare("shell", REDIS_URL="redis://there/0")
        assert ask(found["DATABASE_URL"], "SELECT current_user") == [("hub_app",)]

    def test_a_lone_command_says_how_to_stop_what_it_started(
        self, bare: Callable[..., dict[str, str]], capsys: pytest.CaptureFixture[str]
    ) -> None:
        bare("shell", DATABASE_URL="postgresql://me@there/hub")
        assert "manage.py engines stop" in capsys.readouterr().err
        bare("shell", DATABASE_URL="postgresql://me@there/hub")
        assert capsys.readouterr().err == ""

    def test_migrations_run_as_the_owner_and_the_rest_as_the_application(
        self, folder: Path, bare: Callable[..., dict[str, str]]
    ) -> None:
        for word, role in (("migrate", "hub_owner"), ("shell", "hub_app"), ("test", "hub_owner")):
            found = bare(word, HUB_DATA_DIR=str(folder))
            assert ask(found["DATABASE_URL"], "SELECT current_user") == [(role,)]
            assert found["DATABASE_OWNER_URL"] == actions.urls(folder).owner_database_url
        theirs = {
            "DATABASE_URL": "postgresql://app@x/y",
            "DATABASE_OWNER_URL": "postgresql://o@x/y",
        }
        assert (
            bare("migrate", **theirs, REDIS_URL="redis://x")["DATABASE_URL"]
            == (theirs["DATABASE_OWNER_URL"])
        )

    @pytest.mark.parametrize("words", [[], ["help"], ["migrate", "--help"], ["--version"]])
    def test_a_question_starts_and_makes_nothing(
        self, own: Path, bare: Callable[..., dict[str, str]], words: list[str]
    ) -> None:
        assert "DATABASE_URL" not in bare(*words)
        assert not own.exists()

    def test_a_failure_is_a_message(self, own: Path, bare: Callable[..., dict[str, str]]) -> None:
        own.mkdir()
        (own / "notes.txt").write_text("mine")
        with pytest.raises(SystemExit, match="holds other files"):
            bare("shell")

    def test_pytest_is_the_owner_also_without_a_manage_py(self) -> None:
        assert plan(["/somewhere/pytest"], {}).as_owner
        assert plan(["manage.py", "erase_content"], {}).as_owner
        assert not plan(["/somewhere/manage.py"], {}).start


class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            (
                "postgresql://me:p%40ss%2Fw@db.example:5433/hub",
                {"NAME": "hub", "USER": "me", "PASSWORD": "p@ss/w", "HOST": "db.example",
                 "PORT": "5433"},
            ),
            (
                "postgres://me@/hub?host=/run/a%20b&port=5432",
                {"NAME": "hub", "USER": "me", "PASSWORD": "", "HOST": "/run/a b", "PORT": "5432"},
            ),
            (
                "postgresql://me@[::1]/h%20b?sslmode=require",
                {"NAME": "h b", "USER": "me", "PASSWORD": "", "HOST": "::1", "PORT": "",
                 "OPTIONS": {"sslmode": "require"}},
            ),
        ],
    )  # fmt: skip
    def test_a_database_address_is_read(self, url: str, expected: dict[str, object]) -> None:
        assert parse_database_url(url) == expected

    @pytest.mark.parametrize(
        ("url", "message"),
        [
            ("", "must start with postgresql"),
            ("mysql://me@x/hub", "must start with postgresql"),
            ("postgresql://me@x", "name one database"),
            ("postgresql://me@x/a/b", "name one database"),
            ("postgresql://x/hub", "name a user"),
            ("postgresql://me:secret@x:port/hub", "host or port cannot be read"),
            ("postgresql://me:secret@x:99999/hub", "host or port cannot be read"),
            ("postgresql://me@x/hub?port=0", "from 1 to 65535"),
            ("postgresql://me:sec#ret@x/hub", "host or port cannot be read"),
            ("postgresql://me@x/hub?sslmode", "name=value"),
            ("postgresql://me:secret@[x/hub", "host or port cannot be read"),
            ("postgresql://me@x/hub#rest", "%23"),
        ],
    )
    def test_a_bad_database_address_is_explained_without_its_password(
        self, url: str, message: str
    ) -> None:
        with pytest.raises(ValueError, match=message) as caught:
            parse_database_url(url)
        assert "secret" not in str(caught.value)

    def test_celery_and_the_cache_reach_the_same_server(self, folder: Path) -> None:
        url = actions.urls(folder).redis_url
        for form in (url, cache_url(url)):
            with kombu.Connection(broker_url(form)) as connection:
                connection.ensure_connection(max_retries=1)
            with redis.Redis.from_url(cache_url(form)) as client:
                assert client.ping()

    def test_a_redis_address_of_another_kind_is_refused(self) -> None:
        assert broker_url("redis://:pw@there:6379/2") == "redis://:pw@there:6379/2"
        assert broker_url("unix:///run/x.sock?db=3") == "redis+socket:///run/x.sock?virtual_host=3"
        for read in (broker_url, cache_url):
            with pytest.raises(ValueError, match="must start with redis"):
                read("amqp://there")

    def test_every_letter_of_a_password_survives_its_address(self) -> None:
        urls = Urls("postgresql://me:a%3A%2F%3F%23%5B%5D%40%25b@/hub?host=/x&port=5432", "", "")
        assert parse_database_url(urls.database_url)["PASSWORD"] == "a:/?#[]@%b"
