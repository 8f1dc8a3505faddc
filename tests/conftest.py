"""What every test can ask for."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.second_wall import requests_as_application

pytest_plugins = ["tests.laid", "tests.cast"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let the trail be emptied here, where a test that really commits empties every table after it."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keep_whole'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER keep_whole")


@pytest.fixture(autouse=True)
def pages_pass_the_second_wall(
    request: pytest.FixtureRequest, scales_are_there: None
) -> Iterator[None]:
    """Answer every request of the test client as the application's role, on which row security acts.

    Not where a test really commits: there the client's connection is the web server's own to open.
    """
    if "db" not in request.fixturenames:
        yield
        return
    with requests_as_application():
        yield
