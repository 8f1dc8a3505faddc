"""People to call on a child's page: ready to be tapped, unless a call may put the child at risk."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from hub.accounts.models import User
from referrals.contacts.models import PersonToCall
from tests.cast import Cast, ClientFor
from tests.make import make_person_to_call
from tests.recording import typed
from tests.referrals.pages import page_of
from tests.risk.writing import at, send


def test_a_person_to_call_is_tapped_and_the_first_to_call_stands_first(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    make_person_to_call(child=cast.shared.child, by=amira, name="Second desk")
    answer = send(
        client, at(cast, "people-to-call/new/"), name="Dana Thorley", relation="mother",
        telephone="07700 900 123", safe_notes="Mornings only.", preferred="on",
    )  # fmt: skip
    assert answer.headers["Location"] == at(cast, "#people-to-call")
    shown = client.get(at(cast, "")).content.decode()
    assert 'href="tel:+447700900123">07700 900 123</a>' in shown
    page = page_of(client, cast.shared)
    assert page.index("Dana Thorley , mother (call first)") < page.index("Second desk")
    assert "Mornings only." in page
    assert "Restricted" not in page
    assert PersonToCall.objects.get(name="Dana Thorley").from_date == timezone.localdate()


def test_of_a_restricted_contact_everybody_is_warned_and_nobody_taps_the_number(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    make_person_to_call(child=cast.shared.child, by=amira, ask_first=True)
    page = page_of(client_for(amira), cast.shared)
    assert "Restricted contact: ask the lead worker before phoning home." in page
    assert "01632 960 001 Restricted: ask the lead worker before calling." in page
    assert "tel:" not in client_for(amira).get(at(cast, "")).content.decode()


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"name": ""}, "Enter whom to call"),
        ({"relation": ""}, "Choose who this is to the child"),
        ({"telephone": ""}, "Enter a telephone number"),
        ({"telephone": "the office"}, "Enter a telephone number"),
        ({"from_date": "+1"}, "The day lies in the future."),
        ({"from_date": ""}, "Enter the day from which to call them"),
    ],
)
def test_what_is_wrong_with_a_person_is_said_beside_the_field(
    answers: dict[str, str], message: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    right = {"name": "Desk", "relation": "school", "telephone": "01632 960 001"}
    answer = send(client_for(amira), at(cast, "people-to-call/new/"), **{**right, **answers})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not PersonToCall.objects.exists()


def test_an_entry_is_corrected_and_ended_and_the_past_still_has_it(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    make_person_to_call(child=cast.shared.child, by=amira)
    answer = send(
        client, at(cast, "people-to-call/1/correct/"), telephone="01632 960 009", reason="New."
    )
    assert answer.status_code == 302
    assert "01632 960 009" in page_of(client, cast.shared)
    end = at(cast, "people-to-call/1/end/")
    page = client.get(end)
    assert client.post(end, typed(page, to_date="1/1/26")).status_code == 422
    assert client.post(end, typed(page)).status_code == 302
    assert "Nobody to call is recorded for this day." in page_of(client, cast.shared)
    yesterday = timezone.localdate() - timedelta(1)
    assert "01632 960 009" in page_of(client, cast.shared, f"?as_at={yesterday}")
    assert client.post(end, {**typed(page), "once": str(uuid4())}).status_code == 409
