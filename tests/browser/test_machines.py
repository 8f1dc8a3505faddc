"""A machine's token is made and ended in a browser, on a phone and on a desk."""

import re

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.test_pages import faults_by_width
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.long
def test_an_administrator_makes_a_token_and_ends_it(cast: Cast, open_page: OpenPage) -> None:
    page = open_page("/", cast.people["sid"])
    page.click("text=Machine access")
    found = [faults_by_width(page)]
    page.click("text=New token")
    found.append(faults_by_width(page))
    page.click("text=Support worker of a charity, Northlight")
    found.append(faults_by_width(page))
    page.fill("#id_name", "Case transfer")
    page.check("text=Read children")
    page.fill("#id_expires_on", "+90")
    page.click("main button")
    assert re.fullmatch(r"csehub_[\w-]{43}", page.inner_text("[data-secret]"))
    found.append(faults_by_width(page))
    page.click("text=Back to the list")
    found.append(faults_by_width(page))
    assert "In force" in page.inner_text("table")
    page.click("td a:has-text('End')")
    found.append(faults_by_width(page))
    page.fill("#id_reason", "The project is over.")
    page.click("main button >> nth=0")
    assert "Ended" in page.inner_text("table")
    assert not any(found), found
