"""Passing the second wall in tests: the owner, as whom tests run, steps down for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import Client

from hub.access.rules import SETTINGS

APPLICATION = "hub_app"
FORGET = "SELECT " + ", ".join(f"set_config('{name}', '', true)" for name in SETTINGS)


@contextmanager
def as_application() -> Iterator[None]:
    """Let the database treat this connection as it treats web and workers, who may be told nothing yet."""
    _run("SET ROLE " + APPLICATION)
    try:
        yield
    finally:
        _run("RESET ROLE")
        _run(FORGET)


def _run(statement: str) -> None:
    # By the driver: what a test counts or breaks of Django's own cursors is none of this.
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def requests_as_application() -> Iterator[None]:
    """Let every request of Django's test client pass the second wall, as in production."""
    plain = Client.request

    def request(client: Client, **environment: Any) -> Any:
        with as_application():
            return plain(client, **environment)

    with patch.object(Client, "request", request):
        yield
