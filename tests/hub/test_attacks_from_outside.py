"""Requests that another site or a strange client would send: none is done, none leads out of the hub."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client, override_settings

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from tests.access_matrix import API, MATRIX
from tests.cast import PASSWORD, Cast, ClientFor
from tests.hub.device import WAY, Device, asked, is_in
from tests.hub.test_factors import SECRET, code_of, signed_in_by_form
from tests.test_access_matrix import _address as address_of

ELSEWHERE = (
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example/",
    "javascript:alert(1)",
    "https:elsewhere.example",
    "\t//elsewhere.example",
)


@pytest.fixture(autouse=True)
def nothing_remembered(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def telephone(amira: User) -> str:
    TOTP.activate(amira, SECRET)
    return SECRET


def test_no_address_takes_what_is_sent_without_its_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people["amira"])
    # Machines send a token of another kind and no cookie: a session opens nothing there.
    assert {client.post(address_of(name, cast)).status_code for name in API} == {401}
    taken = [
        name
        for name in set(MATRIX) - set(API)
        for answer in [client.post(address_of(name, cast))]
        if answer.status_code != 403 or "This form has expired" not in answer.text
    ]
    assert taken == []
    assert is_in(client)


def test_a_good_token_sent_from_another_site_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people["amira"])
    page = client.get("/account/settings/").text
    token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page)[0]
    sent = {"csrfmiddlewaretoken": token}
    for headers in ({"origin": "https://elsewhere.example"}, {"origin": "null"}):
        assert client.post("/sign-out/", sent, headers=headers).status_code == 403
    assert client.post("/sign-out/", sent, secure=True).status_code == 403  # and no Referer
    assert is_in(client)
    assert client.post("/sign-out/", sent).status_code == 302


def test_a_method_that_is_only_said_is_not_believed(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.people["amira"])
    said = {"x-http-method-override": "POST", "x-http-method": "POST", "x-method-override": "POST"}
    assert client.get("/sign-out/?_method=POST", headers=said).status_code == 405
    assert is_in(client)
    said = dict.fromkeys(said, "GET")
    assert client.post("/episodes/", {"_method": "GET"}, headers=said).status_code == 405


def test_the_method_that_repeats_a_request_is_refused(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.people["amira"])
    for address in ("/", "/sign-in/", "/account/again/", "/health/"):
        assert client.generic("TRACE", address, headers={"x-told": "xyzzy"}).status_code == 405


def test_no_answer_is_made_of_the_host_that_a_request_says(cast: Cast, client: Client) -> None:
    said = {"x-forwarded-host": "elsewhere.example", "x-host": "elsewhere.example"}
    answer = client.get("/episodes/", headers=said)
    assert answer.headers["Location"] == "/sign-in/?next=%2Fepisodes%2F"
    assert "elsewhere.example" not in client.get("/sign-in/", headers=said).text
    with override_settings(SECURE_SSL_REDIRECT=True):
        led = Client().get("/sign-in/", headers=said)
        assert led.headers["Location"] == "https://testserver/sign-in/"
        strange = Client().get("/sign-in/", headers={"host": "elsewhere.example"})
        assert strange.status_code == 400
        assert "Location" not in strange.headers


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_page_that_leads_on_leads_out_of_the_hub(
    wanted: str, cast: Cast, telephone: str, client_for: ClientFor
) -> None:
    client, led = signed_in_by_form(follow=wanted)
    assert (
        client.post(f"{led}?next={wanted}", {"code": code_of(telephone), "next": wanted}).headers[
            "Location"
        ]
        == "/"
    )
    post = cast.people["amira"].posts.get().pk
    for address, typed in (
        ("/conduct/", {"accepted": "on"}),
        ("/account/post/", {"post": post}),
        ("/account/again/", {"password": PASSWORD}),
        ("/hide/", {}),
        ("/show/", {"password": PASSWORD}),
    ):
        for where in (f"{address}?next={wanted}", address):
            answer = client.post(where, {**typed, "next": wanted})
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/"), address
            assert "elsewhere" not in answer.headers["Location"], address
    keyed, device = Client(), Device(cast.people["ben"])
    typed = {"credential": device.answer(asked(keyed)), "next": wanted}
    assert keyed.post(f"{WAY}?next={wanted}", typed).headers["Location"] == "/"


def test_a_page_named_twice_leads_on_only_within_the_hub(cast: Cast, client: Client) -> None:
    body = f"username=amira&password={PASSWORD}&next=/episodes/&next=//elsewhere.example/"
    kind = "application/x-www-form-urlencoded"
    answer = client.generic("POST", "/sign-in/?next=//elsewhere.example/", body, kind)
    assert answer.headers["Location"] == "/"


def test_a_name_sent_twice_is_counted_as_the_one_that_is_tried(cast: Cast) -> None:
    for number in range(5):
        body = f"username=decoy{number}&username=amira&password=wrong"
        Client().generic("POST", "/sign-in/", body, "application/x-www-form-urlencoded")
    right = Client().post("/sign-in/", {"username": "amira", "password": PASSWORD})
    assert "too many wrong attempts" in right.text


FEW = {"login_failed": "3/m/ip,5/15m/key"}


def _tries(names: tuple[str, ...], **told: str) -> str:
    """The last page after so many wrong passwords, each under a name of its own."""
    page = ""
    for number, name in enumerate(names):
        said = {key: value.format(number) for key, value in told.items()}
        page = Client(**said).post("/sign-in/", {"username": name, "password": "wrong"}).text  # type: ignore[arg-type]  # headers
    return page


@override_settings(ACCOUNT_RATE_LIMITS=FEW)
def test_an_address_that_is_only_said_is_not_believed(cast: Cast) -> None:
    for header in ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_CLIENT_IP"):
        cache.clear()
        page = _tries(("a", "b", "c", "d"), **{header: "198.51.100.{}"})
        assert "too many wrong attempts" in page, header
    cache.clear()
    Client(HTTP_X_FORWARDED_FOR="198.51.100.7").post(
        "/sign-in/", {"username": "amira", "password": PASSWORD}
    )
    assert (AuditEvent.objects.get(event="signed.in").after or {})["address"] == "127.0.0.1"


@override_settings(ACCOUNT_RATE_LIMITS=FEW, ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_the_proxy_the_address_is_what_the_proxy_says_and_not_the_visitor(
    cast: Cast,
) -> None:
    said = "198.51.100.{}, 192.0.2.44"  # the visitor's own word first, the proxy's last
    assert "too many wrong" in _tries(("a", "b", "c", "d"), HTTP_X_FORWARDED_FOR=said)
    cache.clear()
    assert "too many wrong" not in _tries(("a", "b", "c", "d"), HTTP_X_FORWARDED_FOR="192.0.2.{}")
