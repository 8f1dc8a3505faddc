"""What a person chooses for themselves: keys, and how high the rows are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.preferences.actions import choose, switch_keys
from hub.preferences.models import Density, Keys, Preferences
from tests.cast import ClientFor


def _own(user: User) -> tuple[str, str]:
    own = Preferences.objects.visible_to(user).or_usual()
    return own.keys, own.density


def _page(client: Client, address: str = "/") -> str:
    return client.get(address).content.decode()


def test_one_who_has_chosen_nothing_is_asked_on_the_home_page_alone(
    amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    assert "Use keys?" in _page(client)
    assert "Use keys?" not in _page(client, "/episodes/")
    assert "data-keys" not in _page(client)
    assert "hub-comfortable" not in _page(client)


@pytest.mark.parametrize(("answer", "marked"), [("on", 1), ("off", 0)])
def test_the_question_is_asked_once_and_the_answer_goes_with_the_account(
    answer: str, marked: int, amira: User, client_for: ClientFor
) -> None:
    client_for(amira).post("/account/keys/", {"keys": answer, "next": "/"})
    elsewhere = client_for(amira)
    page = _page(elsewhere)
    assert f"Keys are {answer}." not in page  # said in the window where it was done
    assert "Use keys?" not in page
    assert page.count('data-keys="on"') == marked
    assert page.count('id="keys-dialog"') == marked
    assert _own(amira) == (answer, Density.DENSE)


def test_the_switch_leads_back_to_its_page_and_never_out_of_the_hub(
    amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    here = {"keys": "off", "next": "/episodes/?page=1"}
    assert client.post("/account/keys/", here).headers["Location"] == "/episodes/?page=1"
    assert "Keys are off." in _page(client)
    away = {"keys": "on", "next": "https://elsewhere.example/"}
    assert client.post("/account/keys/", away).headers["Location"] == "/"


def test_keys_are_on_or_off_and_nothing_else(amira: User, client_for: ClientFor) -> None:
    for typed in ({}, {"keys": ""}, {"keys": "sometimes"}):
        assert client_for(amira).post("/account/keys/", typed).status_code == 400
    assert _own(amira) == (Keys.NOT_ASKED, Density.DENSE)


def test_settings_are_chosen_without_a_script_and_kept(amira: User, client_for: ClientFor) -> None:
    client = client_for(amira)
    assert _page(client, "/account/settings/").count(" checked") == 1  # of the rows alone
    typed = {"keys": "off", "density": "comfortable"}
    assert client.post("/account/settings/", typed).headers["Location"] == "/account/settings/"
    page = _page(client, "/account/settings/")
    assert "Your settings are saved." in page
    assert page.count(" checked") == 2
    assert 'class="govuk-template hub-comfortable"' in page


def test_a_setting_left_out_has_its_message_and_the_other_is_kept_on_the_page(
    amira: User, client_for: ClientFor
) -> None:
    response = client_for(amira).post("/account/settings/", {"density": "comfortable"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Settings - CSE Hub</title>" in page
    assert "Choose whether single keys are on or off" in page
    assert 'value="comfortable"' in page
    assert page.count(" checked") == 1
    assert _own(amira) == (Keys.NOT_ASKED, Density.DENSE)


def test_each_has_their_own_and_a_change_is_on_the_trail_with_what_was_before(
    amira: User, ben: User
) -> None:
    now = timezone.now()
    choose(keys=Keys.ON, density=Density.COMFORTABLE, now=now, by=amira)
    choose(keys=Keys.ON, density=Density.COMFORTABLE, now=now, by=amira)  # no change: no event
    switch_keys(keys=Keys.OFF, now=now, by=amira)
    assert _own(amira) == (Keys.OFF, Density.COMFORTABLE)
    assert _own(ben) == (Keys.NOT_ASKED, Density.DENSE)
    assert not Preferences.objects.visible_to(ben).exists()
    assert str(Preferences.objects.get()) == f"{amira.pk}: keys off, comfortable"
    kept = AuditEvent.objects.filter(event="preferences.changed").order_by("pk")
    assert [(event.before, event.after) for event in kept] == [
        ({"keys": "", "density": "dense"}, {"keys": "on", "density": "comfortable"}),
        ({"keys": "on"}, {"keys": "off"}),
    ]


def test_what_one_has_chosen_another_may_choose_too(amira: User, ben: User) -> None:
    for who in (amira, ben):
        choose(keys=Keys.ON, density=Density.COMFORTABLE, now=timezone.now(), by=who)
    assert _own(ben) == (Keys.ON, Density.COMFORTABLE)
    of_ben = AuditEvent.objects.get(event="preferences.changed", user_id=ben.pk)
    assert of_ben.before == {"keys": "", "density": "dense"}, "nothing of Amira's"


def test_the_account_page_says_who_one_is_also_to_one_without_a_post(
    ana: User, gus: User, client_for: ClientFor
) -> None:
    page = _page(client_for(ana), "/account/")
    for words in ("Ana Keane", "<dd", ">ana<", "Intelligence officer", "Police", "Bradford"):
        assert words in page
    assert "No post at present" in _page(client_for(gus), "/account/")


@pytest.mark.parametrize(
    ("person", "letters"),
    [("amira", "hc"), ("ana", "hria"), ("bea", "ha"), ("chloe", "hc"), ("gus", "h")],
)
def test_the_keys_listed_are_those_that_lead_somewhere(
    person: str, letters: str, request: pytest.FixtureRequest, client_for: ClientFor
) -> None:
    user: User = request.getfixturevalue(person)
    page = _page(client_for(user), "/keys/")
    for letter in "hcia":
        listed = f'<kbd class="hub-key">g</kbd> then <kbd class="hub-key">{letter}</kbd>' in page
        assert listed == (letter in letters)
        assert (f'data-key="{letter}"' in page) == (letter in letters)
    assert ("Search for a child</td>" in page) == ("c" in letters)


def test_choices_cost_each_page_one_query(amira: User, client_for: ClientFor) -> None:
    switch_keys(keys=Keys.ON, now=timezone.now(), by=amira)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client_for(amira).get("/keys/")
    assert sum("hub_preferences" in query["sql"] for query in asked) == 1
