"""A machine's token is made and ended in a browser, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.test_pages import WIDTHS, faults_of
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def faults(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{page.title()} at {width}: {fault}" for fault in faults_of(page)]
    return found


def test_an_administrator_makes_a_token_and_ends_it(cast: Cast, open_page: OpenPage) -> None:
    page = open_page("/", cast.people["sid"])
    page.click("text=Machine access")
    found = faults(page)
    page.click("text=New token")
    found += faults(page)
    page.click("text=Support worker of a charity, Northlight")
    found += faults(page)
    page.fill("#id_name", "Case transfer")
    page.check("text=Read children")
    page.fill("#id_expires_on", "+90")
    page.click("main button")
    assert re.fullmatch(r"csehub_[\w-]{43}", page.inner_text("[data-secret]"))
    found += faults(page)
    page.click("text=Back to the list")
    found += faults(page)
    assert "In force" in page.inner_text("table")
    page.click("td a:has-text('End')")
    found += faults(page)
    page.fill("#id_reason", "The project is over.")
    page.click("main button >> nth=0")
    assert "Ended" in page.inner_text("table")
    assert found == []
