"""A manager gives out what nobody leads, a worker does what is owed and says who covers: by keyboard."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from hub.days.rules import london_date
from partners.staffing.models import Absence
from referrals.checks.actions import ask_checks
from referrals.episodes.models import Episode
from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.deeds import Hands, main_of
from tests.browser.test_pages import WIDTHS, by_axe
from tests.cast import Cast
from tests.make import allocate, make_review, set_level

REVIEW = re.compile("^Review.*Quillan, Rae")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hub(cast: Cast) -> Cast:
    """Rae's review is late and amira leads it; nobody leads Kit; social care is asked about Kit."""
    amira = cast.people["amira"]
    set_level(episode=cast.unshared, level="HIGH", set_on=date(2026, 3, 9), by=amira)
    late = london_date(timezone.now()) - timedelta(days=2)
    make_review(episode=cast.unshared, due_on=late, by=amira)
    allocate(episode=cast.unshared, worker=amira, by=amira)
    ask_checks(episode=cast.shared, why="new_referral", by=cast.people["dev"])
    return cast


def test_a_manager_gives_a_case_out_and_a_worker_opens_what_is_late(
    hub: Cast, open_page: OpenPage
) -> None:
    page = open_page("/", hub.people["dev"])
    hands = Hands(page)
    _go(page, hands, "Team")
    _go(page, hands, "Open cases that nobody leads: 1")
    page.get_by_label("Marden, Kit").focus()
    hands.press("Space", "Tab")
    page.keyboard.type("Amira")
    with page.expect_navigation():
        hands.press("Control+Enter")
    assert Episode.objects.get(pk=hub.shared.pk).lead_worker == "Amira Sadler"
    assert hands.used <= 7
    for address in ("/team/", "/team/unallocated/", "/my-work/"):
        _stands_at_every_width(page, address)
    assert complaints_of(page) == []

    page = open_page("/", hub.people["amira"])
    hands = Hands(page)
    _go(page, hands, "3 to do, 1 overdue")
    _go(page, hands, REVIEW)
    assert page.url.endswith("/level/")
    page.go_back()
    _go(page, hands, "Away and cover")
    _go(page, hands, "Enter an absence")
    page.get_by_label("First day away").fill("today")
    page.get_by_label("Last day away").fill("+7")
    page.get_by_label("Who covers?").focus()
    page.keyboard.type("Dev")
    with page.expect_navigation():
        hands.press("Control+Enter")
    assert "Dev Marlow" in main_of(page)
    assert Absence.objects.get().cover == hub.people["dev"]
    for address in ("/away/", "/away/new/", "/my-work/"):
        _stands_at_every_width(page, address)
    assert complaints_of(page) == []


def _go(page: Page, hands: Hands, link: str | re.Pattern[str]) -> None:
    """Follow a link of the page's own part with Enter."""
    page.get_by_role("main").get_by_role("link", name=link).first.focus()
    with page.expect_navigation():
        hands.press("Enter")


def _stands_at_every_width(page: Page, address: str) -> None:
    scheme, _slashes, host, *_path = page.url.split("/", 3)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{scheme}//{host}{address}")
        assert by_axe(page) == [], address
        sideways = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not sideways, f"{address} at {width}"
