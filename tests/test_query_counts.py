"""A page asks the database as often of ten episodes as of three hundred, and for few rows as for many."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.accounts.models import User
from tests.cast import Cast, ClientFor
from tests.make import make_caseload

FEW, MANY = 10, 120
NARROWED = ("worker=mine", "level=MEDIUM", "service=without", "worker=nobody", "since=2026-03-01")
ORDERED = ("sort=name", "sort=-level", "sort=age", "sort=since", "sort=worker")


def _of_lists(client: Client) -> dict[str, int]:
    """Count the queries of every list, each opened once before."""
    addresses = ["/", *(f"/episodes/?{asked}&size=100" for asked in ORDERED)]
    addresses += ["/episodes/?size=25", "/episodes/?size=100", _search(client, "rowan")]
    return {address.partition("search/")[0]: _queries(client, address) for address in addresses}


def _search(client: Client, text: str) -> str:
    return str(client.post("/search/", {"text": text})["Location"])


def _queries(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_lists_and_pages_ask_the_same_of_ten_episodes_and_of_a_hundred_more(
    cast: Cast, erin: User, client_for: ClientFor
) -> None:
    client = client_for(erin)
    make_caseload(partnership=cast.kirklees, number=FEW, by=erin)
    few = _of_lists(client)
    make_caseload(partnership=cast.kirklees, number=MANY - FEW, by=erin)
    assert (
        f"1 to 100 of {MANY + 1} open episodes."
        in client.get("/episodes/?size=100").content.decode()
    )
    assert _of_lists(client) == few
    rows_and_queries = {}
    for size in (25, 50, 100):
        page = client.get(f"/episodes/?size={size}").content.decode()
        rows_and_queries[page.count('data-label="Name"')] = _queries(
            client, f"/episodes/?size={size}"
        )
    assert list(rows_and_queries) == [25, 50, 100]
    assert len(set(rows_and_queries.values())) == 1


@pytest.mark.parametrize("asked", NARROWED)
def test_a_narrowed_list_asks_as_often_as_the_whole(
    asked: str, cast: Cast, erin: User, client_for: ClientFor
) -> None:
    """How many there are is known from who leads them, but where one asks for one's own."""
    client = client_for(erin)
    [left, *_others] = make_caseload(partnership=cast.kirklees, number=FEW, by=erin)
    left.lead_worker = ""
    left.save(update_fields=["lead_worker"])
    assert "Rowan" in client.get(f"/episodes/?{asked}").content.decode()
    own = "worker=mine" in asked
    assert _queries(client, f"/episodes/?{asked}") == _queries(client, "/episodes/") + own


@pytest.mark.long
def test_a_childs_pages_ask_as_often_beside_few_others_as_beside_many(
    cast: Cast, erin: User, client_for: ClientFor
) -> None:
    client = client_for(erin)
    [episode, *_others] = make_caseload(partnership=cast.kirklees, number=FEW, by=erin)
    tabs = [f"/children/{episode.child_id}/{tab}" for tab in ("", "timeline/")]
    few = [_queries(client, tab) for tab in tabs]
    make_caseload(partnership=cast.kirklees, number=MANY - FEW, by=erin)
    assert [_queries(client, tab) for tab in tabs] == few
