"""A child's page: who it is, how worried the hub is, and what each viewer may see of it."""

import re
from datetime import date, datetime, timedelta

import pytest

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.codes.rules import code_list
from hub.days.rules import LONDON, noon
from referrals.children.models import Alias, CareStatus
from referrals.episodes.models import EpisodeFact
from tests.cast import NOW, Cast, ClientFor
from tests.make import (
    allocate,
    correct_level,
    make_address,
    make_child,
    make_episode,
    make_missing,
    refer_to_service,
    set_level,
)
from tests.referrals.pages import OF_CHARITIES, REFERRED, TABS, page_of

# --- who it is ---------------------------------------------------------------------------------


def test_every_page_says_who_the_child_is_and_how_worried_the_hub_is(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    set_level(episode=cast.shared, level="LOW", set_on=REFERRED, by=amira)
    set_level(episode=cast.shared, level="HIGH", set_on=REFERRED + timedelta(9), by=amira)
    allocate(episode=cast.shared, worker=amira, by=amira)
    for tab in TABS:
        page = page_of(client_for(amira), cast.shared, tab)
        assert "Kit Marden 15 years old (born 3 May 2011)" in page
        assert f"Reference {cast.shared.child.reference}" in page
        assert "■■■ High since 11 Mar 2026 (▲ up from Low)" in page
        assert "Lead Amira Sadler" in page
        assert "OFFICIAL-SENSITIVE. Viewing is recorded." in page


def test_a_child_whose_level_nobody_set_is_not_shown_as_without_risk(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    page = page_of(client_for(amira), cast.shared)
    assert "Level ? Not set Lead" in page
    assert "No CSE risk" not in page


def test_a_child_without_an_open_episode_says_so_where_the_level_stands(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    child = make_child(partnership=cast.bradford, by=amira)
    closed = make_episode(child=child, by=amira, closed_on=date(2026, 4, 9))
    set_level(episode=closed, level="MEDIUM", set_on=REFERRED, by=amira)
    page = page_of(client_for(amira), closed)
    assert "Level No open episode Closed 9 Apr 2026. Last level: Medium." in page
    assert "1 closed episode besides." in page


def test_why_an_episode_was_closed_is_said_to_the_hub_alone(
    cast: Cast, amira: User, chloe: User, client_for: ClientFor
) -> None:
    set_level(episode=cast.shared, level="LOW", set_on=REFERRED, by=amira)
    EpisodeFact.objects.filter(episode=cast.shared).update(superseded_at=NOW, superseded_by=amira)
    closed = {"closed_on": date(2026, 4, 9), "closure_reason": "RISK_REDUCED"}
    EpisodeFact.objects.create(
        episode=cast.shared,
        child=cast.shared.child,
        partnership=cast.bradford,
        referred_on=REFERRED,
        to_known_from=noon(date(2026, 4, 9)),
        known_from=noon(date(2026, 4, 9)),
        recorded_by=amira,
        **closed,
    )
    label = code_list("closure_reasons")["RISK_REDUCED"].label
    told = f"Closed 9 Apr 2026. {label}. Last level: Low."
    assert told in page_of(client_for(amira), cast.shared)
    assert "Closed 9 Apr 2026. Last level: Low." in page_of(client_for(chloe), cast.shared)


def test_alerts_stand_on_every_page_and_a_charity_hears_only_of_the_contact(
    cast: Cast, amira: User, chloe: User, client_for: ClientFor
) -> None:
    child = cast.shared.child
    friday, sunday, monday = date(2026, 3, 27), date(2026, 3, 29), date(2026, 3, 30)
    for start, found in ((noon(friday), noon(friday) + timedelta(hours=9)), (noon(sunday), None)):
        make_missing(child=child, by=amira, start=start, found_at=found)
    make_missing(child=child, by=amira, start=noon(REFERRED), found_at=noon(date(2026, 3, 4)))
    make_address(child=child, by=amira, from_date=REFERRED, confidential=True)
    contact = "Restricted contact: ask the lead before any contact"
    for tab in TABS:
        page = page_of(client_for(amira), cast.shared, f"{tab}?as_at={monday}")
        assert (
            "Alerts: Missing now, since 29 Mar 2026, 12:00 · "
            f"Missing 1 time since Friday 27 Mar 2026 · {contact}"
        ) in page
    for tab in OF_CHARITIES:
        page = page_of(client_for(chloe), cast.shared, f"{tab}?as_at={monday}")
        assert f"Alerts: {contact}" in page
        assert "Missing" not in page


def test_a_child_soon_of_age_is_told_so_beside_the_age(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    page = page_of(client_for(amira), cast.shared, "?as_at=2026-03-05")
    assert "turns 18" not in page
    child = make_child(partnership=cast.bradford, by=amira, born=date(2008, 6, 1))
    episode = make_episode(child=child, by=amira)
    page = page_of(client_for(amira), episode, "?as_at=2026-03-05")
    assert "17 years old (born 1 Jun 2008), turns 18 in 12 weeks" in page


def test_the_title_and_the_address_name_nobody(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    for tab in TABS:
        response = client_for(amira).get(f"/children/{cast.shared.child_id}/{tab}")
        found = re.search("<title>(.*)</title>", response.content.decode())
        assert found
        assert found[1].startswith(f"{cast.shared.child.reference} ")
        assert "Marden" not in found[1]


def test_the_tabs_are_pages_and_the_open_one_is_marked(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    for tab in TABS:
        address = f"/children/{cast.shared.child_id}/{tab}"
        page = client_for(amira).get(address).content.decode()
        assert page.count('class="hub-tabs__link"') == 8
        assert re.findall(r'__link" href="([^"]+)" aria-current="page"', page) == [address]


# --- who sees what -----------------------------------------------------------------------------


@pytest.mark.parametrize("tab", TABS)
def test_a_hidden_child_and_one_that_never_was_look_the_same(
    tab: str, cast: Cast, client_for: ClientFor
) -> None:
    for person, episode in (
        ("erin", cast.shared),
        ("amira", cast.elsewhere),
        ("chloe", cast.unshared),
        ("femi", cast.shared),
        ("otto", cast.shared),
    ):
        client = client_for(cast.people[person])
        hidden = client.get(f"/children/{episode.child_id}/{tab}")
        absent = client.get(f"/children/999999999/{tab}")
        assert hidden.status_code == absent.status_code == 404
        # What each request has of its own: a key, the clock, and the address that was asked for.
        token = re.compile(r'data-ends="\d+"|value="(\w{64}|/children/\d+/[a-z/]*)"')
        assert token.sub("", hidden.content.decode()) == token.sub("", absent.content.decode())


@pytest.mark.parametrize("number", ["0", "9" * 19, "9" * 300, "9" * 5000])
def test_a_number_that_no_child_can_have_is_not_found(
    number: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    assert client_for(amira).get(f"/children/{number}/").status_code == 404


def test_a_charity_sees_the_level_and_who_to_call_but_not_the_reasons(
    cast: Cast, amira: User, chloe: User, client_for: ClientFor
) -> None:
    set_level(episode=cast.shared, level="HIGH", set_on=REFERRED, by=amira, rationale="Secret one")
    old = set_level(
        episode=cast.shared, level="LOW", set_on=date(2026, 3, 9), by=amira, rationale="Secret two"
    )
    correct_level(
        old=old, level="MEDIUM", reason="Secret three", at=noon(date(2026, 3, 20)), by=amira
    )
    allocate(episode=cast.shared, worker=amira, by=amira)
    CareStatus.objects.create(
        child=cast.shared.child,
        partnership=cast.bradford,
        status="LAC",
        from_date=REFERRED,
        recorded_by=amira,
        known_from=noon(REFERRED),
    )
    Alias.objects.create(
        child=cast.shared.child,
        partnership=cast.bradford,
        name="Kitty",
        recorded_by=amira,
        known_from=noon(REFERRED),
    )
    make_missing(child=cast.shared.child, by=amira, start=datetime(2026, 3, 5, 20, tzinfo=LONDON))
    refer_to_service(episode=cast.shared, service="larkfield", by=amira)
    client = client_for(chloe)
    pages = {tab: page_of(client, cast.shared, tab) for tab in TABS if tab in OF_CHARITIES}
    for page in pages.values():
        assert "■■□ Medium since 9 Mar 2026 (▼ down from High)" in page
        assert "Lead Amira Sadler" in page
        for hidden in ("Secret", "Looked after", "Kitty", "Missing", "Larkfield", "Episodes"):
            assert hidden not in page
    assert "Northlight" in pages["support/"]
    assert "not shared with your agency" in pages["levels/"]
    hub = "".join(page_of(client_for(amira), cast.shared, tab) for tab in TABS)
    for seen in ("Secret", "Looked after", "Kitty", "Still missing", "Larkfield"):
        assert seen in hub


def test_a_charity_sees_no_other_episode_of_a_child_it_supports(
    cast: Cast, amira: User, chloe: User, client_for: ClientFor
) -> None:
    other = make_episode(child=cast.shared.child, by=amira, referred_on=date(2026, 3, 9))
    set_level(episode=other, level="HIGH", set_on=date(2026, 3, 9), by=amira)
    for tab in ("", "timeline/", "levels/", "support/"):
        page = page_of(client_for(chloe), cast.shared, tab)
        assert other.reference not in page
        assert "High" not in page


def test_a_confidential_address_is_a_word_to_a_charity_and_a_line_to_the_hub(
    cast: Cast, amira: User, chloe: User, client_for: ClientFor
) -> None:
    child = cast.shared.child
    make_address(child=child, by=amira, from_date=date(2025, 1, 1), line="2 Old Lane")
    make_address(child=child, by=amira, from_date=REFERRED, line="9 Hidden Way", confidential=True)
    for tab in TABS:
        if tab in OF_CHARITIES:
            page = page_of(client_for(chloe), cast.shared, tab)
            assert "Hidden Way" not in page
    assert "Lives at Confidential. Ask the lead worker" in page_of(client_for(chloe), cast.shared)
    addresses = page_of(client_for(chloe), cast.shared, "addresses/")
    assert "Confidential. Where the child lives" in addresses
    assert "2 Old Lane" in addresses
    page = page_of(client_for(amira), cast.shared)
    assert "Lives at 9 Hidden Way, BD99 1AA, City (confidential), since 2 Mar 2026" in page


def test_viewing_is_on_the_trail_of_the_child(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    page_of(client_for(chloe), cast.shared, "levels/?as_at=2026-03-29")
    event = AuditEvent.objects.get(event="child.viewed")
    assert (event.verb, event.what, event.username) == ("consultation", "child", "chloe")
    assert event.reference == cast.shared.child.reference
    assert event.partnership_id == cast.bradford.pk
    assert event.after == {"page": "levels", "as_at": "as_at=2026-03-29"}
