"""Signing in and out: who gets in, where they go, what the trail says."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory, override_settings

from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed
from tests.cast import PASSWORD, Cast, ClientFor


def _events() -> list[str]:
    kept = AuditEvent.objects.filter(event__startswith="signed").order_by("pk")
    return [f"{event.event} {event.reference}" for event in kept]


def test_a_person_signs_in_and_arrives_at_home(cast: Cast, client: Client) -> None:
    response = client.post("/sign-in/", {"username": "amira", "password": PASSWORD})
    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert "Amira Sadler" in client.get("/").content.decode()
    assert _events() == ["signed.in amira"]


@pytest.mark.parametrize("username", ["amira", "nobody-of-that-name"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    username: str, cast: Cast, client: Client
) -> None:
    response = client.post("/sign-in/", {"username": username, "password": "wrong-wrong-wrong"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Sign in - CSE Hub</title>" in page
    assert page.count("The user name or password is wrong. Check both and try again") == 2
    assert '<a href="#id_password">' in page
    assert f'value="{username}"' in page
    assert "wrong-wrong-wrong" not in page
    known = "amira" if username == "amira" else "unknown name"  # it may be a password, typed amiss
    assert _events() == [f"signed.in.refused {known}"]


def test_a_field_in_error_is_tied_to_its_message(cast: Cast, client: Client) -> None:
    page = client.post("/sign-in/", {"username": "", "password": ""}).content.decode()
    assert 'id="id_username_error"' in page
    for name in ("username", "password"):
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert field
        assert f'aria-describedby="id_{name}_error"' in field[0]
        assert 'aria-invalid="true"' in field[0]
    # What went wrong has the focus, and is read before the form.
    assert page.index("autofocus") < page.index("<h1") < page.index("id_username_error")


def test_nothing_typed_is_named_field_by_field(cast: Cast, client: Client) -> None:
    response = client.post("/sign-in/", {})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Enter your user name" in page
    assert "Enter your password" in page
    assert _events() == []


@pytest.mark.parametrize(
    "typed",
    [
        {"username": "am\0ira", "password": PASSWORD},
        {"username": "amira", "password": "lan\0tern"},
        {"username": "a" * 100_000, "password": PASSWORD},
        {"username": "amira", "password": "x" * 100_000},
        {"username": "\ud7ff\U0010ffff؁‮", "password": PASSWORD},
    ],
    ids=["NUL in name", "NUL in password", "long name", "long password", "odd characters"],
)
def test_what_no_keyboard_types_is_answered_with_a_message(
    typed: dict[str, str], cast: Cast, client: Client
) -> None:
    response = client.post("/sign-in/", typed)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()


def test_a_stranger_is_sent_to_sign_in_and_then_to_the_page_they_wanted(
    cast: Cast, client: Client
) -> None:
    response = client.get("/episodes/?page=2")
    assert response.headers["Location"] == "/sign-in/?next=%2Fepisodes%2F%3Fpage%3D2"
    form = client.get(response.headers["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/episodes/?page=2">' in form
    typed = {"username": "amira", "password": PASSWORD, "next": "/episodes/?page=2"}
    assert client.post("/sign-in/", typed).headers["Location"] == "/episodes/?page=2"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example/",
        "http:elsewhere.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " //elsewhere.example/",
        "elsewhere",
        "hub-home",
        "http://[",
        "\t//elsewhere.example",
        "/" + "a" * 5000,
        "\0//elsewhere.example",
    ],
)
def test_signing_in_never_leads_out_of_the_hub(wanted: str, cast: Cast, client: Client) -> None:
    typed = {"username": "amira", "password": PASSWORD, "next": wanted}
    response = client.post("/sign-in/", typed)
    assert response.status_code == 302
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("wanted", ["/a\r\nSet-Cookie: x=1", "/episodes/\0"])
def test_an_odd_page_that_was_wanted_cannot_break_the_answer(
    wanted: str, cast: Cast, client: Client
) -> None:
    typed = {"username": "amira", "password": PASSWORD, "next": wanted}
    response = client.post("/sign-in/", typed)
    assert response.status_code == 302
    assert not set("\r\n\0") & set(response.headers["Location"])


def test_a_very_long_address_still_leads_to_sign_in(cast: Cast, client: Client) -> None:
    response = client.get("/episodes/?page=" + "9" * 6000)
    assert response.headers["Location"] == "/sign-in/"


def test_a_form_sent_without_being_signed_in_is_not_asked_for_again(
    cast: Cast, client: Client
) -> None:
    assert client.post("/episodes/").headers["Location"] == "/sign-in/"


def test_the_session_changes_at_sign_in_and_ends_at_sign_out(cast: Cast, client: Client) -> None:
    session = client.session
    session["left"] = "by somebody"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = str(planted)
    client.post("/sign-in/", {"username": "amira", "password": PASSWORD})
    mine = client.cookies["sessionid"].value
    assert mine != planted
    response = client.post("/sign-out/")
    assert response.headers["Location"] == "/sign-in/"
    assert "You are signed out." in client.get("/sign-in/").content.decode()
    client.cookies["sessionid"] = mine
    assert client.get("/").status_code == 302
    assert _events() == ["signed.in amira", "signed.out amira"]


def test_the_cookies_are_kept_from_scripts_and_from_other_sites(cast: Cast, client: Client) -> None:
    client.get("/sign-in/")
    client.post("/sign-in/", {"username": "amira", "password": PASSWORD})
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["secure"]  # the demo speaks plain HTTP
    assert client.cookies["sessionid"]["max-age"] == ""  # ends with the browser


def test_behind_tls_the_cookies_are_sent_over_tls_alone(cast: Cast, client: Client) -> None:
    with override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True):
        client.get("/sign-in/", secure=True)
        client.post("/sign-in/", {"username": "amira", "password": PASSWORD}, secure=True)
    assert client.cookies["sessionid"]["secure"]
    assert client.cookies["csrftoken"]["secure"]


def test_a_closed_account_is_out_at_the_next_request(
    cast: Cast, amira: User, client_for: ClientFor, client: Client
) -> None:
    signed_in = client_for(amira)
    assert signed_in.get("/").status_code == 200
    User.objects.filter(pk=amira.pk).update(is_active=False)
    assert signed_in.get("/").status_code == 302
    typed = {"username": "amira", "password": PASSWORD}
    assert client.post("/sign-in/", typed).status_code == 422


def test_nobody_signs_in_as_the_operator(cast: Cast, client: Client) -> None:
    for password in ("!", "operator", PASSWORD):
        typed = {"username": "operator", "password": password}
        assert client.post("/sign-in/", typed).status_code == 422


def test_signing_out_without_having_signed_in_leads_to_sign_in(cast: Cast, client: Client) -> None:
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/sign-out/").status_code == 405
    assert _events() == []


def test_a_page_that_asks_for_its_person_refuses_a_stranger_even_past_the_gate() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with pytest.raises(NotAllowed):
        signed_in(request)
