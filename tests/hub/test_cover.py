"""Hiding the screen: what is answered meanwhile, who gets it back, and what the trail says."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.cover.actions import ask_to_show, keep_unsent
from hub.cover.rules import TRIES, Answer, tries_left
from hub.recording.models import Draft
from hub.recording.rules import LONGEST_ADDRESS
from tests.cast import PASSWORD, Cast, ClientFor

JSON = {"accept": "application/json"}
WRONG = {"password": "wrong-wrong-wrong"}
RIGHT = {"password": PASSWORD}


@pytest.fixture
def hidden(amira: User, client_for: ClientFor) -> Client:
    """Amira's browser, its screen hidden."""
    client = client_for(amira)
    assert client.post("/hide/", {"next": "/episodes/?page=1"}).status_code == 302
    return client


def _events() -> list[str]:
    return list(
        AuditEvent.objects.filter(event__startswith="screen.")
        .order_by("pk")
        .values_list("event", flat=True)
    )


def _is_cover(client: Client, address: str) -> bool:
    response = client.get(address)
    page = response.content.decode()
    return response.status_code == 423 and '<h1 class="govuk-heading-l">Screen hidden</h1>' in page


@pytest.mark.parametrize(
    "address",
    ["/", "/episodes/", "/episodes/?page=2", "/nothing-here/", "/keys/", "/account/", "/sign-in/"],
)
def test_every_page_is_the_cover_and_the_cover_tells_nothing(address: str, hidden: Client) -> None:
    assert _is_cover(hidden, address)
    page = hidden.get(address).content.decode()
    for word in ("Amira", "Marden", "Bradford", 'aria-label="Menu"', "OFFICIAL"):
        assert word not in page
    assert f'name="next" value="{address}"' in page
    assert "<title>Screen hidden - CSE Hub</title>" in page


def test_a_case_is_covered_as_well_and_its_viewing_is_not_noted(cast: Cast, hidden: Client) -> None:
    before = AuditEvent.objects.filter(what="child").count()
    assert _is_cover(hidden, f"/children/{cast.shared.child_id}/")
    assert AuditEvent.objects.filter(what="child").count() == before


def test_hiding_leads_back_to_the_page_and_the_password_shows_it_again(hidden: Client) -> None:
    response = hidden.post("/show/", {**RIGHT, "next": "/episodes/?page=1"})
    assert response.headers["Location"] == "/episodes/?page=1"
    assert hidden.get("/episodes/").status_code == 200
    assert _events() == ["screen.hidden", "screen.shown"]


def test_a_second_hiding_is_the_first(hidden: Client) -> None:
    hidden.post("/hide/")
    assert _events() == ["screen.hidden"]


