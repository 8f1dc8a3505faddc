"""Hiding the screen in a real browser: what was typed stays, other windows are covered too."""

import pytest
from playwright.sync_api import Page, Route, expect

from hub.accounts.models import User
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import faults_by_width
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(cast: Cast, amira: User, open_page: OpenPage) -> Page:
    """Amira's caseload, with something typed into its filter."""
    opened = open_page("/episodes/", amira)
    opened.fill("#id_reference", "E-12")
    opened.focus("#id_reference")
    return opened


def _hide(page: Page) -> None:
    with page.expect_response("**/hide/"):
        page.get_by_role("button", name="Hide screen").click()


def _give(page: Page, password: str) -> None:
    expect(page.locator("#cover-password")).to_be_focused()
    with page.expect_response("**/show/"):
        page.keyboard.type(password)
        page.keyboard.press("Enter")


def _assert_covered(page: Page) -> None:
    expect(page.get_by_role("heading", name="Screen hidden")).to_be_visible()
    assert page.title() == "Screen hidden - CSE Hub"
    shown = page.inner_text("body")
    assert "Marden" not in shown
    assert "Amira" not in shown


def test_the_screen_is_hidden_whatever_is_pressed_and_comes_back_as_it_was(page: Page) -> None:
    _hide(page)
    _assert_covered(page)
    assert faults_by_width(page) == {}
    for _ in range(4):
        page.keyboard.press("Escape")
        _assert_covered(page)
    _give(page, "not the password")
    expect(page.get_by_role("alert")).to_contain_text("You have 4 tries left")
    _assert_covered(page)
    assert faults_by_width(page) == {}
    _give(page, PASSWORD)
    expect(page.get_by_role("heading", name="Caseload")).to_be_visible()
    assert page.input_value("#id_reference") == "E-12"
    assert page.title() == "Caseload - CSE Hub"


def test_a_password_that_is_quicker_than_the_hiding_waits_for_it(page: Page) -> None:
    """Hiding gives the session a new key: to show with the old one would have signed her out."""
    held: list[Route] = []
    asked: list[str] = []
    page.route("**/hide/", lambda route: held.append(route))
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Hide screen").click()
    expect(page.locator("#cover-password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert [url for url in asked if url.endswith("/show/")] == []
    with page.expect_response("**/show/"):
        held[0].continue_()
    expect(page.get_by_role("heading", name="Caseload")).to_be_visible()
    assert page.input_value("#id_reference") == "E-12"


def test_another_window_waits_for_the_hiding_too(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    held: list[Route] = []
    asked: list[str] = []
    page.route("**/hide/", lambda route: held.append(route))
    other.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Hide screen").click()
    _assert_covered(other)
    other.fill("#cover-password", PASSWORD)
    other.press("#cover-password", "Enter")
    other.wait_for_timeout(200)
    assert [url for url in asked if url.endswith("/show/")] == []
    with other.expect_response("**/show/"):
        held[0].continue_()
    expect(other.get_by_role("heading", name="Caseload")).to_be_visible()
    expect(page.get_by_role("heading", name="Caseload")).to_be_visible()


def test_a_hub_that_never_answers_the_hiding_is_not_waited_for_for_ever(page: Page) -> None:
    page.evaluate("AbortSignal.timeout = () => AbortSignal.abort()")  # the wait is over at once
    page.route("**/hide/", lambda route: None)
    page.get_by_role("button", name="Hide screen").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be told")
    _assert_covered(page)


def test_no_reload_and_no_back_shows_a_case_until_the_password_is_given(page: Page) -> None:
    page.get_by_role("link", name="Home").click()
    _hide(page)
    page.reload()
    _assert_covered(page)
    assert page.locator("text=Marden").count() == 0  # not even under the cover
    page.go_back()
    _assert_covered(page)
    page.fill("#cover-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/")
    expect(page.get_by_role("heading", name="Caseload")).to_be_visible()


def test_every_window_of_the_hub_is_covered_and_comes_back(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    other.fill("#id_reference", "half-typed")
    _hide(page)
    _assert_covered(other)
    other.focus("#cover-password")
    _give(other, PASSWORD)
    expect(page.get_by_role("heading", name="Caseload")).to_be_visible()
    assert page.input_value("#id_reference") == "E-12"
    assert other.input_value("#id_reference") == "half-typed"


def test_five_wrong_passwords_lead_to_sign_in(page: Page) -> None:
    _hide(page)
    for _ in range(5):
        _give(page, "not the password")
    page.wait_for_url("**/sign-in/")
    assert "a wrong password five times" in page.inner_text("main")


def test_where_the_hub_cannot_be_reached_the_page_is_hidden_and_says_so(page: Page) -> None:
    page.route("**/hide/", lambda route: route.abort())
    page.route("**/show/", lambda route: route.abort())
    page.get_by_role("button", name="Hide screen").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be told")
    expect(page.locator("#cover-password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    _assert_covered(page)


def test_without_scripts_the_button_leads_to_the_cover_and_the_password_back(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    plain = open_page("/episodes/", amira, scripts=False)
    plain.get_by_role("button", name="Hide screen").click()
    _assert_covered(plain)
    plain.fill("#cover-password", "not the password")
    plain.get_by_role("button", name="Show the screen").click()
    assert "You have 4 tries left" in plain.inner_text("main")
    assert plain.title() == "Error: Screen hidden - CSE Hub"
    plain.fill("#cover-password", PASSWORD)
    plain.get_by_role("button", name="Show the screen").click()
    assert plain.url.endswith("/episodes/")
    assert "Marden" in plain.inner_text("main")
