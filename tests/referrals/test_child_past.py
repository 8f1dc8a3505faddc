"""A child's page as at a past day, and with the knowledge of a past day."""

from datetime import date

import pytest

from hub.accounts.models import User
from hub.days.rules import noon
from referrals.episodes.models import Allocation
from tests.cast import Cast, ClientFor
from tests.make import (
    allocate,
    correct_level,
    make_address,
    make_child,
    make_episode,
    set_level,
)
from tests.referrals.pages import REFERRED, TABS, page_of

# --- as at a past day --------------------------------------------------------------------------


def test_a_past_day_redraws_every_page_and_says_so(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    set_level(episode=cast.shared, level="LOW", set_on=REFERRED, by=amira)
    set_level(episode=cast.shared, level="HIGH", set_on=date(2026, 4, 20), by=amira)
    client = client_for(amira)
    for tab in TABS:
        page = page_of(client, cast.shared, f"{tab}?as_at=2026-03-29")
        assert "The past: this case as at 29 Mar 2026, as it is known today." in page
        assert "14 years old" in page
        assert "■□□ Low since 2 Mar 2026" in page
        assert "High" not in page
        raw = client.get(f"/children/{cast.shared.child_id}/{tab}?as_at=2026-03-29")
        assert raw.content.decode().count("?as_at=2026-03-29") >= 7  # the tabs stay in the past


def test_a_day_can_be_seen_with_the_knowledge_of_that_day(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    old = set_level(episode=cast.shared, level="LOW", set_on=REFERRED, by=amira)
    correct_level(old=old, level="HIGH", reason="Late news.", at=noon(date(2026, 4, 9)), by=dev)
    client = client_for(amira)
    assert "■■■ High since 2 Mar" in page_of(client, cast.shared, "?as_at=2026-03-29")
    then = page_of(client, cast.shared, "levels/?as_at=2026-03-29&known_at=then")
    assert "■□□ Low since 2 Mar" in then
    assert "as it was known on 29 Mar 2026, 23:59" in then
    assert "High" not in then
    assert "Late news" not in then
    at_once = "?as_at=2026-03-29&known_at=2026-04-09T12:00"
    assert "■■■ High" in page_of(client, cast.shared, at_once)


def test_an_end_that_was_not_yet_known_had_not_happened(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    child = make_child(partnership=cast.bradford, by=amira)
    episode = make_episode(child=child, by=amira, closed_on=date(2026, 3, 20))
    then = "?as_at=2026-03-25&known_at=2026-03-15T12:00"
    client = client_for(amira)
    assert "No open episode" in page_of(client, episode, "?as_at=2026-03-25")
    assert "Not set" in page_of(client, episode, then)
    assert "Episode closed" not in page_of(client, episode, then.replace("?", "timeline/?"))


def test_before_the_first_referral_there_is_nothing_and_the_page_says_so(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    for tab in TABS:
        page = page_of(client_for(amira), cast.shared, f"{tab}?as_at=2012-01-01")
        assert "No open episode No episode had been recorded." in page
        assert cast.shared.reference not in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("as_at=nonsense", "Give the day as a date"),
        ("as_at=2026-02-30", "Give the day as a date"),
        ("as_at=2999-01-01", "The day lies in the future"),
        ("as_at=1899-12-31", "The day lies before 1900"),
        ("as_at=0001-01-01", "The day lies before 1900"),
        ("as_at=2026-03-29&known_at=x", "Give the moment of knowledge"),
        ("as_at=2026-03-29&known_at=2999-01-01", "What will be known in the future"),
        ("known_at=0001-01-01T00:00:00%2B14:00", "The day lies before 1900"),
        ("known_at=9999-12-31T23:59:59-14:00", "What will be known in the future"),
        ("as_at=%3Cscript%3E", "Give the day as a date"),
    ],
)
def test_a_day_that_cannot_be_shown_is_told_and_today_is_shown(
    asked: str, said: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    page = page_of(client_for(amira), cast.shared, f"?{asked}", status=422)
    assert page.startswith("Error: ")
    assert "This page shows the case as it is today." in page
    assert page.count(said) == 2
    assert "The past:" not in page


def test_a_day_is_read_as_people_type_it_and_led_to_by_one_address(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    address = f"/children/{cast.shared.child_id}/?as_at=29/3/2026&known_at="
    page = client_for(amira).get(address).content.decode()
    assert "as at 29 Mar 2026" in page
    assert "/levels/?as_at=2026-03-29" in page


def test_a_worker_who_left_no_longer_leads(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    Allocation.objects.create(
        episode=cast.shared,
        partnership=cast.bradford,
        worker="w1",
        worker_name="Una Croft",
        from_date=REFERRED,
        to_date=date(2026, 3, 20),
        to_known_from=noon(date(2026, 3, 20)),
        lead=True,
        recorded_by=amira,
        known_from=noon(REFERRED),
    )
    allocate(episode=cast.shared, worker=dev, by=amira, from_date=date(2026, 3, 20))
    client = client_for(amira)
    assert "Lead Una Croft" in page_of(client, cast.shared, "?as_at=2026-03-19")
    assert "Lead Dev Marlow" in page_of(client, cast.shared, "?as_at=2026-03-20")


def test_an_address_that_became_confidential_is_not_found_in_what_a_charity_once_could_know(
    cast: Cast, amira: User, chloe: User, client_for: ClientFor
) -> None:
    old = make_address(child=cast.shared.child, by=amira, from_date=REFERRED)
    at = noon(date(2026, 4, 9))
    type(old).objects.filter(pk=old.pk).update(superseded_at=at, superseded_by=amira)
    make_address(
        child=cast.shared.child, by=amira, from_date=REFERRED, known_from=at, confidential=True
    )
    then = "?as_at=2026-04-01&known_at=2026-04-01T12:00"
    for tab in ("", "timeline/", "addresses/"):
        page = page_of(client_for(chloe), cast.shared, tab + then, status=422)
        assert "is shown to the hub alone" in page
        assert "Ferncliffe" not in page
        assert "Ferncliffe" not in page_of(
            client_for(chloe), cast.shared, f"{tab}?as_at=2026-04-01"
        )
        assert "Ferncliffe" in page_of(client_for(amira), cast.shared, tab + then)
