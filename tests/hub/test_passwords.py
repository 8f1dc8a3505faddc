"""New passwords: which are refused, in which words; and how a session's browser is called."""

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from hub.accounts.models import User
from hub.accounts.rules import cores_of, device_in_words, password_problem
from tests.cast import PASSWORD, Cast
from tests.hub.test_factors import signed_in_by_form

CHOSEN = "otter-lantern-quarry"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("otter-quarry", None),
        ("correct horse battery staple", None),
        ("Zq7-police-otter-lamp", None),  # a known word among others
        ("otter-quarr", "at least 12"),
        ("aaaabaaaabaaaab", "a row of signs"),
        ("123456789012", "a row of signs"),
        ("0987654321098", "a row of signs"),
        ("abcdefghijklmno", "a row of signs"),
        ("QWERTYUIOPas"[:10] + "qw", "a row of signs"),
        ("Password1234!", "Many people"),
        ("P@ssw0rd!2026", "Many people"),
        ("!!!letmein!!!!", "Many people"),
        ("dragondragon", "Many people"),
        ("Amira.Sadler1!", "names that people here know"),
        ("SocialCare2026", "names that people here know"),
        ("BradfordHub26!", "names that people here know"),
        ("csehubcsehub1", "names that people here know"),
    ],
)
def test_a_password_that_is_guessed_is_refused_in_our_words(
    password: str, why: str | None, cast: Cast
) -> None:
    amira = User.objects.get(username="amira")
    if why is None:
        validate_password(password, amira)
        return
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, amira)
    [said] = refusal.value.messages
    assert why in said


def test_of_the_common_passwords_none_passes_however_it_is_dressed() -> None:
    """Of the list's 20,000 a fortieth is tried: with figures after it, with capitals."""
    common = frozenset(CommonPasswordValidator().passwords)
    assert len(common) > 19_000
    for plain in sorted(common)[::40]:
        for dressed in (plain, f"{plain}2026!!!!!!!!", f"{plain.title()}123456789012"):
            if len(dressed) >= 12 and len(plain) >= 4 and any(sign.isalpha() for sign in plain):
                assert password_problem(dressed, known=(), common=common), dressed


def test_what_a_password_is_made_from() -> None:
    assert {"password", "p@ssw0rd"} & cores_of("p@ssw0rd1!") == {"password", "p@ssw0rd"}
    assert "dragon" in cores_of("dragondragon")
    assert max(map(len, cores_of("abc123"))) == 6


def test_the_form_says_it_in_our_words_and_nothing_is_changed(cast: Cast) -> None:
    client, _home = signed_in_by_form()
    typed = {"oldpassword": PASSWORD, "password1": "SocialCare2026", "password2": "SocialCare2026"}
    refused = client.post("/account/password/", typed)
    assert (refused.status_code, "names that people here know" in refused.text) == (422, True)
    differ = client.post(
        "/account/password/", typed | {"password1": CHOSEN, "password2": "x" + CHOSEN}
    )
    assert "The two passwords differ" in differ.text
    assert "You must type" not in differ.text
    browser = Client()
    assert browser.post("/sign-in/", {"username": "amira", "password": PASSWORD}).status_code == 302


def test_no_page_of_how_one_signs_in_speaks_in_the_librarys_words(cast: Cast) -> None:
    client, _home = signed_in_by_form()
    long = "x" * 300
    for address, typed in (
        ("/account/password/", {"oldpassword": long, "password1": long, "password2": long}),
        ("/account/password/", {}),
        ("/account/factors/telephone/", {"code": long}),
        ("/account/factors/passkeys/", {"name": long}),
        ("/account/factors/codes/new/", {}),
        ("/account/again/", {"password": long}),
    ):
        page = client.post(address, typed).text
        assert "There is a problem" in page, address
        for words in ("Ensure this", "This field", "You cannot", "valid choice", "Please"):
            assert words not in page, (address, words)


@pytest.mark.parametrize(
    ("agent", "words"),
    [  # as browsers call themselves
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                " Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"
            ),
            "Edge on Windows",
        ),
        (
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
                " Chrome/131.0.0.0 Mobile Safari/537.36"
            ),
            "Chrome on Android",
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
                " Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
            ),
            "Safari on an iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Firefox on macOS",
        ),
        ("curl/8.5", "Another browser on another system"),
        ("", "Another browser on another system"),
    ],
)
def test_a_browser_is_called_by_what_people_call_it(agent: str, words: str) -> None:
    assert device_in_words(agent) == words


def test_ones_sessions_are_listed_with_the_own_one_first_and_then_the_newest(cast: Cast) -> None:
    here, _home = signed_in_by_form()
    agents = ("Firefox/133.0 (Windows NT 10.0)", "Version/17 Safari/604.1 (iPhone)")
    for agent in agents:
        Client(headers={"User-Agent": agent}).post(
            "/sign-in/", {"username": "amira", "password": PASSWORD}
        )
    page = here.get("/account/sessions/").text
    places = [
        page.index(words) for words in ("This one", "Safari on an iPhone", "Firefox on Windows")
    ]
    assert places == sorted(places)
    assert "Version/17" not in page
