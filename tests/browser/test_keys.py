"""Keys in a real browser: only for those who asked, never while typing, and each page by the rules."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hub.accounts.models import User
from hub.preferences.actions import choose, switch_keys
from hub.preferences.models import Density, Keys
from tests.browser.conftest import OpenPage
from tests.browser.deeds import main_of
from tests.browser.test_pages import WIDTHS, faults_by_width
from tests.cast import Cast
from tests.make import make_caseload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def with_keys(cast: Cast, amira: User) -> User:
    """Amira, who wants keys and has a caseload."""
    make_caseload(partnership=cast.bradford, number=4, by=amira)
    switch_keys(keys=Keys.ON, now=timezone.now(), by=amira)
    return amira


def _focused_text(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.textContent.trim()")
    return text


def _focused_id(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.id")
    return text


def _press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def test_the_question_is_answered_by_keyboard_and_not_asked_again(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    page = open_page("/", amira)
    page.keyboard.press("/")
    assert _focused_id(page) == ""  # nobody has asked for keys yet
    page.get_by_role("button", name="Yes, use keys").press("Enter")
    page.get_by_text("Keys are on.").wait_for()
    page.keyboard.press("/")
    assert _focused_id(page) == "search-box"
    assert page.get_by_role("heading", name="Use keys?").count() == 0


def test_keys_are_off_at_once_by_the_switch_on_the_page(
    with_keys: User, open_page: OpenPage
) -> None:
    page = open_page("/episodes/", with_keys)
    page.get_by_role("contentinfo").get_by_role("button", name="Turn keys off").press("Enter")
    page.get_by_text("Keys are off.").wait_for()
    assert page.url.endswith("/episodes/")
    _press(page, "j / ? g h")
    assert _focused_text(page).startswith("Skip to main content")  # the whole page: nothing has it
    assert page.locator("dialog[open]").count() == 0
    assert page.url.endswith("/episodes/")


def test_rows_are_walked_and_one_is_opened(with_keys: User, open_page: OpenPage) -> None:
    page = open_page("/episodes/", with_keys)
    links = page.locator("tbody tr th a")
    names = links.all_inner_texts()
    assert len(names) == 6
    seen = []
    for key in "kjjkj":  # from nowhere, k begins at the top as well
        page.keyboard.press(key)
        seen.append(names.index(_focused_text(page)))
    assert seen == [0, 1, 2, 1, 2]
    _press(page, "j j j j j")
    assert _focused_text(page) == names[-1]
    page.keyboard.press("Enter")
    page.wait_for_url("**/children/*/")


def test_letters_lead_to_the_pages_of_the_menu_and_to_no_other(
    with_keys: User, open_page: OpenPage
) -> None:
    page = open_page("/", with_keys)
    _press(page, "g i")  # imports are not hers
    _press(page, "g c")
    page.wait_for_url("**/episodes/")
    _press(page, "g h")
    page.wait_for_url(lambda address: address.endswith("/") and "episodes" not in address)


def test_nothing_happens_while_one_types_and_escape_leaves_the_field(
    with_keys: User, open_page: OpenPage
) -> None:
    page = open_page("/episodes/", with_keys)
    page.keyboard.press("/")
    page.keyboard.type("gc?j/k")
    assert page.input_value("#search-box") == "gc?j/k"
    assert page.url.endswith("/episodes/")
    assert page.locator("dialog[open]").count() == 0
    page.focus("#id_level")
    page.keyboard.press("j")
    assert _focused_id(page) == "id_level"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("Boolean(document.activeElement.closest('tbody tr'))")


def test_the_list_of_keys_opens_and_closes_and_gives_the_focus_back(
    with_keys: User, open_page: OpenPage
) -> None:
    page = open_page("/episodes/", with_keys)
    _press(page, "j j")
    row = _focused_text(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert "Go to Caseload" in dialog.inner_text()
    assert "Go to Imports" not in dialog.inner_text()
    assert faults_by_width(page) == {}
    _press(page, "j g h")  # behind the dialog nothing moves
    assert dialog.is_visible()
    page.keyboard.press("Escape")
    assert _focused_text(page) == row


def test_ctrl_with_enter_sends_the_form_whether_keys_are_on_or_off(
    with_keys: User, open_page: OpenPage
) -> None:
    page = open_page("/account/settings/", with_keys)
    for rows in ("Comfortable: rows of 48 pixels", "Dense: rows of 36 pixels"):
        page.get_by_label(rows).check()
        page.keyboard.press("Control+Enter")
        page.get_by_text("Your settings are saved.").wait_for()
        assert page.get_by_label(rows).is_checked()
        switch_keys(keys=Keys.OFF, now=timezone.now(), by=with_keys)
        page.reload()


def test_ctrl_with_enter_outside_a_field_sends_nothing(
    with_keys: User, open_page: OpenPage
) -> None:
    page = open_page("/account/settings/", with_keys)
    page.get_by_role("heading", name="Settings").click()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_have_count(1)  # still the same page


def test_comfortable_rows_are_48_pixels_and_dense_ones_36(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    switch_keys(keys=Keys.OFF, now=timezone.now(), by=amira)
    page, heights = open_page("/keys/", amira), []
    for density in Density:
        choose(keys=Keys.OFF, density=density, now=timezone.now(), by=amira)
        page.reload()
        row = page.locator("main tbody tr", has_text="Go to Home")
        heights.append(
            row.evaluate("row => row.querySelector('td').getBoundingClientRect().height")
        )
    assert heights[0] == pytest.approx(36, abs=4)
    assert heights[1] == pytest.approx(48, abs=4)
    assert heights[1] >= 48


def test_without_scripts_nobody_is_asked_but_the_switch_and_the_settings_work(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    page = open_page("/", amira, scripts=False)
    assert not page.get_by_role("heading", name="Use keys?", include_hidden=True).is_visible()
    home = page.url
    for address, turned in (("account/settings/", "on"), ("keys/", "off")):
        page.goto(home + address)
        assert page.get_by_role("heading", name="Use keys?").count() == 0
        page.get_by_role("contentinfo").get_by_role("button", name=f"Turn keys {turned}").click()
        assert f"Keys are {turned}." in main_of(page)
        assert page.url == home + address
    page.get_by_role("contentinfo").get_by_role("link", name="Keys").click()
    assert "Go to Caseload" in main_of(page)


@pytest.mark.drill  # what tests/browser/test_every_page.py tries a sample of
@pytest.mark.parametrize("person", ["amira", None])
def test_the_new_pages_are_accessible_on_a_phone_and_on_a_desk(
    person: str | None, cast: Cast, open_page: OpenPage
) -> None:
    addresses = ["/accessibility/", "/report-a-problem/?page=hub-home"]
    if person:
        addresses += ["/", "/account/", "/account/settings/", "/keys/", "/components/"]
    faults = {
        at: faults_by_width(open_page(at, cast.people.get(person or "")), WIDTHS)
        for at in addresses
    }
    assert {at: found for at, found in faults.items() if found} == {}
