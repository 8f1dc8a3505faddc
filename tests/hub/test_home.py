"""The home page of each role: what needs the person, what should be empty, what they looked at last."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from referrals.episodes.models import Episode
from risk.home.views import HomePage, home_page
from tests.cast import Cast, ClientFor
from tests.make import (
    make_caseload,
    make_child,
    make_episode,
    make_review,
    refer_to_service,
    set_level,
)

TODAY = date(2026, 3, 27)
NAMED = re.compile(r'<span class="hub-figure__number">(\d+)</span>(?:<a[^>]*href="([^"]*)">)?')


def _home(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def _page(user: User, today: date = TODAY) -> HomePage:
    page = home_page(user, today)
    assert page is not None
    return page


def test_home_says_who_one_is_and_leads_to_the_caseload(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    page = _home(client_for(amira))
    assert "<title>Home - CSE Hub</title>" in page
    assert "Amira Sadler" in page
    assert "Hub social worker" in page
    assert "Children&#x27;s Social Care" in page
    assert "CSE Hub, Bradford" in page
    assert 'aria-current="page">Home</a>' in page
    assert 'href="/episodes/"' in page


def test_the_longest_overdue_comes_first_at_most_seven_and_the_rest_is_counted(
    cast: Cast, erin: User
) -> None:
    make_caseload(partnership=cast.kirklees, number=40, by=erin)  # due from 2 March, a day apart
    page = _page(erin)
    assert page.heading == "Needs you"
    assert page.verb == "Review"
    assert [row.review_due_on for row in page.needs] == [
        date(2026, 3, 2) + timedelta(days=n) for n in range(7)
    ]
    numbers = [figure.number for figure in page.figures]
    assert numbers == [
        25,
        8,
        0,
    ]  # 2 to 26 March; 27 March to 3 April; all referred before yesterday
    assert page.more == 25 + 8 - 7


def test_who_does_not_record_levels_opens_instead_of_reviewing(cast: Cast, nora: User) -> None:
    make_review(episode=cast.shared, due_on=TODAY, by=cast.people["amira"])
    page = _page(nora)
    assert (page.heading, page.verb) == ("Reviews overdue or due within 7 days", "Open")
    assert len(page.needs) == 1


@pytest.mark.parametrize(("days", "said"), [(8, "Next review: 4 Apr 2026."), (None, "No review")])
def test_all_clear_says_when_the_next_review_is(
    days: int | None, said: str, cast: Cast, erin: User, client_for: ClientFor
) -> None:
    if days is not None:
        due = london_date(timezone.now()) + timedelta(days=days)
        make_review(episode=cast.elsewhere, due_on=due, by=erin)
        said = f"Next review: {due.day} {due:%b %Y}."
    page = _home(client_for(erin))
    assert "<strong>Nothing needs you.</strong>" in page
    assert said in page


def test_what_was_referred_since_yesterday_is_new(cast: Cast, erin: User) -> None:
    for days in (0, 1, 2):
        child = make_child(partnership=cast.kirklees, by=erin)
        make_episode(child=child, referred_on=TODAY - timedelta(days=days), by=erin)
    new = _page(erin).figures[2]
    assert (new.number, new.link) == (2, "/episodes/?since=2026-03-26")


def _exceptions(cast: Cast, amira: User) -> None:
    """Two of the first kind, one of the second, three of the third; and one of each that is none."""
    made = make_caseload(partnership=cast.bradford, number=3, by=amira)  # medium, with a review
    refer_to_service(episode=made[0], service="northlight", by=amira)
    for level, number in (("HIGH", 1), ("NO_RISK", 3)):
        for _each in range(number):
            child = make_child(partnership=cast.bradford, by=amira)
            set_level(
                episode=make_episode(child=child, by=amira), level=level, set_on=TODAY, by=amira
            )


def test_a_manager_sees_what_should_be_empty_and_each_number_opens_its_cases(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    _exceptions(cast, amira)
    client = client_for(dev)
    page = _home(client)
    assert [figure.number for figure in _page(dev).exceptions] == [2, 1, 3]
    for number, link in NAMED.findall(page):
        if not link:
            assert number == "0"
            continue
        behind = client.get(link.replace("&amp;", "&")).content.decode()
        if link == "/team/unallocated/":
            assert behind.count('name="episodes"') == int(number)
            continue
        assert f"{number} open episode" in behind
        assert behind.count('data-label="Name"') == int(number)


@pytest.mark.parametrize("person", ["amira", "ben", "nora"])
def test_only_a_manager_is_shown_the_exceptions(person: str, cast: Cast) -> None:
    assert _page(cast.people[person]).exceptions == []


def test_a_charity_sees_its_children_and_no_number_of_the_hubs(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    page = _home(client_for(chloe))
    assert "My children" in page
    assert "Marden, Kit" in page
    assert "Quillan" not in page
    assert NAMED.findall(page) == []


def test_a_charity_without_a_child_is_told_why(
    cast: Cast, femi: User, client_for: ClientFor
) -> None:
    page = _home(client_for(femi))
    assert "No child is shared with your service now." in page
    assert "Nothing needs you" not in page


@pytest.mark.parametrize("person", ["bea", "otto", "sid"])
def test_a_role_that_opens_no_case_is_told_what_there_is_and_no_child(
    person: str, cast: Cast, client_for: ClientFor
) -> None:
    page = _home(client_for(cast.people[person]))
    assert "Your role opens no case." in page
    assert "/episodes/" not in page
    assert "OFFICIAL-SENSITIVE" not in page
    assert not AuditEvent.objects.filter(event="home.viewed").exists()


def test_without_a_post_one_is_told_whom_to_ask(gus: User, client_for: ClientFor) -> None:
    page = _home(client_for(gus))
    assert "You hold no post at present" in page
    assert "command line" not in page
    assert "/episodes/" not in page


def test_the_children_last_opened_are_there_newest_first_five_of_ones_own(
    cast: Cast, erin: User, amira: User, client_for: ClientFor
) -> None:
    client = client_for(erin)
    children = [
        make_child(partnership=cast.kirklees, by=erin, surname=f"Alder{n}") for n in range(6)
    ]
    for child in [*children, children[2]]:
        assert client.get(f"/children/{child.pk}/").status_code == 200
    recent = [child.name for child in _page(erin).recent]
    assert recent == [f"Alder{n}, Jodie" for n in (2, 5, 4, 3, 1)]
    assert _page(amira).recent == []


def test_a_child_one_may_no_longer_see_leaves_the_recent_ones(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    assert client_for(chloe).get(f"/children/{cast.shared.child.pk}/").status_code == 200
    assert [child.reference for child in _page(chloe).recent] == [cast.shared.child.reference]
    cast.shared.service_referrals.update(ended_on=TODAY, to_known_from=timezone.now())
    assert _page(chloe).recent == []


def test_what_home_shows_of_children_is_on_the_trail(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    _home(client_for(chloe))
    event = AuditEvent.objects.get(event="home.viewed")
    assert event.after == {"episodes": [cast.shared.reference]}


def test_home_asks_the_database_the_same_with_one_episode_and_with_thirty(
    cast: Cast, dev: User, amira: User, client_for: ClientFor
) -> None:
    Episode.objects.filter(pk=cast.unshared.pk).update(closed_on=TODAY)
    make_review(episode=cast.shared, due_on=date(2026, 3, 2), by=amira)
    client = client_for(dev)
    client.get(f"/children/{cast.shared.child.pk}/")
    with CaptureQueriesContext(connection) as one:
        assert _home(client).count('data-label="Child"') == 1
    made = make_caseload(partnership=cast.bradford, number=29, by=amira)
    for episode in made[:4]:
        client.get(f"/children/{episode.child_id}/")
    with CaptureQueriesContext(connection) as thirty:
        assert _home(client).count('data-label="Child"') == 7
    assert len(one) == len(thirty)


def test_the_trail_is_read_by_its_readers_and_by_each_for_oneself(
    cast: Cast, amira: User, otto: User, gus: User, erin: User, client_for: ClientFor
) -> None:
    _home(client_for(amira))
    _home(client_for(erin))
    own = AuditEvent.objects.visible_to(amira)
    assert set(own.values_list("username", flat=True)) == {"amira"}
    read = AuditEvent.objects.visible_to(otto).filter(event="home.viewed")
    assert [event.username for event in read] == ["amira"]
    assert not AuditEvent.objects.visible_to(gus).exists()
