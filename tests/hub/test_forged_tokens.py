"""ID tokens that somebody between hub and provider changed: none lets anybody in."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa

from hub.accounts.rules import Provider
from tests.cast import Cast
from tests.hub.test_single_sign_on import _known, _sign_in, server
from tests.sampled import drawn

__all__ = ["server"]  # the provider that is started there
Forge = Callable[[str, dict[str, Any]], str | None]
OWN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PASSED_ON = {"Content-Type", "Location", "Set-Cookie"}


@contextmanager
def between(provider: str, forge: Forge) -> Iterator[str]:
    """Stand before the real provider, pass everything on, and forge the ID token in its answer."""

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass_on("GET", b"")

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._pass_on("POST", self.rfile.read(length))

        def _pass_on(self, method: str, body: bytes) -> None:
            answer = requests.request(
                method, provider + self.path, data=body, headers=dict(self.headers),
                allow_redirects=False, timeout=10,
            )  # fmt: skip
            sent = answer.content
            if "id_token" in (told := _json(sent)):
                forged = forge(
                    told["id_token"], _json(requests.get(f"{provider}/jwks", timeout=10).content)
                )
                told = {**told, "id_token": forged}
                sent = json.dumps({key: value for key, value in told.items() if value}).encode()
            self.send_response(answer.status_code)
            for name in PASSED_ON & set(answer.headers):
                self.send_header(name, answer.headers[name])
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Passing) as standing:
        Thread(target=standing.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{standing.server_port}"
        standing.shutdown()


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def at(address: str) -> Provider:
    """The entry of the police's provider, at that address."""
    return Provider("force", "Police", "bradford/police", address, "hub", "invented")


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def signed(token: str, key: Any = OWN_KEY, algorithm: str = "RS256", **changed: Any) -> str:
    """Sign the claims anew, with some changed, under the number of the provider's own key."""
    kid = jwt.get_unverified_header(token).get("kid")
    named = {"kid": kid} if kid else {}
    return jwt.encode({**claims_of(token), **changed}, key, algorithm=algorithm, headers=named)


def payload_changed(token: str, keys: dict[str, Any]) -> str:
    head, _body, signature = token.split(".")
    other = jwt.encode({**claims_of(token), "sub": "p-3"}, "x" * 32).split(".")[1]
    return f"{head}.{other}.{signature}"


FORGED: dict[str, Forge] = {
    "signed by another key": lambda token, keys: signed(token),
    "of another person": payload_changed,
    "not signed": lambda token, keys: jwt.encode(claims_of(token), "", algorithm="none"),
    "signed with the hub's secret": lambda token, keys: signed(token, "invented" * 8, "HS256"),
    "no token": lambda token, keys: None,
    "no token at all": lambda token, keys: "x",
}


@pytest.mark.parametrize("kind", drawn(FORGED, 3))
def test_a_forged_id_token_lets_nobody_in(kind: str, cast: Cast, server: str) -> None:
    with between(server, FORGED[kind]) as address, _known(at(address)):
        client, answer = _sign_in("p-1")
        assert answer.headers["Location"] == "/sign-in/"
        assert "did not work" in client.get("/sign-in/").content.decode()
        assert client.get("/episodes/").status_code == 302
    assert not SocialAccount.objects.exists()


def test_what_is_passed_on_as_it_is_lets_the_person_in(cast: Cast, server: str) -> None:
    with between(server, lambda token, keys: token) as address, _known(at(address)):
        client, _answer = _sign_in("p-1")
        assert client.get("/episodes/").status_code == 200


@contextmanager
def signing(server: str, **changed: Any) -> Iterator[str]:
    """Stand before the provider as one that signs itself: its keys are ours, some claims are changed."""
    number = {"kid": "own", "alg": "RS256", "use": "sig"}
    keys = {
        "keys": [
            {**jwt.algorithms.RSAAlgorithm.to_jwk(OWN_KEY.public_key(), as_dict=True), **number}
        ]
    }

    def forge(token: str, _keys: dict[str, Any]) -> str:
        told = {**claims_of(token), **changed}
        told = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(told, OWN_KEY, algorithm="RS256", headers={"kid": "own"})

    real = requests.sessions.Session.get

    def get(self: Any, url: str, **told: Any) -> Any:
        answer = real(self, url, **told)
        if url.endswith("/jwks"):
            answer._content = json.dumps(keys).encode()
        return answer

    with pytest.MonkeyPatch.context() as patched, between(server, forge) as address:
        patched.setattr(requests.sessions.Session, "get", get)
        yield address


@pytest.mark.parametrize(
    ("changed", "is_in"),
    [
        ({}, True),
        ({"aud": "another-service"}, False),
        ({"iss": "https://elsewhere.example"}, False),
        ({"exp": int(time.time()) - 3600}, False),
        ({"exp": None}, False),
        ({"sub": "p-3"}, False),  # the token is of one person, the description of another
    ],
)
def test_a_token_that_is_signed_rightly_is_the_hubs_and_in_time(
    changed: dict[str, Any], is_in: bool, cast: Cast, server: str
) -> None:
    with signing(server, **changed) as address, _known(at(address)):
        client, _answer = _sign_in("p-1")
        assert (client.get("/episodes/").status_code == 200) is is_in


@contextmanager
def named(issuer: str) -> Iterator[None]:
    """Let the description name another issuer than the address of the entry."""
    real = requests.sessions.Session.get

    def get(self: Any, url: str, **told: Any) -> Any:
        answer = real(self, url, **told)
        if url.endswith("/openid-configuration"):
            answer._content = json.dumps({**answer.json(), "issuer": issuer}).encode()
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(requests.sessions.Session, "get", get)
        yield


def test_a_description_that_names_another_issuer_is_not_believed(cast: Cast, server: str) -> None:
    elsewhere = "https://elsewhere.example"
    with signing(server, iss=elsewhere) as address, named(elsewhere), _known(at(address)):
        client, answer = _sign_in("p-1")
        assert answer.headers["Location"] == "/sign-in/"
        assert client.get("/episodes/").status_code == 302
