"""Opening and sending the forms of a child's case, for the stories about them."""

from typing import Any

from django.test import Client

from tests.cast import Cast
from tests.recording import typed


def at(cast: Cast, rest: str) -> str:
    """An address of the child whom a charity supports."""
    return f"/children/{cast.shared.child_id}/{rest}"


def send(client: Client, address: str, **answers: Any) -> Any:
    """Open a form, type into it as it stands, and send it."""
    return client.post(address, typed(client.get(address), **answers))
