"""The frame of every page: headers, home, and what is said when something goes wrong."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import pytest
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from hub.accounts.models import User
from hub.errors import Conflict
from hub.site.middleware import with_room, without_codecs
from hub.urls import urlpatterns as our_addresses
from tests.cast import ClientFor


def _fault(request: HttpRequest, typed: str = "") -> HttpResponse:
    raise RuntimeError("a fault of ours, with a secret: xyzzy")


def _conflict(request: HttpRequest) -> HttpResponse:
    raise Conflict("The level was changed meanwhile. Look at it again.")


def _forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [
    *our_addresses,
    path("fault/", _fault),
    path("fault/<str:typed>/", _fault),
    path("conflict/", _conflict),
    path("forbidden/", _forbidden),
]
handler400 = "hub.site.views.bad_request"
handler403 = "hub.site.views.forbidden"
handler404 = "hub.site.views.not_found"
handler500 = "hub.site.views.server_error"


@pytest.fixture
def faulty_addresses() -> Iterator[None]:
    """The hub's addresses, and two more whose pages fail."""
    with override_settings(ROOT_URLCONF=__name__):
        yield


def _title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page)
    assert found
    return found[1]


def assert_safe_headers(response: HttpResponseBase) -> None:
    """What every answer carries, whatever became of the request."""
    csp = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in csp
    assert "unsafe" not in csp
    assert "no-store" in response.headers["Cache-Control"]  # the sign-in library says it at length
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


ANSWERS = [
    ("/", 200),
    ("/episodes/", 200),
    ("/sign-in/", 302),
    ("/sign-out/", 405),
    ("/health/", 200),
    ("/nothing-here/", 404),
    ("/episodes", 301),
    ("/?page=%00", 400),
    ("/fault/", 500),
    ("/conflict/", 409),
    ("/forbidden/", 403),
]


@pytest.mark.parametrize(("address", "status"), ANSWERS)
def test_every_answer_carries_the_headers_that_keep_it_safe(
    address: str, status: int, amira: User, client_for: ClientFor, faulty_addresses: None
) -> None:
    client = client_for(amira)
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == status
    assert_safe_headers(response)


@pytest.mark.django_db
@pytest.mark.parametrize("behind_tls", [False, True])
def test_a_request_for_another_host_is_refused_with_the_same_headers(behind_tls: bool) -> None:
    with override_settings(SECURE_SSL_REDIRECT=behind_tls):
        response = Client().get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "could not be read" in response.content.decode()
    assert_safe_headers(response)


@override_settings(
    SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True
)
def test_behind_tls_every_answer_tells_browsers_to_come_by_tls_alone(
    amira: User, client_for: ClientFor, faulty_addresses: None
) -> None:
    client = client_for(amira)  # its chain of middleware is made with these settings
    client.raise_request_exception = False
    posts = [("/account/settings/", 422), ("/episodes/", 405)]
    answers = [(client.get(address, secure=True), status) for address, status in ANSWERS]
    answers += [(client.post(address, secure=True), status) for address, status in posts]
    style = Client().get("/static/hub.css", secure=True)
    assert b"".join(style)  # read to its end: the client closes it then
    answers.append((style, 200))
    for answer, status in answers:
        assert answer.status_code == status
        said = answer.headers["Strict-Transport-Security"]
        assert said == "max-age=31536000; includeSubDomains"


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_and_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "amira"})
    assert response.status_code == 403
    assert _title(response.content.decode()) == "This form has expired - CSE Hub"
    assert "reload the page" in response.content.decode()
    assert_safe_headers(response)


def test_a_fault_of_ours_shows_a_reference_that_is_in_the_log_and_nothing_of_the_fault(
    faulty_addresses: None,
    amira: User,
    client_for: ClientFor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = client_for(amira)
    client.raise_request_exception = False
    page = client.get("/fault/").content.decode()
    found = re.search(r"Reference: <strong>([0-9A-F]{8})</strong>", page)
    assert found
    assert f"fault {found[1]} was shown at fault/" in caplog.text
    client.get("/fault/Jodie-Fenwick/")
    ours = [r.getMessage() for r in caplog.records if r.name == "hub.site.views"]
    assert ours[1].endswith("was shown at fault/<str:typed>/")
    assert "Nothing of this step was saved" in page
    assert "xyzzy" not in page
    assert "Traceback" not in page
    assert amira.name not in page


def test_a_domain_error_becomes_a_page_with_its_message(
    faulty_addresses: None, amira: User, client_for: ClientFor
) -> None:
    response = client_for(amira).get("/conflict/")
    assert _title(response.content.decode()) == "Somebody else was there first - CSE Hub"
    assert "The level was changed meanwhile. Look at it again." in response.content.decode()


def test_what_django_itself_forbids_says_whom_to_ask(
    faulty_addresses: None, amira: User, client_for: ClientFor
) -> None:
    page = client_for(amira).get("/forbidden/").content.decode()
    assert _title(page) == "You cannot do this - CSE Hub"
    assert "ask your agency's administrator" in page


def test_an_unknown_address_says_what_to_do(amira: User, client_for: ClientFor) -> None:
    page = client_for(amira).get("/nothing-here/").content.decode()
    assert "nothing at this address that you may see" in page
    assert 'href="/"' in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_refused_method_gets_a_page_that_says_what_to_do(
    method: str, amira: User, client_for: ClientFor
) -> None:
    response = getattr(client_for(amira), method)("/episodes/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert "start from there" in response.content.decode()
    assert_safe_headers(response)


@pytest.mark.parametrize(
    "address", ["/%00", "/episodes/%00/", "/episodes/?page=%00", "/sign-in/?next=%00", "/?x=a%00b"]
)
def test_a_nul_in_an_address_is_refused(address: str, amira: User, client_for: ClientFor) -> None:
    response = client_for(amira).get(address)
    assert response.status_code == 400
    assert "could not be read" in response.content.decode()


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "other"])
@pytest.mark.django_db
def test_a_nul_in_a_cookie_is_refused(name: str, client: Client) -> None:
    # Python's cookie parser turns the quoted \000 into a real NUL.
    response = client.get("/", headers={"cookie": f'{name}="aaaaaaaa\\000aaaa"'})
    assert response.status_code == 400


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "unheard-of"])
@pytest.mark.django_db
def test_an_encoding_other_than_utf_8_is_refused(charset: str, client: Client) -> None:
    content_type = f"application/x-www-form-urlencoded; charset={charset}"
    for method in ("GET", "POST"):
        # In UTF-7 this query would hold a NUL that nobody sees in the address.
        response = client.generic(method, "/sign-in/?next=+AAA-", b"a=1", content_type)
        assert response.status_code == 400


