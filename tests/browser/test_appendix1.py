"""The report in a real browser: an analyst's year, by keyboard, on a phone, and by the rules of access."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_pages import WIDTHS, faults_by_width
from tests.cast import Cast
from tests.make import make_child, make_episode, set_level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = "?year_start=1/4/2015&snapshot=29/3/2016&movement_to=1/8/2016"
AT = f"/reports/appendix1/{YEAR}"
FIGURE = f"/reports/appendix1/figure/{YEAR}&figure="
PAGES = {
    "full": (AT, "ana"),
    "published, none yet": (AT, "bea"),
    "refused": (f"{AT}&known_at=soon", "ana"),
    "figure": (f"{FIGURE}tactical.by_level.HIGH", "ana"),
    "figure of zero": (f"{FIGURE}crimes.cse", "ana"),
}


def a_year(cast: Cast) -> None:
    """Four children at different levels, referred in May 2015."""
    amira = cast.people["amira"]
    for level in ("HIGH", "HIGH", "LOW", "NO_RISK"):
        child = make_child(partnership=cast.bradford, by=amira, born=date(2001, 5, 3))
        episode = make_episode(child=child, by=amira, referred_on=date(2015, 5, 3))
        set_level(episode=episode, level=level, set_on=date(2015, 5, 5), by=amira)


@pytest.mark.drill  # what tests/browser/test_every_page.py tries a sample of
def test_each_page_of_the_report_is_accessible_on_a_phone_and_on_a_desk(
    cast: Cast, open_page: OpenPage
) -> None:
    a_year(cast)
    faults = {}
    for name, (address, person) in PAGES.items():
        page = open_page(address, cast.people[person])
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        faults[name] = faults_by_width(page, WIDTHS)
        page.context.close()
    assert {where: found for where, found in faults.items() if found} == {}


def test_an_analyst_opens_the_cases_behind_a_figure_and_comes_back(
    cast: Cast, open_page: OpenPage
) -> None:
    a_year(cast)
    page = open_page("/", cast.people["ana"])
    page.get_by_label("Menu").get_by_role("link", name="Appendix 1").click()
    page.get_by_text("Change the dates").click()
    page.get_by_label("Year starts on").fill("1/4/2015")
    page.get_by_role("textbox", name="Open cases on").fill("29 March 2016")
    page.get_by_role("button", name="Show the report").click()
    high = page.get_by_role("table", name="Risk level", exact=True).get_by_role("row", name="High")
    high.get_by_role("link", name="2").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Open cases: Risk level, High: 2"
    expect(page.get_by_text("High on 29 March 2016, set on 5 May 2015.")).to_have_count(2)
    page.get_by_role("link", name="Back to the report").click()
    assert page.url.endswith("#tactical")
    page.get_by_text("Change the dates").click()
    assert page.get_by_role("textbox", name="Open cases on").input_value() == "2016-03-29"


def test_a_bad_date_leads_to_its_field_by_keyboard_alone(cast: Cast, open_page: OpenPage) -> None:
    page = open_page(AT, cast.people["ana"])
    page.locator("summary", has_text="Change the dates").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert _focused(page) == "id_year_start"
    page.keyboard.press("Control+a")
    page.keyboard.type("2/4/2015")
    page.keyboard.press("Enter")
    page.wait_for_url("**year_start=2**")
    assert page.title() == "Error: Appendix 1 - CSE Hub"
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert _focused(page) == "id_year_start"
    assert page.input_value("#id_year_start") == "2/4/2015"
    assert page.input_value("#id_movement_to") == "1/8/2016"


def test_a_wide_table_scrolls_within_its_pane_by_keyboard(cast: Cast, open_page: OpenPage) -> None:
    a_year(cast)
    page = open_page(AT, cast.people["ana"], width=320)
    pane = page.get_by_role("region", name="Social care status and risk level")
    pane.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    # A function that waits in the page would be eval to its policy.
    expect(pane).not_to_have_js_property("scrollLeft", 0)


def _focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id")
    return found
