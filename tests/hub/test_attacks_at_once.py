"""Many tries sent at the same moment: none finds the others uncounted, no code is used twice."""

from collections.abc import Callable, Iterator
from threading import Barrier
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings

from hub.audit.models import AuditEvent
from tests.cast import PASSWORD, Cast
from tests.hub.test_factors import SECRET, code_of, signed_in_by_form
from tests.hub.test_moments import WAIT, apart

pytestmark = [
    pytest.mark.race,
    pytest.mark.timeout(120),
    pytest.mark.django_db(transaction=True, databases=["default", "remembered"]),
]
TRIES = 8


@pytest.fixture(autouse=True)
def nothing_remembered(transactional_db: None) -> Iterator[None]:
    with override_settings(REMEMBERED_IN="remembered"):  # as in production
        cache.clear()
        yield
        cache.clear()


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """Do them all at the same moment, each on a connection of its own."""
    start = Barrier(len(deeds))

    def begin(deed: Callable[[], Any]) -> Callable[[], Any]:
        def work() -> Any:
            start.wait(WAIT)
            return deed()

        return work

    return [future.result(WAIT * 2) for future in [apart(begin(deed)) for deed in deeds]]


def test_of_many_passwords_tried_at_once_five_are_looked_at(cast: Cast) -> None:
    def guess(number: int) -> Callable[[], str]:
        typed = {"username": "amira", "password": f"guess-number-{number}"}
        browser = Client(REMOTE_ADDR=f"192.0.2.{number}")
        return lambda: browser.post("/sign-in/", typed).content.decode()

    pages = at_once([guess(number) for number in range(TRIES)])
    looked_at = [page for page in pages if "The user name or password is wrong" in page]
    assert len(looked_at) <= 5
    assert all("too many wrong attempts" in page for page in pages if page not in looked_at)
    assert AuditEvent.objects.filter(event="signed.in.refused", reference="amira").count() == TRIES
    right = Client().post("/sign-in/", {"username": "amira", "password": PASSWORD})
    assert right.status_code == 422


@pytest.mark.parametrize("kind", ["telephone", "recovery"])
def test_a_code_sent_by_two_at_once_lets_one_in(kind: str, cast: Cast) -> None:
    amira = cast.people["amira"]
    TOTP.activate(amira, SECRET)
    recovery = RecoveryCodes.activate(amira).get_unused_codes()[0]
    waiting = [signed_in_by_form() for _each in range(3)]
    code = code_of(SECRET) if kind == "telephone" else recovery

    def send(client: Client, led: str) -> Callable[[], int]:
        return lambda: client.post(led, {"code": code}).status_code

    answers = at_once([send(client, led) for client, led in waiting])
    assert sorted(answers) == [302, 422, 422]


def test_colleagues_behind_one_address_do_not_wait_for_each_others_requests(cast: Cast) -> None:
    """Whoever signs in counts a try of the address; the others count theirs while that request goes on."""
    browser = Client()
    with transaction.atomic():  # a request that has counted its try, and takes long for the rest
        assert (
            browser.post("/sign-in/", {"username": "amira", "password": "wrong"}).status_code == 422
        )
        typed = {"username": "ben", "password": PASSWORD}
        other = apart(lambda: Client().post("/sign-in/", typed).status_code)
        assert other.result(WAIT) == 302
