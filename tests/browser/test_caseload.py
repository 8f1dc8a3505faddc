"""The caseload and the search in a real browser: by keyboard, on a phone, by the accessibility rules."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.days.rules import london_date
from tests.browser.conftest import OpenPage
from tests.browser.deeds import main_of
from tests.browser.test_pages import faults_by_width
from tests.cast import Cast
from tests.make import allocate, make_caseload, make_review, set_level
from tests.sampled import sampled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _fill(cast: Cast) -> None:
    amira = cast.people["amira"]
    today = london_date(timezone.now())
    made = make_caseload(partnership=cast.bradford, number=28, by=amira)
    set_level(episode=made[0], level="HIGH", set_on=today, by=amira)
    make_review(episode=cast.shared, due_on=today - timedelta(days=3), by=amira)
    make_review(episode=cast.unshared, due_on=today + timedelta(days=3), by=amira)
    allocate(episode=cast.shared, worker=amira, by=amira)


@pytest.mark.long
@pytest.mark.parametrize(
    "address",
    sampled(
        [
            "/episodes/?level=MEDIUM&size=25&page=2",
            "/episodes/?level=HIGH&since=never&sort=-name",
            "/episodes/?reference=zzz",
            "/search/",
            "/components/",
            "/",
        ],
        2,
    ),
)
def test_each_state_is_accessible_on_a_phone_and_on_a_desk(
    address: str, cast: Cast, open_page: OpenPage
) -> None:
    _fill(cast)
    assert faults_by_width(open_page(address, cast.people["dev"])) == {}


def test_a_list_is_filtered_saved_and_cleared_by_keyboard(cast: Cast, open_page: OpenPage) -> None:
    _fill(cast)
    page = open_page("/episodes/", cast.people["amira"])
    page.focus("#id_level")
    page.keyboard.type("High")  # chooses the first that begins so: high, medium or low
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # in a text field, Enter sends the form
    page.wait_for_url("**level=HIGH**")
    assert "1 open episode." in main_of(page)
    page.focus("summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("The gravest")
    page.keyboard.press("Enter")
    page.get_by_text("The filters are saved.").wait_for()
    assert faults_by_width(page) == {}
    page.get_by_role("link", name="Clear all filters").press("Enter")
    page.wait_for_url(lambda address: address.endswith("/episodes/"))
    assert "30 open episodes." in main_of(page)
    page.get_by_role("link", name="The gravest").press("Enter")
    page.wait_for_url("**level=HIGH**")


def test_the_headings_say_how_the_list_is_sorted(cast: Cast, open_page: OpenPage) -> None:
    page = open_page("/episodes/", cast.people["amira"])
    page.get_by_role("link", name="Name", exact=True).press("Enter")
    page.wait_for_url("**sort=name**")
    heading = page.get_by_role("columnheader", name="Name")
    assert heading.get_attribute("aria-sort") == "ascending"
    first = page.locator("tbody tr").first.inner_text()
    assert "Marden, Kit" in first


def test_a_child_is_found_from_the_header_and_its_page_opens(
    cast: Cast, open_page: OpenPage
) -> None:
    page = open_page("/", cast.people["amira"])
    page.focus("#search-box")
    page.keyboard.type("kit mar")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/*/")
    assert "1 child answers." in main_of(page)
    assert faults_by_width(page) == {}
    page.get_by_role("link", name="Marden, Kit").press("Enter")
    page.wait_for_url("**/children/*/")
    page.go_back()
    assert "1 child answers." in main_of(page)
    page.focus("#search-box")
    page.keyboard.type("nobody of this name")
    page.keyboard.press("Enter")
    page.get_by_text("No child that you may see answers").wait_for()
    assert faults_by_width(page) == {}
