"""The pages in a real browser: by keyboard alone, on a phone, and by the accessibility rules."""

import random
from collections.abc import Callable
from datetime import date
from urllib.parse import urljoin

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.test import override_settings
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.deeds import main_of
from tests.cast import PASSWORD, Cast
from tests.make import allocate, make_caseload, make_review, set_level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# WCAG 2.2 AA and what axe counts as good practice besides.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 1280)
BY_CHANCE: tuple[tuple[int, ...], ...] = ((320,), (1280,), (), ())
AXE = f"() => {{ {Axe().axe_script} }}"
LOOK = """async options => {
    const found = await axe.run({...options, resultTypes: ["violations"]});
    return {violations: found.violations};
}"""

# Name of the page: its address, who looks at it (nobody: a stranger).
PAGES = {
    "sign-in": ("/sign-in/", None),
    "home": ("/", "amira"),
    "home without cases": ("/", "bea"),
    "home without a post": ("/", "gus"),
    "caseload": ("/episodes/", "amira"),
    "caseload, second page": ("/episodes/?page=2", "amira"),
    "caseload of a charity": ("/episodes/", "chloe"),
    "caseload, empty": ("/episodes/", "femi"),
    "bad request": ("/?x=%00", "amira"),
    "not allowed": ("/episodes/", "bea"),
    "not found": ("/nothing-here/", "amira"),
    "not found, stranger": ("/nothing-here/", None),
    "method refused": ("/sign-out/", "amira"),
    "fault": ("/fault/", "amira"),
    "forbidden": ("/forbidden/", "amira"),
    "conflict": ("/conflict/", "amira"),
}


def _fill(cast: Cast) -> None:
    """Give the caseload every level, late reviews, a long name and more than one page."""
    amira = cast.people["amira"]
    made = make_caseload(partnership=cast.bradford, number=8, by=amira)
    levels = zip(made, ("HIGH", "LOW", "NO_RISK"), strict=False)
    for episode, level in levels:
        set_level(episode=episode, level=level, set_on=date(2026, 3, 9), by=amira)
    set_level(episode=cast.shared, level="HIGH", set_on=date(2026, 3, 9), by=amira)
    make_review(episode=cast.shared, due_on=date(2026, 2, 27), by=amira)
    allocate(episode=cast.shared, worker=amira, by=amira)
    child = made[1].child
    child.forenames = "Alexandria-Wilhelmina Josephine"
    child.surname = "Featherstonehaugh-Cholmondeley"
    child.save(update_fields=["forenames", "surname"])


def by_axe(page: Page) -> list[str]:
    """What axe finds. Only violations come over, and axe goes there once a page: all else costs seconds."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    results = AxeResults(page.evaluate(LOOK, {"runOnly": {"type": "tag", "values": RULES}}))
    return [results.generate_report()] if results.violations_count else []


def faults_of(page: Page) -> list[str]:
    """Accessibility faults, scrolling sideways, and what the browser complains of; or nothing."""
    return [*by_axe(page), *sideways(page), *complaints_of(page)]


def sideways(page: Page) -> list[str]:
    """Whether the page is wider than its window."""
    root = "document.documentElement"
    wider = page.evaluate(f"{root}.scrollWidth > {root}.clientWidth")
    return ["scrolls sideways"] if wider else []


def faults_by_width(
    page: Page, looked: tuple[int, ...] = (), address: str = ""
) -> dict[int, list[str]]:
    """What is wrong with a page (or another of the hub) on a phone and on a desk, where anything is.

    Axe looks at it in those widths, else by chance in one or in none: it takes longer than all else here.
    The drill has it look at every page, in both.
    """
    found, looked = {}, looked or random.choice(BY_CHANCE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if address:
            page.goto(urljoin(page.url, address))
        found[width] = (
            faults_of(page) if width in looked else [*sideways(page), *complaints_of(page)]
        )
    return {width: faults for width, faults in found.items() if faults}


@pytest.mark.drill  # what tests/browser/test_every_page.py tries a sample of
def test_each_page_is_accessible_on_a_phone_and_on_a_desk(
    cast: Cast, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(cast)
    monkeypatch.setattr("referrals.caseload.forms.USUAL_SIZE", 5)
    faults = {}
    with override_settings(ROOT_URLCONF="tests.hub.test_site"):
        for name, (address, person) in PAGES.items():
            page = open_page(address, cast.people.get(person or ""))
            faults[name] = faults_by_width(page, WIDTHS)
            page.context.close()
    assert {where: found for where, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_refused_sign_in_is_accessible_and_leads_to_the_field(
    width: int, cast: Cast, open_page: OpenPage
) -> None:
    page = open_page("/sign-in/", width=width)
    page.fill("#id_username", "amira")
    page.fill("#id_password", "not the password")
    page.click("main button")
    expect(page).to_have_title("Error: Sign in - CSE Hub")
    expect(page.locator(":focus")).to_contain_text("There is a problem")
    assert page.input_value("#id_username") == "amira"
    assert page.input_value("#id_password") == ""
    assert faults_of(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_password")).to_be_focused()


def test_the_check_itself_finds_planted_faults(open_page: OpenPage) -> None:
    page = open_page("/sign-in/", width=320)
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        " `<img src=x style='opacity:1'><svg width=900 height=9></svg>`)"
    )
    found = " ".join(faults_of(page))
    assert "label" in found
    assert "image-alt" in found
    assert "scrolls sideways" in found
    assert "Content Security Policy" in found


def test_a_social_worker_works_by_keyboard_alone(cast: Cast, open_page: OpenPage) -> None:
    page = open_page("/episodes/")
    page.keyboard.press("Tab")
    assert _focused(page) == "Skip to main content"
    page.keyboard.press("Enter")
    _tab_to(page, lambda: page.evaluate("document.activeElement.id") == "id_username")
    page.keyboard.type("amira")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/")
    assert page.title() == "Caseload - CSE Hub"
    expect(page.get_by_role("rowheader")).to_have_count(2)
    expect(page.get_by_role("columnheader", name="Review due")).to_have_count(1)
    _tab_to(page, lambda: _focused(page) == "Home")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.endswith("/") and "episodes" not in address)
    _tab_to(page, lambda: _focused(page) == "Sign out")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/")
    assert "You are signed out." in main_of(page)
    page.goto(page.url.replace("/sign-in/", "/episodes/"))
    assert "/sign-in/" in page.url


def test_on_a_phone_each_cell_says_what_it_is_and_the_table_stays_a_table(
    cast: Cast, open_page: OpenPage
) -> None:
    page = open_page("/episodes/", cast.people["amira"], 320)
    cell = page.locator("tbody").get_by_role("cell").nth(1)
    label = "getComputedStyle(cell, '::before').content"
    assert "Age" in cell.evaluate(f"cell => {label}")
    expect(page.get_by_role("table", name="Open episodes")).to_have_count(1)
    expect(page.get_by_role("rowheader")).to_have_count(2)


def test_the_page_reads_without_javascript(cast: Cast, open_page: OpenPage) -> None:
    page = open_page("/episodes/", cast.people["amira"], scripts=False)
    expect(page.get_by_role("rowheader")).to_have_count(2)
    assert page.get_by_role("dialog").count() == 0
    assert page.locator("script:not([src]), [style], [onclick]").count() == 0


def _focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.textContent.trim()")
    return text


def _tab_to(page: Page, there: Callable[[], bool]) -> None:
    """Press Tab until there, as one would who has no mouse."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if there():
            return
    pytest.fail("no number of Tabs leads there")
