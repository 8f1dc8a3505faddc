"""A charity worker's first quarter of an hour: the child of her service, and nothing of any other."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.crawling import TYPED, Kind, by_address, by_client, by_name, crawl, name_of
from tests.browser.deeds import button, deed, fill, follow, main_of, search, sign_in
from tests.cast import Cast, ClientFor
from tests.make import (
    allocate,
    make_address,
    make_caseload,
    make_note,
    make_person_to_call,
    make_review,
    set_level,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEGAN = date(2026, 3, 2)
# What stands in the other children's cases and nowhere else, and what the hub keeps of hers.
OF_OTHERS = ("Quillan", "Rae", "Brightmore", "Rowan", "Canary Court", "Canarywood", "Canary reason")
OF_THE_HUB = ("Kept by the hub", "Canary school")


@pytest.fixture
def hub(cast: Cast) -> Cast:
    """Kit is shared with her service; Rae, six more and a child of Kirklees are not."""
    amira = cast.people["amira"]
    make_caseload(partnership=cast.bradford, number=6, by=amira)
    set_level(
        episode=cast.unshared, level="HIGH", set_on=BEGAN, rationale="Canary reason", by=amira
    )
    make_address(child=cast.unshared.child, from_date=BEGAN, line="1 Canary Court", by=amira)
    make_note(child=cast.unshared.child, episode=cast.unshared, text="Canarywood", by=amira)
    set_level(episode=cast.shared, level="LOW", set_on=BEGAN, rationale="Kept by the hub", by=amira)
    make_note(child=cast.shared.child, episode=cast.shared, text="Kept by the hub", by=amira)
    make_person_to_call(child=cast.shared.child, name="Canary school", by=amira)
    for episode in (cast.shared, cast.unshared):
        allocate(episode=episode, worker=amira, by=amira)
        make_review(episode=episode, due_on=BEGAN, by=amira)
    return cast


@pytest.mark.long
def test_a_charity_workers_first_quarter_of_an_hour(hub: Cast, open_page: OpenPage) -> None:
    page = open_page("/")
    sign_in(page, "chloe")
    _see_her_child_alone(page, hub)
    _write_a_note(page)
    _look_for_another(page, hub)
    assert complaints_of(page) == []


@pytest.mark.drill
def test_her_quarter_of_an_hour_without_scripts(hub: Cast, open_page: OpenPage) -> None:
    page = open_page("/", hub.people["chloe"], scripts=False)
    _see_her_child_alone(page, hub)
    _write_a_note(page)
    _look_for_another(page, hub)


def _see_her_child_alone(page: Page, hub: Cast) -> None:
    page.get_by_role("link", name="Home", exact=True).click()
    assert "My children" in main_of(page)
    expect(page.locator("main tbody tr")).to_have_count(1)
    follow(page, f"Open Marden, Kit, {hub.shared.reference}")
    assert page.get_by_role("heading", level=1).inner_text() == "Kit Marden"
    page.get_by_role("link", name="Levels", exact=True).click()
    assert "Low" in main_of(page)
    assert "Kept by the hub" not in main_of(page)


def _write_a_note(page: Page) -> None:
    """On her child's page; she finds it again among what her service wrote, and nothing of the hub's."""
    deed(page, "Add a note")
    fill(page, text="Came to the drop-in.")
    button(page, "Save note")
    page.get_by_role("link", name="Our notes", exact=True).click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    assert "Came to the drop-in." in main_of(page)
    follow(page, "Marden, Kit")
    assert "Came to the drop-in." in main_of(page)


def _look_for_another(page: Page, hub: Cast) -> None:
    """By name, by reference and by address: another child is not there, as one that never was."""
    for words in ("rae quillan", hub.unshared.reference, "brightmore"):
        search(page, words)
        assert "No child that you may see answers" in main_of(page)
    said = []
    for number in (hub.unshared.child_id, hub.elsewhere.child_id, 10**9):
        page.goto(page.url.partition("/search/")[0].partition("/children/")[0]
                  + reverse("risk-child-summary", args=[number]))  # fmt: skip
        assert page.title() == "Page not found - CSE Hub"
        said.append(main_of(page))
    assert len(set(said)) == 1


@pytest.mark.long
def test_no_page_that_links_lead_her_to_names_another_child(
    hub: Cast, client_for: ClientFor
) -> None:
    starts = (*TYPED, *_guessed(hub))
    pages = list(crawl(by_client(client_for(hub.people["chloe"])), kind=_each, starts=starts))
    assert sum("Kit" in found.html for found in pages) > 20
    told = {
        (found.address, word)
        for found in pages
        for word in (*OF_OTHERS, *OF_THE_HUB, hub.unshared.reference, hub.elsewhere.reference)
        if word in found.html
    }
    assert told == set()


def _each(address: str) -> Kind:
    """Every address is one of its own; of the days' lists, which are all alike to her, one is enough."""
    return by_name(address) if name_of(address) == "risk-meeting-day" else by_address(address)


def _guessed(hub: Cast) -> list[str]:
    """The addresses of others' children, and of what is hers but not on a link."""
    tabs = ("", "timeline/", "levels/", "addresses/", "episodes/", "missing/", "support/", "print/")
    children = (hub.unshared.child_id, hub.elsewhere.child_id, hub.shared.child_id)
    return [f"/children/{number}/{tab}" for number in children for tab in tabs]


def test_the_same_crawl_of_a_social_worker_meets_every_canary(
    hub: Cast, client_for: ClientFor
) -> None:
    amira = by_client(client_for(hub.people["amira"]))
    case = reverse("risk-child-summary", args=[hub.unshared.child_id])
    starts = ("/episodes/", f"{case}timeline/", f"{case}addresses/")
    html = " ".join(amira(address)[1] for address in starts)
    assert [word for word in OF_OTHERS if word not in html] == ["Brightmore"]