CODECS = [
    "rot13",
    "zip",
    "base64",
    "undefined",
    "punycode",
    "idna",
    "a\0b",
    "latin-1",
    "unheard-of",
]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.django_db
def test_a_codec_by_which_django_itself_would_fall_is_refused_with_a_page(codec: str) -> None:
    """Through the server's own door: such a request falls before any middleware is asked."""
    environ = RequestFactory().get("/sign-in/").environ
    environ["CONTENT_TYPE"] = f"application/x-www-form-urlencoded; charset={codec}"
    answered: list[tuple[str, dict[str, str]]] = []

    def start(status: str, headers: list[tuple[str, str]], *_: object) -> object:
        answered.append((status, dict(headers)))
        return None

    page = b"".join(without_codecs(WSGIHandler())(environ, start))  # type: ignore[arg-type]  # a plain one
    [(status, headers)] = answered
    assert status.startswith("400")
    assert "could not be read" in page.decode()
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def _pages_asked_for(depth: int) -> int:
    """How often a loop, so many calls deep, had to ask the system for memory."""
    if depth:
        return _pages_asked_for(depth - 1)
    before = getrusage(RUSAGE_SELF).ru_minflt
    for _ in range(2_000):
        _is_even(7)
    return getrusage(RUSAGE_SELF).ru_minflt - before


def _is_even(number: int) -> bool:
    return not number or not _is_even(number - 1)


@pytest.mark.parametrize(
    ("called", "asks_at_each_turn"),
    [(_pages_asked_for, True), (with_room(_pages_asked_for), False)],
)
def test_with_room_a_loop_asks_for_no_memory_however_deep_it_is(
    called: Callable[[int], int], asks_at_each_turn: bool
) -> None:
    """Without it some depth does: where a new Python has cured that, the room can go."""
    with ThreadPoolExecutor(1) as thread:  # this one has room already
        most = max(thread.map(called, range(200)))
    assert (most > 1_000) == asks_at_each_turn


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
@pytest.mark.django_db
def test_utf_8_is_taken_however_it_is_written(charset: str, client: Client) -> None:
    content_type = f"application/x-www-form-urlencoded; charset={charset}"
    response = client.generic("POST", "/sign-in/", b"username=a", content_type)
    assert response.status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"username=a"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1500))),
        ("application/x-www-form-urlencoded", b"username=" + b"a" * 3_000_000),
    ],
    ids=["broken parts", "no boundary", "another charset", "too many fields", "too long"],
)
@pytest.mark.django_db
def test_a_body_that_no_browser_sends_is_refused(body: tuple[str, bytes], client: Client) -> None:
    response = client.generic("POST", "/sign-in/", data=body[1], content_type=body[0])
    assert response.status_code in (400, 422)


@pytest.mark.django_db
def test_health_answers_anybody_with_nothing_but_that_it_lives(client: Client) -> None:
    response = client.get("/health/")
    assert response.json() == {"status": "ok"}


PAGES = ["/", "/episodes/", "/nothing-here/", "/?x=%00"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_its_landmarks_and_nothing_inline(
    address: str, amira: User, client_for: ClientFor
) -> None:
    page = client_for(amira).get(address).content.decode()
    assert '<html lang="en"' in page
    assert 'href="#main-content" class="govuk-skip-link"' in page
    assert page.count("<main ") == page.count("<h1 ") == page.count("<header ") == 1
    assert not re.search(r"<script(?! src=)", page)
    assert "<style" not in page
    assert not re.search(r"\s(style|on\w+)=", page)


@pytest.mark.django_db
def test_static_files_are_served_and_may_be_kept(client: Client) -> None:
    response = client.get("/static/hub.css")
    assert response.status_code == 200
    assert "max-age" in response.headers["Cache-Control"]
    assert "no-store" not in response.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in response.headers
    response.close()


def test_production_collects_static_files_under_names_with_their_hash(tmp_path: Path) -> None:
    backend = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES={"staticfiles": backend}):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert list(tmp_path.glob("hub.????????????.css.gz"))
    assert (tmp_path / "staticfiles.json").exists()


def test_the_compiled_styles_hold_nothing_that_belongs_to_gov_uk() -> None:
    (file,) = Path("hub/site/static").glob("govuk-frontend-*.min.css")
    styles = file.read_text(encoding="utf-8")
    assert "@font-face" not in styles
    assert "url(" not in styles
    assert "crest" not in styles
    assert "MIT License" in Path("hub/site/static/LICENCE-govuk-frontend.txt").read_text()
