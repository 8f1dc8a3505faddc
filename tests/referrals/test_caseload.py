"""The caseload: who sees whom, in which order, in which words."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from partners.agencies.models import Post
from referrals.caseload.rules import worker_code
from referrals.caseload.views import CaseloadPage, caseload_page
from referrals.support.models import ServiceReferral
from tests.cast import Cast, ClientFor
from tests.make import (
    allocate,
    make_caseload,
    make_child,
    make_episode,
    make_review,
    refer_to_service,
    set_level,
)

TODAY = date(2026, 3, 27)


def _page(client: Client, query: str = "") -> str:
    response = client.get(f"/episodes/{query}")
    assert response.status_code == 200
    return response.content.decode()


def _rows(user: User, today: date = TODAY, query: str = "") -> CaseloadPage:
    return caseload_page(user, QueryDict(query), today)


@pytest.mark.parametrize("person", ["amira", "ben", "dev", "nora"])
def test_the_hub_sees_its_own_partnership_and_no_other(
    person: str, cast: Cast, client_for: ClientFor
) -> None:
    page = _page(client_for(cast.people[person]))
    assert "Marden, Kit" in page
    assert "Quillan, Rae" in page
    assert "Brightmore" not in page
    assert cast.elsewhere.reference not in page
    assert "2 open episodes." in page


def test_a_charity_worker_sees_the_child_of_the_own_service_and_nobody_else(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    page = _page(client)
    assert "Marden, Kit" in page
    assert "1 open episode." in page
    for address in ("/", "/episodes/", "/episodes/?page=2", "/nothing-here/"):
        shown = client.get(address).content.decode()
        for other in (cast.unshared, cast.elsewhere):
            assert other.reference not in shown
            assert other.child.reference not in shown
            assert other.child.surname not in shown


def test_a_charity_worker_without_a_child_is_told_why_the_list_is_empty(
    cast: Cast, femi: User, client_for: ClientFor
) -> None:
    page = _page(client_for(femi))
    assert "no open episode that you may see" in page
    assert "once your service has accepted the referral" in page
    assert "<table" not in page


@pytest.mark.parametrize(
    ("outcome", "ended"),
    [
        (ServiceReferral.Outcome.WAITING, False),
        (ServiceReferral.Outcome.DECLINED, False),
        (ServiceReferral.Outcome.ACCEPTED, True),
    ],
)
def test_a_referral_that_is_not_accepted_or_has_ended_shows_nothing(
    outcome: str, ended: bool, cast: Cast, femi: User, amira: User, client_for: ClientFor
) -> None:
    refer_to_service(
        episode=cast.unshared,
        service="larkfield",
        outcome=outcome,
        ended_on=TODAY if ended else None,
        by=amira,
    )
    assert "Quillan" not in _page(client_for(femi))


def test_an_empty_hub_says_that_the_next_referral_will_appear(
    cast: Cast, erin: User, client_for: ClientFor
) -> None:
    type(cast.elsewhere).objects.filter(pk=cast.elsewhere.pk).update(closed_on=TODAY)
    assert "The next referral will appear here." in _page(client_for(erin))


@pytest.mark.parametrize("person", ["bea", "otto", "sid", "gus"])
def test_a_role_that_opens_no_case_is_refused_and_told_whom_to_ask(
    person: str, cast: Cast, client_for: ClientFor
) -> None:
    response = client_for(cast.people[person]).get("/episodes/")
    page = response.content.decode()
    assert response.status_code == 403
    assert "<title>You cannot do this - CSE Hub</title>" in page
    assert "administrator" in page
    assert not AuditEvent.objects.filter(event="caseload.viewed").exists()


def test_one_whose_post_has_ended_sees_no_case_at_the_next_request(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    _page(client)
    Post.objects.filter(user=amira).update(ends_on=date(2020, 1, 1))
    # The session ends, for the person is not what they were when it began; then there is nothing to open.
    assert client.get("/episodes/").headers["Location"].startswith("/sign-in/")
    assert client_for(amira).get("/episodes/").status_code == 403


def test_a_closed_episode_leaves_the_list(cast: Cast, amira: User, client_for: ClientFor) -> None:
    child = make_child(partnership=cast.bradford, by=amira, surname="Oakley")
    make_episode(child=child, closed_on=TODAY, by=amira)
    assert "Oakley" not in _page(client_for(amira))


def test_a_row_says_the_level_in_words_and_what_is_not_recorded(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    set_level(episode=cast.shared, level="HIGH", set_on=date(2026, 3, 4), by=amira)
    allocate(episode=cast.shared, worker=amira, by=amira)
    page = _page(client_for(amira))
    assert '<span aria-hidden="true">■■■ </span>High</span>' in page
    assert "4 Mar 2026" in page
    assert "2 Mar 2026" in page
    # In the header, on paper, among the filters, as lead worker.
    assert page.count("Amira Sadler") == 4
    assert '<span aria-hidden="true">? </span>Not set</span>' in page
    assert page.count("None planned") == 3  # both reviews, and the filter
    assert page.count("Not allocated") == 2  # the other episode, and the filter
    assert page.count("Not recorded") == 1  # since when the other has its level
    assert 'data-label="Service">Northlight</td>' in page
    assert 'data-label="Service">None</td>' in page


def test_not_set_is_not_shown_as_no_risk(cast: Cast, amira: User) -> None:
    set_level(episode=cast.shared, level="NO_RISK", set_on=date(2026, 3, 4), by=amira)
    rows = {row.name: row.level for row in _rows(amira).rows}
    assert rows == {"Marden, Kit": "NO_RISK", "Quillan, Rae": ""}


@pytest.mark.parametrize(
    ("due_on", "note"),
    [
        (date(2026, 4, 4), ""),
        (date(2026, 4, 3), "in 7 days"),
        (date(2026, 3, 29), "in 2 days"),
        (date(2026, 3, 28), "due tomorrow"),
        (date(2026, 3, 27), "due today"),
        (date(2026, 3, 26), "1 working day over"),
        (date(2026, 3, 20), "5 working days over"),
        (date(2026, 3, 22), "5 working days over"),
    ],
)
def test_a_late_or_near_review_is_said_in_words(
    due_on: date, note: str, cast: Cast, erin: User
) -> None:
    make_review(episode=cast.elsewhere, due_on=due_on, by=erin)
    (row,) = _rows(erin).rows
    assert (row.review_due_on, row.review_note) == (due_on, note)


def test_a_review_due_at_the_weekend_is_overdue_on_the_next_day(cast: Cast, erin: User) -> None:
    make_review(episode=cast.elsewhere, due_on=date(2026, 3, 21), by=erin)
    (row,) = _rows(erin, date(2026, 3, 22)).rows
    assert row.review_note == "overdue"


def test_the_earliest_review_comes_first_and_those_without_one_last(
    cast: Cast, amira: User
) -> None:
    child = make_child(partnership=cast.bradford, by=amira, surname="Aldous")
    early = make_episode(child=child, by=amira)
    make_review(episode=cast.unshared, due_on=TODAY + timedelta(days=9), by=amira)
    make_review(episode=early, due_on=TODAY - timedelta(days=9), by=amira)
    names = [row.name for row in _rows(amira).rows]
    assert names == ["Aldous, Jodie", "Quillan, Rae", "Marden, Kit"]


def test_the_page_asks_the_database_the_same_with_one_episode_and_with_thirty(
    cast: Cast, erin: User, client_for: ClientFor
) -> None:
    client = client_for(erin)
    client.get("/")  # a session's first page notes when it began
    with CaptureQueriesContext(connection) as one:
        assert _page(client).count("<tr") == 3  # headings, filters, one episode
    make_caseload(partnership=cast.kirklees, number=29, by=erin)
    with CaptureQueriesContext(connection) as thirty:
        assert _page(client).count("<tr") == 32
    assert len(one) == len(thirty)


def test_a_long_list_is_read_page_by_page(cast: Cast, erin: User, client_for: ClientFor) -> None:
    make_caseload(partnership=cast.kirklees, number=110, by=erin)
    client = client_for(erin)
    first, second, last = (_page(client, f"?page={number}") for number in (1, 2, 3))
    assert "1 to 50 of 111 open episodes." in first
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'rel="prev"' in second
    assert 'rel="next"' not in last
    shown = [
        re.findall(r"data-label=\"Reference\"><a [^>]+>([^<]+)<", page)
        for page in (first, second, last)
    ]
    assert [len(page) for page in shown] == [50, 50, 11]
    assert len({reference for page in shown for reference in page}) == 111


@pytest.mark.parametrize(
    "number", ["0", "-1", "x", "", "1e9", "٣", "9" * 400, "9" * 5000, "1.5", "%F0%9F%92%A9", "1;2"]
)
def test_a_page_number_that_is_none_gives_the_nearest_page(
    number: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    assert "2 open episodes." in _page(client_for(amira), f"?page={number}")


def test_viewing_the_caseload_is_on_the_trail_with_what_was_seen(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    _page(client_for(chloe))
    event = AuditEvent.objects.get(event="caseload.viewed")
    assert (event.username, event.role, event.partnership_id) == (
        "chloe",
        "support_worker",
        cast.bradford.pk,
    )
    assert event.after == {"episodes": [cast.shared.reference], "query": ""}


def test_the_page_is_marked_and_its_title_names_nobody(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    page = _page(client_for(amira))
    assert "<strong>OFFICIAL-SENSITIVE.</strong> Viewing is recorded." in page
    assert "<title>Caseload - CSE Hub</title>" in page


def test_no_link_of_the_page_bears_a_name(cast: Cast, amira: User, client_for: ClientFor) -> None:
    allocate(episode=cast.shared, worker=amira, by=amira)
    make_review(episode=cast.shared, due_on=london_date(timezone.now()), by=amira)
    code = worker_code(amira.name)
    page = client_for(amira).get(f"/episodes/?worker={code}").content.decode()
    links = re.findall(r'(?:href|action)="([^"]*)"', page)
    assert any(code in link for link in links)
    assert not [link for link in links if "Amira" in link or "Marden" in link]
