"""The first day: nobody is registered yet, and each page says what will be here and what comes next."""

import pytest

from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.crawling import by_client, by_name, crawl, without_token
from tests.browser.deeds import follow, main_of, search
from tests.browser.test_pages import faults_by_width, faults_of
from tests.cast import PEOPLE, ClientFor, EmptyHub
from tests.sampled import drawn, sampled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Person: what the home page and the caseload offer where there is no case.
NEXT = {"amira": "Register a child", "dev": "Register a child"}


@pytest.mark.long
@pytest.mark.parametrize("person", drawn(PEOPLE, 4))
def test_no_page_breaks_where_there_is_nothing_to_show(
    person: str, empty_hub: EmptyHub, client_for: ClientFor
) -> None:
    pages = list(crawl(by_client(client_for(empty_hub.people[person])), kind=by_name))
    assert len(pages) >= 6
    assert [where for found in pages for where in without_token(found)] == []


@pytest.mark.parametrize("person", sampled(NEXT, 2))
def test_home_and_caseload_say_what_comes_next(
    person: str, empty_hub: EmptyHub, open_page: OpenPage
) -> None:
    page = open_page("/", empty_hub.people[person])
    assert "Nothing needs you. No review is planned." in main_of(page)
    assert faults_of(page) == []
    page.get_by_label("Menu").get_by_role("link", name="Caseload").click()
    assert "The next referral will appear here." in main_of(page)
    assert faults_by_width(page) == {}
    follow(page, NEXT[person])
    assert page.get_by_role("heading", level=1).inner_text() == "Register a child"
    assert complaints_of(page) == []


def test_an_analyst_begins_with_an_extract_and_finds_cases_by_reference(
    empty_hub: EmptyHub, open_page: OpenPage
) -> None:
    page = open_page("/", empty_hub.people["ana"])
    assert "imports the extracts" in main_of(page)
    page.get_by_label("Menu").get_by_role("link", name="By reference").click()
    assert faults_by_width(page) == {}
    page.goto(page.url.replace("/by-reference/", "/"))
    follow(page, "Upload an extract")
    assert page.get_by_role("heading", level=1).inner_text() == "Upload an extract"
    assert complaints_of(page) == []


def test_a_charity_is_told_when_it_will_see_a_child_and_is_offered_nothing_to_begin(
    empty_hub: EmptyHub, open_page: OpenPage
) -> None:
    page = open_page("/", empty_hub.people["chloe"])
    assert "once your service has accepted the referral" in main_of(page)
    assert "Something new?" not in main_of(page)
    search(page, "marden")
    assert "No child that you may see answers" in main_of(page)
