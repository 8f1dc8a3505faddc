"""The tabs of a child's page: summary, timeline, levels and what was corrected."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.accounts.models import User
from hub.days.rules import LONDON, noon
from tests.cast import Cast, ClientFor
from tests.make import (
    allocate,
    correct_level,
    make_address,
    make_episode,
    make_missing,
    make_review,
    refer_to_service,
    set_level,
    withdraw_level,
)
from tests.referrals.pages import REFERRED, TABS, page_of

# --- the tabs ----------------------------------------------------------------------------------


def test_the_summary_says_why_and_that_a_review_is_overdue(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    set_level(
        episode=cast.shared, level="LOW", set_on=REFERRED, by=amira, rationale="Calmer at home."
    )
    make_review(episode=cast.shared, due_on=date(2026, 3, 27), by=amira)
    page = page_of(client_for(amira), cast.shared, "?as_at=2026-03-30")
    assert "Why: Calmer at home." in page
    assert "Review due: 27 Mar 2026 (1 working day over)" in page
    assert "Next review 27 Mar 2026 (1 working day over)" in page
    assert "(due tomorrow)" in page_of(client_for(amira), cast.shared, "?as_at=2026-03-26")


def test_the_timeline_has_each_kind_of_event_newest_first_with_when_it_was_recorded(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    child = cast.unshared.child
    set_level(episode=cast.unshared, level="LOW", set_on=REFERRED, by=amira)
    set_level(
        episode=cast.unshared,
        level="HIGH",
        set_on=date(2026, 3, 20),
        by=amira,
        known_from=noon(date(2026, 3, 25)),
    )
    make_review(episode=cast.unshared, due_on=date(2026, 3, 18), by=amira)
    make_address(
        child=child, by=amira, from_date=date(2026, 3, 4), known_from=noon(date(2026, 3, 5))
    )
    start = datetime(2026, 3, 10, 22, 40, tzinfo=LONDON)
    found = {"found_at": start + timedelta(hours=9)}
    make_missing(child=child, by=amira, start=start, **found)
    allocate(episode=cast.unshared, worker=amira, by=amira)
    refer_to_service(
        episode=cast.unshared, service="larkfield", by=amira, ended_on=date(2026, 3, 28)
    )
    page = page_of(client_for(amira), cast.unshared, "timeline/?as_at=2026-03-30")
    order = [
        "28 Mar 2026 Support ended: Larkfield",
        "20 Mar 2026 Level set: ▲ up from Low ■■■ High",
        "Agreed at the daily meeting. Recorded on 25 Mar 2026.",
        "18 Mar 2026 Review due",
        "11 Mar 2026 Found at 07:40",
        "After 9 hours.",
        "10 Mar 2026 Missing at 22:40",
        "4 Mar 2026 Address 7 Ferncliffe Row, BD99 1AA, City",
        "2 Mar 2026",
        "Level set: first level ■□□ Low",
        "Referred to the hub",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "Recorded on 5 Mar" not in page  # the next day is in time


def test_the_timeline_shows_the_kinds_that_the_address_asks_for(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    set_level(episode=cast.shared, level="LOW", set_on=REFERRED, by=amira)
    make_review(episode=cast.shared, due_on=REFERRED, by=amira)
    client = client_for(amira)
    assert "Level set" not in page_of(client, cast.shared, "timeline/?kind=reviews")
    both = page_of(client, cast.shared, "timeline/?kind=reviews&kind=levels&kind=x")
    assert "2 events." in both
    assert "4 events." in page_of(client, cast.shared, "timeline/?kind=x")
    assert "Nothing of this kind" in page_of(client, cast.shared, "timeline/?kind=missing")


def test_a_long_timeline_is_read_page_by_page_with_its_filter_and_its_day(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    for number in range(60):
        make_review(episode=cast.shared, due_on=REFERRED + timedelta(number), by=amira)
    address = f"/children/{cast.shared.child_id}/timeline/?kind=reviews&as_at=2026-05-30"
    first = client_for(amira).get(address).content.decode()
    assert "1 to 50 of 60 events." in first
    assert 'href="?kind=reviews&amp;as_at=2026-05-30&amp;page=2"' in first
    last = page_of(client_for(amira), cast.shared, "timeline/?kind=reviews&page=99")
    assert "51 to 60 of 60 events." in last


@pytest.mark.parametrize("tab", TABS)
def test_a_page_asks_the_database_the_same_with_one_of_each_and_with_thirty(
    tab: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    _add_one_of_each(cast, amira, 0)
    client.get(f"/children/{cast.shared.child_id}/{tab}")
    with CaptureQueriesContext(connection) as one:
        page_of(client, cast.shared, tab)
    for number in range(1, 31):
        _add_one_of_each(cast, amira, number)
    with CaptureQueriesContext(connection) as thirty:
        page_of(client, cast.shared, tab)
    assert len(one) == len(thirty)


def _add_one_of_each(cast: Cast, by: User, number: int) -> None:
    day = REFERRED + timedelta(number)
    episode = make_episode(child=cast.shared.child, by=by, referred_on=day)
    old = set_level(episode=episode, level="HIGH", set_on=day, by=by)
    correct_level(old=old, level="LOW", reason="Wrong child.", at=noon(day + timedelta(2)), by=by)
    make_review(episode=episode, due_on=day, by=by)
    allocate(episode=episode, worker=by, by=by)
    refer_to_service(episode=episode, service="larkfield", by=by)
    make_address(child=episode.child, by=by, from_date=day)
    make_missing(child=episode.child, by=by, start=noon(day))


def test_a_corrected_level_stays_readable_with_who_put_it_right_and_why(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    old = set_level(
        episode=cast.shared, level="MEDIUM", set_on=REFERRED, by=amira, rationale="First thought."
    )
    correct_level(
        old=old,
        level="HIGH",
        reason="The police had not been asked.",
        at=noon(date(2026, 3, 12)),
        by=dev,
    )
    page = page_of(client_for(amira), cast.shared, "levels/")
    assert "2 Mar 2026 ■■■ High first level Two agencies had more to tell." in page
    assert "Why it was corrected: The police had not been asked." in page
    assert (
        "Corrected on 12 Mar 2026 by Dev Marlow. It read: ■■□ Medium First thought. "
        "Recorded by Amira Sadler." in page
    )
    assert "Dev Marlow, 12 Mar 2026" in page


def test_a_level_that_was_withdrawn_is_still_readable(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    old = set_level(episode=cast.shared, level="HIGH", set_on=REFERRED, by=amira)
    withdraw_level(old=old, at=noon(date(2026, 3, 12)), by=dev)
    page = page_of(client_for(amira), cast.shared, "levels/")
    assert "No level was set by this day." in page
    assert "Withdrawn: a level of 2 Mar 2026. Corrected on 12 Mar 2026 by Dev Marlow." in page
