"""A child's pages in a real browser: from the caseload to the past and back, by keyboard, on a phone."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from hub.days.rules import noon
from tests.browser.conftest import OpenPage
from tests.browser.deeds import main_of
from tests.browser.test_pages import WIDTHS, faults_by_width
from tests.cast import Cast
from tests.make import (
    allocate,
    correct_level,
    make_address,
    make_child,
    make_missing,
    make_review,
    refer_to_service,
    set_level,
)
from tests.referrals.pages import OF_CHARITIES, TABS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEGAN = date(2026, 3, 2)


def _fill(cast: Cast) -> None:
    """Give the child a little of everything and more than one page of events."""
    amira, child = cast.people["amira"], cast.shared.child
    old = set_level(episode=cast.shared, level="LOW", set_on=BEGAN, by=amira)
    correct_level(old=old, level="MEDIUM", reason="Late news.", at=noon(BEGAN), by=amira)
    set_level(episode=cast.shared, level="HIGH", set_on=BEGAN + timedelta(20), by=amira)
    for number in range(60):
        make_review(episode=cast.shared, due_on=BEGAN + timedelta(number), by=amira)
    allocate(episode=cast.shared, worker=amira, by=amira)
    make_address(child=child, by=amira, from_date=BEGAN, confidential=True)
    make_missing(child=child, by=amira, start=noon(BEGAN))
    refer_to_service(episode=cast.shared, service="larkfield", by=amira)


def _addresses(cast: Cast) -> dict[str, tuple[str, str]]:
    here = reverse("risk-child-summary", args=[cast.shared.child_id])
    pages = {f"{tab or 'summary'}": (here + tab, "amira") for tab in TABS}
    pages |= {f"charity {tab}": (here + tab, "chloe") for tab in OF_CHARITIES}
    pages["long name"] = (reverse("risk-child-summary", args=[_long_name(cast)]), "amira")
    pages["past"] = (f"{here}?as_at=2026-03-05&known_at=then", "amira")
    pages["nothing yet"] = (f"{here}levels/?as_at=2011-01-01", "amira")
    pages["bad day"] = (f"{here}?as_at=nonsense", "amira")
    pages["nothing of the kind"] = (f"{here}timeline/?kind=statuses", "amira")
    pages["no such page for a charity"] = (f"{here}missing/", "chloe")
    return pages


def _long_name(cast: Cast) -> int:
    surname, forenames = "Featherstonehaugh-Cholmondeley", "Alexandria-Wilhelmina"
    return make_child(
        partnership=cast.bradford, by=cast.people["amira"], surname=surname, forenames=forenames
    ).pk


@pytest.mark.drill  # what tests/browser/test_every_page.py tries a sample of
def test_each_page_of_a_child_is_accessible_on_a_phone_and_on_a_desk(
    cast: Cast, open_page: OpenPage
) -> None:
    _fill(cast)
    faults = {}
    for name, (address, person) in _addresses(cast).items():
        page = open_page(address, cast.people[person])
        faults[name] = faults_by_width(page, WIDTHS)
        page.context.close()
    assert {where: found for where, found in faults.items() if found} == {}


def test_a_social_worker_goes_from_the_caseload_into_the_past_and_back_by_keyboard(
    cast: Cast, open_page: OpenPage
) -> None:
    _fill(cast)
    page = open_page("/episodes/", cast.people["amira"])
    _tab_to(page, lambda: _focused(page) == cast.shared.reference)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/children/{cast.shared.child_id}/")
    assert page.get_by_role("heading", level=1).inner_text() == "Kit Marden"
    _tab_to(page, lambda: _focused(page) == "Levels")
    page.keyboard.press("Enter")
    page.wait_for_url("**/levels/")
    _tab_to(page, lambda: _focused(page) == "See this case as at a past day")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("5/3/26")
    page.keyboard.press("Enter")
    page.wait_for_url("**/levels/?as_at=5*")
    assert "this case as at 5 Mar 2026" in page.inner_text("header")
    assert "High" not in main_of(page)
    _tab_to(page, lambda: _focused(page) == "Leave the past: see the case today")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.endswith("/levels/"))
    assert "High" in main_of(page)


def test_a_day_that_cannot_be_read_leads_to_the_field_with_what_was_typed(
    cast: Cast, open_page: OpenPage
) -> None:
    page = open_page(f"/children/{cast.shared.child_id}/?as_at=soon", cast.people["amira"])
    assert page.title().startswith("Error: ")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#as_at")).to_be_focused()
    assert page.input_value("#as_at") == "soon"


def _focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.textContent.trim()")
    return text


def _tab_to(page: Page, there: Callable[[], bool]) -> None:
    """Press Tab until there, as one would who has no mouse."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if there():
            return
    pytest.fail("no number of Tabs leads there")
