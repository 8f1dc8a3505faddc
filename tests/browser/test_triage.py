"""The triage desk in a browser, by keyboard alone: same child, a wrong match undone, a new child."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page

from hub.accounts.models import User
from referrals.children.models import Child
from referrals.intake.models import Referral
from tests.browser.conftest import OpenPage
from tests.browser.deeds import main_of
from tests.browser.test_pages import faults_by_width
from tests.cast import Cast
from tests.make import make_child, make_episode, make_referral, set_level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def tab_to(page: Page, words: str) -> None:
    """Go on with Tab until the thing so called has the focus."""
    for _press in range(80):
        page.keyboard.press("Tab")
        called = page.evaluate(
            "document.activeElement.textContent || document.activeElement.labels?.[0]?.innerText || ''"
        )
        if words in called:
            return
    raise AssertionError(f"no Tab leads to {words}")


def enter(page: Page, words: str) -> None:
    """Go there and press Enter, and wait for the page that comes."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture
def referral(cast: Cast, amira: User, nora: User) -> Referral:
    """Lia March is referred; Leah Marsh is known, and a namesake of Lia's who is older."""
    of: dict[str, Any] = {"partnership": cast.bradford, "by": amira}
    leah = make_child(surname="Marsh", forenames="Leah", born=date(2012, 5, 3), **of)
    make_child(surname="March", forenames="Lia", born=date(2006, 3, 12), **of)
    days: dict[str, Any] = {"referred_on": date(2025, 2, 3), "closed_on": date(2025, 6, 2)}
    closed = make_episode(child=leah, by=amira, **days)
    set_level(episode=closed, level="MEDIUM", by=amira, set_on=date(2025, 2, 4))
    said: dict[str, Any] = {"date_of_birth": date(2012, 3, 5), "postcode": "BD99 1AA"}
    return make_referral(partnership=cast.bradford, by=nora, **said)


@pytest.mark.long
def test_a_referral_finds_its_child_by_keyboard_alone(
    referral: Referral, amira: User, open_page: OpenPage
) -> None:
    page = open_page("/referrals/", amira)
    enter(page, referral.reference)
    enter(page, "Find the child")
    assert "Is this a child we know?" in main_of(page)
    assert "Agreed at the daily meeting." in main_of(page)
    assert faults_by_width(page) == {}, "candidates"
    enter(page, "Not this child: March, Lia")
    assert "Set aside on this page" in main_of(page)
    assert faults_by_width(page) == {}, "aside"
    enter(page, "Compare, same child: Marsh, Leah")
    assert faults_by_width(page) == {}, "same"
    enter(page, "Same child: put the referral to it")
    assert "/episodes/" in page.url
    assert "the agencies are asked" in main_of(page)
    # It was her cousin after all.
    page.goto(page.url.split("/children/")[0] + f"/referrals/{referral.pk}/")
    enter(page, "Take it off this child")
    tab_to(page, "It was opened for this referral")
    page.keyboard.press("Space")
    tab_to(page, "Why is it not this child?")
    page.keyboard.type("Her cousin.")
    assert faults_by_width(page) == {}, "undo"
    enter(page, "Take it off")
    assert "The referral waits for its child again." in page.inner_text("main")
    enter(page, "None of these: register a new child")
    assert faults_by_width(page) == {}, "new"
    tab_to(page, "Not known")
    tab_to(page, "Yes")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    enter(page, "Register the child and open its episode")
    assert "/episodes/" in page.url
    held = Referral.objects.get(pk=referral.pk)
    assert held.child == Child.objects.get(surname="March", date_of_birth=date(2012, 3, 5))
