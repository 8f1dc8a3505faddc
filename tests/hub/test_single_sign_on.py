"""Single sign-on by a provider that these tests start: a server of its own, asked over HTTP."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client, override_settings

from hub.accounts.models import User
from hub.accounts.rules import Provider, providers_from
from hub.audit.models import AuditEvent
from hub.interface.rules import Scope
from partners.agencies.models import Post
from tests.cast import Cast
from tests.machines import machine_like

WAY = "/sign-in/with/force/"
# Whom the provider knows: its own number for each, and the user name that it gives them.
PEOPLE = {
    "p-1": "ben", "p-2": "amira", "p-3": "ben", "p-4": "operator", "p-6": "bradford.police.case-transfer",
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The police's own provider, a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    claims = [json.dumps({"sub": sub, "preferred_username": name}) for sub, name in PEOPLE.items()]
    told = [word for claim in claims for word in ("--user-claims", claim)]
    run = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--user", "p-5", *told]
    with subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield address
        process.terminate()


def _wait_for(address: str) -> None:
    for _try in range(200):
        with suppress(requests.ConnectionError):
            requests.get(f"{address}/.well-known/openid-configuration", timeout=10)
            return
        time.sleep(0.1)
    raise AssertionError("the provider did not start")


@pytest.fixture
def provider(server: str) -> Iterator[Provider]:
    entry = Provider("force", "District police", "bradford/police", server, "hub", "invented")
    with _known(entry):
        yield entry


def _known(entry: Provider) -> Any:
    apps = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [entry.app]}}
    return override_settings(SSO={entry.id: entry}, SOCIALACCOUNT_PROVIDERS=apps)


def _there(client: Client, next_: str = "") -> str:
    """Follow the way to the provider: gives where it asks who one is."""
    return client.get(WAY + (f"?next={next_}" if next_ else "")).headers["Location"]


def _back(client: Client, asked_at: str, sub: str) -> Any:
    """Say there who one is, and come back with what the provider gives."""
    answer = requests.post(asked_at, data={"sub": sub}, allow_redirects=False, timeout=10)
    led = urlsplit(answer.headers["Location"])
    return client.get(f"{led.path}?{led.query}")


def _sign_in(sub: str, next_: str = "") -> tuple[Client, Any]:
    client = Client()
    return client, _back(client, _there(client, next_), sub)


def test_a_person_of_the_agency_comes_in_and_the_trail_says_how(
    cast: Cast, provider: Provider
) -> None:
    assert "Sign in with District police" in Client().get("/sign-in/").content.decode()
    client, answer = _sign_in("p-1", "/episodes/")
    assert answer.headers["Location"] == "/episodes/"
    assert client.get("/episodes/").status_code == 200
    event = AuditEvent.objects.get(event="signed.in")
    assert (event.username, (event.after or {})["ways"]) == ("ben", ["single sign-on"])
    again, answer = _sign_in("p-1")
    assert again.get("/").status_code == 200
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize(
    ("sub", "why"),
    [
        ("p-2", "of another agency"),
        ("p-4", "the command line's"),
        ("p-5", "without a name"),
        ("p-6", "a machine's"),
        ("p-9", "unknown to the hub"),
    ],
)
def test_the_provider_vouches_for_its_own_agencys_people_alone(
    sub: str, why: str, cast: Cast, provider: Provider
) -> None:
    machine_like(cast.people["ben"], Scope.CHILDREN_READ)
    client, answer = _sign_in(sub)
    assert answer.headers["Location"] == "/sign-in/", why
    assert "Ask your agency&#x27;s administrator" in client.get("/sign-in/").content.decode()
    assert client.get("/episodes/").status_code == 302
    assert not SocialAccount.objects.exists()


def test_a_user_name_that_the_provider_gives_to_somebody_else_opens_nothing(
    cast: Cast, provider: Provider
) -> None:
    _sign_in("p-1")
    client, _answer = _sign_in("p-3")  # also called ben there, with another number
    assert client.get("/episodes/").status_code == 302


def test_a_leaver_does_not_come_in_whatever_the_provider_says(
    cast: Cast, provider: Provider
) -> None:
    _sign_in("p-1")
    User.objects.filter(username="ben").update(is_active=False)
    client, _answer = _sign_in("p-1")
    assert client.get("/episodes/").status_code == 302
    User.objects.filter(username="ben").update(is_active=True)
    Post.objects.filter(user__username="ben").delete()
    client, _answer = _sign_in("p-1")
    assert client.get("/episodes/").status_code == 302


def test_what_a_provider_sends_back_is_good_in_one_browser_and_once(
    cast: Cast, provider: Provider
) -> None:
    victim, thief = Client(), Client()
    asked_at = _there(victim)
    answer = requests.post(asked_at, data={"sub": "p-1"}, allow_redirects=False, timeout=10)
    led = urlsplit(answer.headers["Location"])
    address = f"{led.path}?{led.query}"
    assert thief.get(address).headers["Location"] == "/sign-in/"
    assert thief.get("/episodes/").status_code == 302
    assert victim.get(address).headers["Location"] == "/"
    victim.post("/sign-out/")
    assert victim.get(address).headers["Location"] == "/sign-in/"  # played again
    assert victim.get("/episodes/").status_code == 302


def test_a_provider_that_is_away_leads_back_with_a_word(cast: Cast, provider: Provider) -> None:
    away = Provider("force", "District police", "bradford/police", "http://localhost:9", "h", "x")
    client = Client()
    with _known(away):
        assert client.get(WAY).headers["Location"] == "/sign-in/"
    assert (
        "Signing in with District police did not work" in client.get("/sign-in/").content.decode()
    )


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_a_second_factor_of_the_providers_counts_where_its_entry_says_so(
    cast: Cast, provider: Provider
) -> None:
    client, _answer = _sign_in("p-1")
    assert client.get("/episodes/").headers["Location"] == "/account/factors/"
    vouching = Provider(**{**vars(provider), "second_factor": True})
    with _known(vouching):
        client, _answer = _sign_in("p-1")
        assert client.get("/episodes/").status_code == 200


def test_a_provider_that_redirects_is_not_followed(cast: Cast) -> None:
    asked: list[str] = []

    class Redirecting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Redirecting) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with _known(Provider("force", "Police", "bradford/police", address, "h", "x")):
            assert Client().get(WAY).headers["Location"] == "/sign-in/"
        server.shutdown()
    assert asked == ["/.well-known/openid-configuration"]


ENTRY = {
    "id": "force",
    "name": "District police",
    "agency": "bradford/police",
    "server": "https://login.example/",
    "client_id": "hub",
    "secret": "invented",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("{}", "a list of providers"),
        (json.dumps([{**ENTRY, "secret": ""}]), "entry 1: it lacks secret"),
        (json.dumps([{**ENTRY, "tenant": "x"}]), "has tenant, which is unknown"),
        (json.dumps([ENTRY, ENTRY]), "names force twice"),
        (json.dumps([{**ENTRY, "id": "a/b"}]), "letters, digits and hyphens"),
        (json.dumps([{**ENTRY, "agency": "police"}]), "partnership/agency"),
        (json.dumps([{**ENTRY, "server": "http://login.example/"}]), "begin with https"),
    ],
)
def test_a_file_of_providers_that_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        providers_from(text)


def test_a_file_of_providers_is_read() -> None:
    [read] = providers_from(json.dumps([ENTRY])).values()
    assert (read.server, read.second_factor) == ("https://login.example/", False)


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_the_way_by_a_provider_never_leads_out_of_the_hub(
    wanted: str, cast: Cast, provider: Provider
) -> None:
    for also in ("", "&process=redirect", "&process=connect"):
        client, answer = _sign_in("p-1", wanted + also)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/"), also
        assert client.get("/episodes/").status_code == 200


def test_the_provider_is_asked_what_the_hub_asks_and_not_what_a_link_adds(
    cast: Cast, provider: Provider
) -> None:
    asked_at = _there(Client(), "/&scope=admin&auth_params=prompt%3Dnone%26redirect_uri%3Dx")
    asked = parse_qs(urlsplit(asked_at).query)
    assert "admin" not in asked["scope"][0].split()
    assert "prompt" not in asked
    assert [urlsplit(back).path for back in asked["redirect_uri"]] == [f"{WAY}back/"]
    assert asked["code_challenge_method"] == ["S256"]


def test_a_link_on_another_site_signs_nobody_in_and_nobody_else(
    cast: Cast, provider: Provider
) -> None:
    for site in ("cross-site", "same-site"):
        answer = Client().get(WAY, headers={"sec-fetch-site": site})
        assert answer.headers["Location"] == "/sign-in/"
    nora = Client()
    nora.force_login(cast.people["nora"])
    assert nora.get(f"{WAY}?process=connect").headers["Location"] == "/"
    assert "Nora Whitby" in nora.get("/account/").content.decode()
