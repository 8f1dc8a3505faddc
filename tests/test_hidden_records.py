"""A restricted record, and one from which a person is shut out: for them it is not there, on either wall."""

import re
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hub.access.context import acting_for
from hub.access.rules import Purpose
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.recording.actions import keep_draft
from referrals.children.models import Child
from referrals.grants.actions import restrict, shut_out
from tests.access_matrix import MATRIX
from tests.cast import Cast, ClientFor
from tests.laid import KINDS, TABLE, lay_the_cast
from tests.sampled import drawn
from tests.test_access_matrix import _address as address
from tests.test_second_wall import numbers, seeing_as
from tests.whole_case import make_whole_case

ABSENT = 999_999_999
DIFFERS = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|="\d+"'
)  # the token, the session's clock


def _lay_the_hidden() -> Cast:
    cast: Cast = lay_the_cast()
    make_whole_case(cast)
    restrict(child=cast.shared.child, because="Confidential.", by=cast.people["dev"])
    shut_out(
        child=cast.unshared.child, person=cast.people["ben"], because="A neighbour.", by=operator()
    )
    return cast


KINDS |= {"hidden_ones": _lay_the_hidden}


@pytest.fixture
def hidden_ones(cast: Cast) -> Cast:
    """Kit Marden's record is restricted to dev and amira; ben is shut out of Rae Quillan's."""
    assert TABLE.kind == "hidden_ones"
    return cast


def shown(model: type[Model], user: User) -> set[Any]:
    rows: Any = model._default_manager.all()
    return set(rows.visible_to(user).values_list("pk", flat=True))


def test_who_is_named_sees_it_and_nobody_else_does(hidden_ones: Cast) -> None:
    kit, rae = hidden_ones.shared.child_id, hidden_ones.unshared.child_id
    seen = {name: shown(Child, user) & {kit, rae} for name, user in hidden_ones.people.items()}
    assert seen["dev"] == seen["amira"] == {kit, rae}
    assert seen["nora"] == {rae}
    none = ("ana", "ben", "chloe", "femi", "erin", "bea", "otto", "sid")
    assert not any(seen[name] for name in none)


def test_a_report_still_counts_what_is_hidden(hidden_ones: Cast) -> None:
    for name in ("ben", "nora"):
        with seeing_as(hidden_ones.people[name]):
            few = len(numbers("referrals_episode"))
            with acting_for(Purpose.REPORT):
                assert len(numbers("referrals_episode")) == 2 > few


@pytest.mark.parametrize("person", drawn(["nora", "chloe"], 1))
def test_hidden_and_absent_are_the_same_page(
    person: str, hidden_ones: Cast, client_for: ClientFor
) -> None:
    browser: Client = client_for(hidden_ones.people[person])
    kit = hidden_ones.shared.child_id
    for page in (name for name in MATRIX if name.startswith("risk-child")):
        there = address(page, hidden_ones)
        nowhere = there.replace(f"/{kit}/", f"/{ABSENT}/", 1)
        assert nowhere != there
        assert plain(browser, there) == plain(browser, nowhere), page


def test_the_database_is_asked_the_same_of_hidden_and_absent(
    hidden_ones: Cast, client_for: ClientFor
) -> None:
    """So neither takes longer (tests/drill/test_response_times.py measures it)."""
    browser = client_for(hidden_ones.people["nora"])
    kit, reference = hidden_ones.shared.child_id, hidden_ones.shared.reference

    def asked(number: int, text: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/children/{number}/")
            browser.post(reverse("referrals-search"), {"text": text}, follow=True)
        return [re.sub(r"'[^']*'|\d+", "", query["sql"]) for query in queries]

    asked(kit, reference)  # what the first request of all looks up
    assert asked(kit, reference) == asked(ABSENT, f"X{reference}")


def plain(browser: Client, asked: str) -> tuple[int, str]:
    """A page without what differs each time: its token, its clock, and the address that was asked for."""
    answer = browser.get(asked)
    assert answer.status_code == 404
    return answer.status_code, DIFFERS.sub("", answer.content.decode()).replace(asked, "")


def test_search_caseload_and_home_do_not_count_it(hidden_ones: Cast, client_for: ClientFor) -> None:
    browser = client_for(hidden_ones.people["nora"])
    found = browser.post(
        reverse("referrals-search"), {"text": hidden_ones.shared.reference}, follow=True
    )
    caseload = browser.get(reverse("referrals-caseload"))
    for page in (found, browser.get("/"), caseload):
        assert page.status_code == 200
        assert "Marden" not in page.content.decode()
    links = f"/children/{hidden_ones.shared.child_id}/"
    assert links not in found.content.decode()
    assert hidden_ones.unshared.reference in caseload.content.decode()
    assert hidden_ones.shared.reference not in caseload.content.decode()


def test_a_draft_about_it_is_not_listed_to_one_from_whom_it_is_hidden_since(
    cast: Cast, client_for: ClientFor
) -> None:
    ben, child = cast.people["ben"], cast.shared.child
    for where, title in ((f"/children/{child.pk}/notes/new/", "Kept"), ("/search/", "Plain")):
        keep_draft(address=where, title=title, answers={}, now=timezone.now(), by=ben)
    assert "Kept" in client_for(ben).get("/").content.decode()
    shut_out(child=child, person=ben, because="A neighbour.", by=operator())
    page = client_for(ben).get("/").content.decode()
    assert "Kept" not in page
    assert "Plain" in page
