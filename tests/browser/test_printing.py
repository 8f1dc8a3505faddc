"""A case on paper, in a real browser: the questions, the sheet, and what every page leaves out there."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.test_pages import faults_by_width
from tests.cast import Cast
from tests.make import make_review, set_level
from tests.referrals.pages import REFERRED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREEN_ONLY = (
    ".hub-header",
    ".govuk-service-navigation",
    ".hub-footer",
    ".hub-tabs",
    ".govuk-button",
)


@pytest.fixture
def asked(cast: Cast, open_page: OpenPage) -> Page:
    """The questions before the shared child's case is printed, as the social worker meets them."""
    for number in range(60):
        make_review(
            episode=cast.shared, due_on=REFERRED + timedelta(number), by=cast.people["amira"]
        )
    set_level(episode=cast.shared, level="HIGH", set_on=REFERRED, by=cast.people["amira"])
    page = open_page(f"/children/{cast.shared.child_id}/", cast.people["amira"])
    page.get_by_role("link", name="Print", exact=True).click()
    return page


def _answer(page: Page) -> None:
    page.get_by_label("Court proceedings").check()
    page.get_by_label("Who is it for?").fill("The family court")
    page.get_by_label("The whole case, every page in one document").check()
    page.get_by_role("button", name="Record and show the sheet").click()
    page.wait_for_url("**/children/print/*/")


@pytest.mark.long
def test_the_questions_and_the_sheet_are_accessible_on_a_phone_and_on_a_desk(asked: Page) -> None:
    assert faults_by_width(asked) == {}
    asked.get_by_role("button", name="Record and show the sheet").click()
    assert "There is a problem" in asked.inner_text("main")
    assert faults_by_width(asked) == {}
    _answer(asked)
    assert faults_by_width(asked) == {}


def test_the_sheet_has_its_head_and_its_number_on_every_page_of_paper(
    asked: Page, tmp_path: Path
) -> None:
    _answer(asked)
    asked.evaluate("window.print = () => { document.title = 'printed' }")
    asked.get_by_role("main").get_by_role("button", name="Print").click()
    assert asked.title() == "printed"
    asked.emulate_media(media="print")
    assert not [part for part in SCREEN_ONLY if asked.locator(part).first.is_visible()]
    head = asked.locator(".hub-sheet__head")
    assert head.is_visible()
    assert head.evaluate("part => getComputedStyle(part).display") == "table-header-group"
    paper = tmp_path / "sheet.pdf"
    asked.pdf(path=paper, prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) > 2


def test_every_page_prints_without_what_only_a_screen_needs_and_says_who_printed_it(
    cast: Cast, open_page: OpenPage
) -> None:
    page = open_page("/", cast.people["amira"])
    home = page.url
    for address in ("", "episodes/", f"children/{cast.shared.child_id}/timeline/"):
        page.goto(home + address)
        page.emulate_media(media="screen")
        assert not page.locator(".hub-printed").is_visible()
        page.emulate_media(media="print")
        shown = [part for part in SCREEN_ONLY if page.locator(part).first.is_visible()]
        assert shown == []
        assert "OFFICIAL-SENSITIVE" in page.inner_text(".hub-marking")
        printed = page.inner_text(".hub-printed")
        assert printed.startswith("Printed by Amira Sadler, Hub social worker")
