"""The log holds what an operator needs and nothing about a person: pages are driven, and it is read."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from celery.app.trace import logger as celery_logger
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from django.urls.converters import IntConverter

from hub.accounts.models import User
from hub.logs.lines import JsonLines, current_request
from hub.logs.middleware import UNKNOWN, log_requests, path_of
from hub.urls import urlpatterns as our_addresses
from tests.cast import PASSWORD, Cast, ClientFor
from tests.make import make_child, make_episode

Lines = list[dict[str, Any]]
CANARY = "Zebrafinch"
REFERENCE = "ZBF-771"
SECRETS = (CANARY, REFERENCE, "zebrafinch", PASSWORD, "Amira", "Sadler", "amira")
FIELDS = (
    "username",
    "password",
    "q",
    "search",
    "name",
    "surname",
    "forenames",
    "reference",
    "text",
)


class Captured(logging.StreamHandler[io.StringIO]):
    """Everything that would go to standard error, as production writes it."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.setFormatter(JsonLines())

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> Lines:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def captured() -> Iterator[Captured]:
    handler, root = Captured(), logging.getLogger()
    root.addHandler(handler)
    with patch.object(root, "level", logging.INFO):
        yield handler
    root.removeHandler(handler)


def told(record: logging.LogRecord) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(JsonLines().format(record))
    return line


def record(name: str, message: str, *values: object, error: BaseException | None = None) -> Any:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, "file.py", 1, message, values, info)


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


# --- one line for a request --------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_request_leaves_one_line_with_who_what_and_how_long(
    captured: Captured, client_for: ClientFor, amira: User
) -> None:
    response = client_for(amira).get("/", {"q": CANARY})
    (line,) = [line for line in captured.lines if line["event"] == "request"]
    assert line.pop("time").endswith("+00:00")
    assert line.pop("milliseconds") >= 0
    assert line == {
        "level": "INFO",
        "logger": "hub.logs.middleware",
        "event": "request",
        "request": response.headers["X-Request-ID"],
        "person": amira.pk,
        "method": "GET",
        "path": "/",
        "status": 200,
    }


@pytest.mark.django_db
def test_two_requests_have_two_numbers_and_a_stranger_has_none(
    captured: Captured, client: Client
) -> None:
    client.get("/health/")
    client.get("/health/")
    first, second = captured.lines
    assert first["request"] != second["request"]
    assert "person" not in first
    assert current_request.get() is None


@pytest.mark.django_db
def test_a_request_of_no_known_method_is_logged_without_its_words(
    captured: Captured, client: Client
) -> None:
    client.generic(CANARY.upper(), "/health/")
    assert [line["method"] for line in captured.lines if "method" in line] == ["other"]


def test_a_view_that_no_request_reached_notes_nobody() -> None:
    middleware: Any = log_requests(lambda request: HttpResponse())
    assert middleware.process_view(RequestFactory().get("/"), _page, (), {}) is None


def _page(request: HttpRequest, **_: object) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize(
    ("route", "address", "shown"),
    [
        ("episodes/<int:pk>/", "/episodes/7/", "/episodes/7/"),
        ("people/<str:name>/", f"/people/{CANARY}/", "/people/<str:name>/"),
        ("a/<int:pk>/<slug:name>/", f"/a/7/{CANARY}/", "/a/<int:pk>/<slug:name>/"),
    ],
)
def test_words_in_an_address_are_left_out_and_numbers_stay(
    route: str, address: str, shown: str
) -> None:
    request = RequestFactory().get(address, {"q": CANARY})
    request.resolver_match = path(route, _page).resolve(address[1:])
    assert path_of(request) == shown


def test_an_address_that_nobody_gave_may_hold_anything_and_is_not_kept() -> None:
    assert path_of(RequestFactory().get(f"/{CANARY}/")) == UNKNOWN
    assert path_of(RequestFactory().get("/static/hub.css")) == "/static/hub.css"


# --- what others write -------------------------------------------------------------------------------


def test_a_library_s_message_keeps_its_own_words_and_loses_the_values() -> None:
    assert (
        told(record("django.request", "Not Found: %s", f"/{CANARY}/"))["event"] == "Not Found: %s"
    )
    assert told(record("hub.site", "%d put right", 3))["event"] == "3 put right"


def test_an_exception_is_known_by_its_kind_and_place_and_quotes_nothing() -> None:
    quoting = raised(IntegrityError(f"DETAIL: Failing row contains ({CANARY})."))
    line = told(record("django.request", "Internal Server Error: %s", "/x/", error=quoting))
    assert line["error"] == "IntegrityError"
    assert line["where"][-1].endswith(" raised")
    assert "detail" not in line
    assert CANARY not in json.dumps(line)


