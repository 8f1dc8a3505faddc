"""Filling in a referral's form in tests, page by page, as a browser would."""

from typing import Any

from django.test import Client

from tests.recording import typed

Given = dict[str, dict[str, Any]]

ANSWERS: Given = {
    "safety": {"in_danger": "no"},
    "who": {"referrer_name": "Chloe Ferris", "referrer_post": "Support worker"},
    "about": {"about": "child"},
    "child": {"forenames": "Lia", "surname": "March", "gender": "F"},
    "birth": {"date_of_birth": "5/3/2012"},
    "where": {"address": "8 Ferncliffe Row", "postcode": "BD99 1AA", "school": "Hillside School"},
    "numbers": {"nhs_number": "943 476 5919"},
    "types": {"exploitation_types": ["CSE", "GANGS"]},
    "happened": {"what_happened": "An older man waits at the gate.", "since": "since spring"},
    "health": {"health_needs": "unknown"},
    "consent": {
        "consent": "not_asked",
        "no_consent_reason": "It may put her at risk.",
        "family_knows": "nobody",
    },
}
CALL: Given = {
    "call": {"route": "101", "received_on": "today", "received_time": "00:00"},
    "who": {"source": "1B", "referrer_name": ""},
}


def begin(client: Client) -> str:
    """Begin a referral; give the address beneath which its pages lie."""
    address: str = client.get("/referrals/make/new/").headers["Location"]
    return address.removesuffix("safety/")


def fill(client: Client, address: str, /, **answers: Any) -> Any:
    """Fill a page in and press Continue."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    return client.post(address, typed(page, **answers))


def fill_all(client: Client, root: str, given: Given) -> Any:
    """Fill the pages in, going where each leads; give the last page."""
    step, answer = "safety", None
    while step != "check":
        answer = fill(client, f"{root}{step}/", **given.get(step, {}))
        assert answer.status_code == 302, (step, answer.context["page"].form.errors)
        step = answer.headers["Location"].removeprefix(root).partition("/")[0]
    return client.get(f"{root}check/")


def send(client: Client, root: str, page: Any) -> Any:
    """Press Send on the last page."""
    return client.post(f"{root}check/", typed(page))
