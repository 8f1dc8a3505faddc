"""Requests through the hub's own handler, on few connections that people take turns on.

Besides the hub's pages there is one that forgets every filter: it gives all the rows that the database shows.
"""

import io
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path

from hub.site.middleware import with_room, without_codecs
from referrals.notes.models import Note
from tests.cast import Cast
from tests.kinds_of_record import Record
from tests.parts_of_record import CANARY, Kind, Part, may_meet, part_of

# One table of each part of a record.
TABLES = {
    "referrals_child": Part.SHOWN,
    "referrals_note": Part.WHOLE,
    "risk_crime": Part.POLICE,
    "reporting_importconflict": Part.CONFLICTS,
}
EVERY_ROW = " UNION ALL ".join(f"SELECT '{table}', array_agg(id) FROM {table}" for table in TABLES)


def every_row(request: HttpRequest) -> HttpResponse:
    """All that the database shows; sometimes as a fault, after which everything is undone."""
    with connection.cursor() as cursor:
        cursor.execute(EVERY_ROW)
        found = {table: numbers or [] for table, numbers in cursor.fetchall()}
    return JsonResponse(found, status=500 if "fault" in request.GET else 200)


application = with_room(without_codecs(WSGIHandler()))  # as hub/wsgi.py makes it
urlpatterns = [path("every-row/", every_row, name="every-row"), path("", include("hub.urls"))]


@dataclass(frozen=True)
class Person:
    """Somebody signed in: the cookie that says so, and the rows of the records that are theirs, by table."""

    name: str
    cookie: str
    theirs: dict[str, set[int]]


def people_of(cast: Cast, records: dict[Kind, Record]) -> list[Person]:
    """Everybody, and one who is not signed in."""
    return [_person(name, cast, records) for name in (*cast.people, "stranger")]


def _part_of(table: str, number: int, part: Part) -> Part:
    return part if table != "referrals_note" else part_of(Note.objects.get(pk=number))


def _person(name: str, cast: Cast, records: dict[Kind, Record]) -> Person:
    client = Client()
    if name in cast.people:
        client.force_login(cast.people[name])
    morsel = client.cookies.get(settings.SESSION_COOKIE_NAME)
    theirs = {
        table: {
            number
            for record in records.values()
            for number in record.rows[table]
            if name in may_meet(record.kind, _part_of(table, number, part), on_the_trail=False)
        }
        for table, part in TABLES.items()
    }
    return Person(name, f"{morsel.key}={morsel.value}" if morsel else "", theirs)


def requested(address: str, cookie: str) -> tuple[int, str]:
    """Ask the handler as a web server does, and end the request as one does."""
    place, _mark, query = address.partition("?")
    asked: dict[str, Any] = {"PATH_INFO": place, "QUERY_STRING": query, "HTTP_COOKIE": cookie}
    asked |= {"HTTP_HOST": "testserver", "wsgi.input": io.BytesIO(), "REQUEST_METHOD": "GET"}
    setup_testing_defaults(asked)
    said: list[str] = []
    answer = application(asked, lambda status, _headers, _fault=None: said.append(status))  # type: ignore[arg-type]
    try:
        return int(said[0].split()[0]), b"".join(answer).decode()
    finally:
        close: Callable[[], None] = getattr(answer, "close", lambda: None)
        close()


@dataclass
class Turns:
    """How many requests there were of each sort, and what was wrong."""

    until: float
    unfiltered: int = 0
    pages: int = 0
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def taken(self, *, page: bool, wrong: list[str]) -> None:
        with self.lock:
            self.pages += page
            self.unfiltered += not page
            self.wrong += wrong


def take_turns(
    people: list[Person],
    records: dict[Kind, Record],
    dice: random.Random,
    number: int,
    turns: Turns,
) -> None:
    """So many requests, one after the other on this thread's one connection; every fiftieth is a page."""
    known = {
        table: {n for record in records.values() for n in record.rows[table]} for table in TABLES
    }
    for turn in range(number):
        if time.monotonic() > turns.until:
            break
        person = dice.choice(people)
        if turn % 50 == 0:
            child = dice.choice(list(records.values())).child.pk
            address = dice.choice(("/", "/episodes/", f"/children/{child}/"))
            _status, said = requested(address, person.cookie)
            turns.taken(
                page=True,
                wrong=[f"{person.name} {address} {w}" for w in _foreign(person.name, said)],
            )
        else:
            fault = "?fault" if dice.random() < 0.2 else ""
            status, said = requested(f"/every-row/{fault}", person.cookie)
            turns.taken(page=False, wrong=list(_misseen(person, known, status, said)))
    connections.close_all()


def _foreign(name: str, said: str) -> Iterator[str]:
    for found in CANARY.finditer(said):
        kind, part, trail = Kind(found[1].lower()), Part(found[2].lower()), found[3].lower() in "tn"
        if name not in may_meet(kind, part, on_the_trail=trail):
            yield found[0]


def _misseen(person: Person, known: dict[str, set[int]], status: int, said: str) -> Iterator[str]:
    """A stranger is led to sign in; anybody else is shown their own rows of the records and no others."""
    if person.name == "stranger":
        if status != 302:
            yield f"a stranger was answered {status}"
        return
    shown = json.loads(said)
    for table, numbers in shown.items():
        if {*numbers} & known[table] != person.theirs[table]:
            yield f"{person.name} was shown {numbers} of {table}"
