"""The pages that every page's foot leads to: accessibility, and reporting a problem."""

import pytest
from django.test import Client

from hub.accounts.models import User
from tests.cast import Cast, ClientFor


@pytest.mark.parametrize("address", ["/accessibility/", "/report-a-problem/"])
def test_a_stranger_may_read_them(address: str, client: Client, db: None) -> None:
    assert client.get(address).status_code == 200
    assert f'href="{address}' in client.get("/sign-in/").content.decode()


def test_the_statement_says_what_was_not_tried(client: Client, db: None) -> None:
    page = client.get("/accessibility/").content.decode()
    for words in ("screen reader", "by disabled people", "so it is not claimed"):
        assert words in page


def test_a_problem_names_its_page_and_no_case(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    child = client.get(f"/children/{cast.shared.child_id}/").content.decode()
    assert 'href="/report-a-problem/?page=risk-child-summary"' in child
    page = client.get(
        "/report-a-problem/?page=risk-child-summary", headers={"user-agent": "A browser 1.0"}
    ).content.decode()
    assert "risk-child-summary" in page
    assert "A browser 1.0" in page


@pytest.mark.parametrize("named", ["Marden", "<b>", "/children/7/", ""])
def test_what_is_no_page_of_the_hub_is_not_repeated(
    named: str, amira: User, client_for: ClientFor
) -> None:
    page = client_for(amira).get("/report-a-problem/", {"page": named}).content.decode()
    assert "Not known: say which page you were on" in page