@pytest.mark.parametrize("next_page", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_hiding_and_showing_never_lead_out_of_the_hub(next_page: str, hidden: Client) -> None:
    assert hidden.post("/hide/", {"next": next_page}).headers["Location"] == "/"
    assert hidden.post("/show/", {**RIGHT, "next": next_page}).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (WRONG, "The password is wrong. You have 4 tries left before you are signed out"),
        ({}, "Enter your password"),
        ({"password": "x" * 201}, "at most 200 characters"),
        ({"password": "lan\0tern"}, "Null characters are not allowed"),
    ],
    ids=["wrong", "none", "long", "NUL"],
)
def test_what_is_not_the_password_leaves_the_screen_hidden_with_a_message(
    typed: dict[str, str], said: str, hidden: Client
) -> None:
    response = hidden.post("/show/", {**typed, "next": "/episodes/"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Screen hidden - CSE Hub</title>" in page
    assert said in page
    assert 'name="next" value="/episodes/"' in page
    assert _is_cover(hidden, "/")


def test_five_wrong_passwords_end_the_session(hidden: Client) -> None:
    for _ in range(TRIES - 1):
        assert hidden.post("/show/", WRONG).status_code == 422
    assert hidden.post("/show/", WRONG).headers["Location"] == "/sign-in/"
    assert "a wrong password five times" in hidden.get("/sign-in/").content.decode()
    assert hidden.get("/episodes/").status_code == 302
    assert _events() == ["screen.hidden"] + ["screen.show.refused"] * TRIES
    assert AuditEvent.objects.filter(event="signed.out").count() == 1


def test_once_the_tries_are_used_up_even_the_right_password_is_refused(amira: User) -> None:
    now = timezone.now()

    def attempt(password: str) -> Answer:
        return ask_to_show(password=password, hidden_at=now, now=now, by=amira)

    assert [attempt("wrong").tries_left for _ in range(TRIES)] == [4, 3, 2, 1, 0]
    assert attempt(PASSWORD) == Answer(shown=False, tries_left=0)
    later = now + timedelta(hours=1)  # hidden anew: what went wrong before is past
    answer = ask_to_show(password=PASSWORD, hidden_at=later, now=later, by=amira)
    assert answer == Answer(shown=True, tries_left=TRIES)


def test_the_wrong_passwords_of_another_person_do_not_count(amira: User, ben: User) -> None:
    now = timezone.now()
    for _ in range(TRIES):
        ask_to_show(password="wrong", hidden_at=now, now=now, by=ben)
    assert ask_to_show(password=PASSWORD, hidden_at=now, now=now, by=amira).shown


def test_the_tries_are_counted_in_words() -> None:
    assert [tries_left(wrong) for wrong in (0, 4, 5, 9)] == [5, 1, 0, 0]
    assert "You have 1 try left" in Answer(False, 1).sentence
    assert Answer(True, 3).sentence == ""


def test_a_script_is_answered_in_its_own_way(amira: User, client_for: ClientFor) -> None:
    client = client_for(amira)
    assert client.post("/hide/", headers=JSON).status_code == 204
    assert _is_cover(client, "/")
    refused = client.post("/show/", WRONG, headers=JSON)
    assert refused.status_code == 422
    assert refused.json()["shown"] is False
    assert "4 tries" in refused.json()["message"]
    assert client.post("/show/", RIGHT, headers=JSON).json() == {"shown": True}
    for _ in range(TRIES - 1):
        client.post("/show/", WRONG, headers=JSON)
    last = client.post("/show/", WRONG, headers=JSON)
    assert (last.status_code, last.json()) == (403, {"shown": False, "go": "/sign-in/"})


def test_a_page_hidden_by_script_alone_needs_the_password_all_the_same(
    amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)  # the hub never heard of the hiding: the network was down
    assert client.post("/show/", WRONG, headers=JSON).status_code == 422
    assert _is_cover(client, "/")


def test_a_request_that_began_before_cannot_uncover_it(amira: User, client_for: ClientFor) -> None:
    client = client_for(amira)
    slow = client.session
    slow["searched"] = "something"
    client.post("/hide/")
    with pytest.raises(UpdateError):
        slow.save()
    assert _is_cover(client, "/")


def test_another_browser_of_the_same_person_is_not_covered(
    hidden: Client, amira: User, client_for: ClientFor
) -> None:
    assert client_for(amira).get("/").status_code == 200


def test_signing_out_works_from_the_cover_and_the_next_person_finds_no_cover(
    hidden: Client, cast: Cast
) -> None:
    assert hidden.post("/sign-out/").headers["Location"] == "/sign-in/"
    hidden.post("/sign-in/", {"username": "ben", "password": PASSWORD})
    assert "Ben Ashcroft" in hidden.get("/").content.decode()


def test_what_waited_to_be_said_is_said_after_the_cover(amira: User, client_for: ClientFor) -> None:
    client = client_for(amira)
    client.post("/account/keys/", {"keys": "on"})
    client.post("/hide/")
    assert "Keys are on." not in client.get("/").content.decode()
    client.post("/show/", RIGHT)
    assert "Keys are on." in client.get("/").content.decode()


def test_a_form_sent_meanwhile_is_not_done_and_leads_back_to_its_page(hidden: Client) -> None:
    referer = {"referer": "http://testserver/account/settings/"}
    response = hidden.post(
        "/account/settings/", {"keys": "on", "density": "dense"}, headers=referer
    )
    assert response.status_code == 423
    assert 'name="next" value="/account/settings/"' in response.content.decode()
    assert not AuditEvent.objects.filter(event="preferences.changed").exists()
    assert not Draft.objects.exists()


def test_a_recording_form_sent_meanwhile_is_kept_as_a_draft(hidden: Client, amira: User) -> None:
    typed = {"text": "Seen at school.", "once": "a key", "csrfmiddlewaretoken": "a token"}
    response = hidden.post("/account/settings/", typed)
    assert "It is kept as a draft." in response.content.decode()
    draft = Draft.objects.get(owner=amira)
    assert (draft.address, draft.answers) == ("/account/settings/", {"text": ["Seen at school."]})


def test_a_form_past_all_measure_is_refused_without_a_promise(hidden: Client, amira: User) -> None:
    now = timezone.now()
    long = "/" + "a" * LONGEST_ADDRESS
    assert not keep_unsent(address=long, answers={"text": ["x"]}, now=now, by=amira)
    response = hidden.post("/account/settings/", {"text": "x" * 70_000, "once": "a key"})
    assert response.status_code == 423
    assert "It is kept as a draft." not in response.content.decode()


def test_a_form_without_its_token_plants_no_draft(amira: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(amira)
    session = client.session
    session["hidden_at"] = timezone.now().isoformat()
    session.save()
    response = client.post("/account/settings/", {"text": "planted", "once": "a key"})
    assert response.status_code == 403
    assert not Draft.objects.exists()


def test_health_is_answered_from_a_hidden_screen(hidden: Client) -> None:
    assert hidden.get("/health/").status_code == 200
    assert hidden.get("/session/").status_code == 200


def test_each_signed_page_has_the_button_and_a_strangers_has_not(
    amira: User, client_for: ClientFor
) -> None:
    button = re.compile(r'<form method="post" action="/hide/".*?Hide screen</button>', re.DOTALL)
    assert button.search(client_for(amira).get("/episodes/").content.decode())
    assert not button.search(client_for(None).get("/sign-in/").content.decode())