def test_a_library_that_says_what_an_exception_says_is_not_quoted_either() -> None:
    line = told(record("django.security.DisallowedHost", CANARY, error=raised(ValueError(CANARY))))
    assert line["event"] == "ValueError"


def test_what_is_wrong_with_a_setting_is_said() -> None:
    fault = raised(ImproperlyConfigured("HUB_DEBUG is 1 behind TLS."))
    line = told(record("gunicorn.error", "Exception in worker process", error=fault))
    assert line["detail"] == "HUB_DEBUG is 1 behind TLS."


def test_a_task_is_known_by_its_name_and_number_and_not_by_what_it_was_given(
    captured: Captured,
) -> None:
    data = {"name": "reporting.import", "id": "4c1e", "args": [CANARY], "exc": f"bad {CANARY}"}
    celery_logger.error("Task %(name)s[%(id)s] raised: %(exc)s", data, extra={"data": data})
    (line,) = captured.lines
    assert (line["task"], line["task_id"]) == ("reporting.import", "4c1e")
    assert CANARY not in captured.text


def test_a_record_with_odd_extras_is_still_a_line() -> None:
    odd = record("celery", "hello")
    odd.data, odd.answer = "a word", "another"
    assert set(told(odd)) == {"time", "level", "logger", "event"}


# --- canaries ----------------------------------------------------------------------------------------


def _faulty(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(f"{CANARY} {REFERENCE}")


urlpatterns = [*our_addresses, path("faulty/", _faulty, name="faulty")]
handler400 = "hub.site.views.bad_request"
handler403 = "hub.site.views.forbidden"
handler404 = "hub.site.views.not_found"
handler500 = "hub.site.views.server_error"


def addresses(patterns: list[Any], number: int, given: dict[str, Any]) -> Iterator[str]:
    """Every address of the hub: numbers are those of a record, words are the canary."""
    for entry in patterns:
        words = {
            name: number if isinstance(converter, IntConverter) else CANARY
            for name, converter in entry.pattern.converters.items()
        }
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, number, given | words)
        elif isinstance(entry, URLPattern) and entry.name != "hub-sign-out":
            yield reverse(str(entry.name), kwargs=given | words)


# After these nothing else is shown: they come last.
ENDINGS = ("/hide/", "/show/")


@pytest.mark.long
@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_no_page_no_form_and_no_fault_writes_a_name_or_a_reference_into_the_log(
    captured: Captured, cast: Cast, client_for: ClientFor, dev: User
) -> None:
    by = cast.people["amira"]
    child = make_child(partnership=cast.bradford, by=by, surname=CANARY, reference=REFERENCE)
    episode = make_episode(child=child, by=by, reference=f"E-{REFERENCE}")
    seen = ""
    for person in (dev, None):
        browser = client_for(person)
        browser.raise_request_exception = False
        everywhere = addresses(get_resolver(__name__).url_patterns, episode.pk, {})
        for address in sorted(everywhere, key=ENDINGS.__contains__):
            seen += browser.get(address, {"q": CANARY}).content.decode(errors="replace")
            browser.post(address, dict.fromkeys(FIELDS, CANARY))
        browser.get(f"/{CANARY}/")
        browser.get("/", {"q": CANARY}, headers={"host": f"{CANARY}.example"})
        browser.post("/sign-in/", {"username": "amira", "password": PASSWORD})
    assert CANARY in seen, "some page showed the child: what is tried is there"
    statuses = {line["status"] for line in captured.lines if "status" in line}
    assert {200, 302, 400, 404, 422, 500} <= statuses
    found = [secret for secret in SECRETS if secret in captured.text]
    assert found == []


def test_a_plain_developers_line_would_have_told() -> None:
    """The same fault in the usual form: the test above can fail."""
    quoting = record("django.request", "%s", "x", error=raised(RuntimeError(CANARY)))
    assert CANARY in logging.Formatter("%(message)s").format(quoting)


def test_the_log_of_the_settings_is_written_so() -> None:
    logging_settings: dict[str, Any] = settings.LOGGING
    assert logging_settings["formatters"]["json"]["()"] == "hub.logs.lines.JsonLines"
    assert logging_settings["handlers"]["stderr"]["formatter"] == "json"
    assert settings.MIDDLEWARE[0] == "hub.logs.middleware.log_requests"
