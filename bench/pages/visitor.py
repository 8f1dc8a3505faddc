"""Somebody at the hub's door, and what any page knows of them."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.template import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.test.utils import instrumented_test_render as _noting  # type: ignore[attr-defined]  # is there
from django.utils import timezone

from hub.access.gate import standing_of
from hub.accounts.models import User
from hub.days.rules import london_date
from reporting.demo.rules.accounts import PASSWORD

# What differs from one answer to the next: tokens and keys of forms, and the seconds that a session has left.
PASSING = re.compile(r'name="(?:csrfmiddlewaretoken|once)" value="[\w-]+"|data-ends="\d*"')


@dataclass(frozen=True)
class Visitor:
    """A person of the demo, signed in, and the day on which they look."""

    user: User
    client: Client
    today: date

    @property
    def partnership(self) -> int:
        """The number of their partnership."""
        standing = standing_of(self.user)
        return (standing.partnership_id if standing else None) or 0

    def open(self, address: str) -> str:
        """Open a page through the whole application: session, rights, trail, layout."""
        response = self.client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        return response.content.decode()

    def search(self, texts: list[str]) -> list[str]:
        """Have these searched for, and give the addresses of their results.

        They are put where the search box keeps what was sent, which would keep the last few only.
        """
        session, now = self.client.session, timezone.now().isoformat()
        kept = {str(number): {"text": text, "at": now} for number, text in enumerate(texts)}
        session["searches"] = kept
        session.save()
        return [f"/search/{number}/" for number in kept]

    def queries(self, address: str) -> int:
        """Count what a page asks of the database, its transaction's words included."""
        with CaptureQueriesContext(connection) as captured:
            self.open(address)
        return len(captured)

    def context(self, address: str) -> dict[str, Any]:
        """Give what a page hands its template, the layout's part included, ready-made."""
        with patch.object(Template, "_render", _noting):
            response: Any = self.client.get(address)
        return dict(response.context[0].flatten())


def sign_in(username: str) -> Visitor:
    """Sign a person of the demo in, by the page that everybody uses."""
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/", {"username": username, "password": PASSWORD})
    user = User.objects.get(username=username)
    return Visitor(user, client, london_date(timezone.now()))


def lines(html: str) -> list[str]:
    """Give a page's lines in an order of their own, for comparing with another's."""
    return sorted(filter(None, map(str.strip, PASSING.sub("", html).splitlines())))
