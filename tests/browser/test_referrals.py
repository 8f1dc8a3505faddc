"""Making a referral in a real browser: by keys alone, on a phone, without scripts, and after a crash."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hub.accounts.models import User
from referrals.intake.actions import send_link
from referrals.intake.models import Referral, token_of
from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.deeds import button, main_of
from tests.browser.test_pages import faults_of
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = "He waits for her at the gate, and knows her name."


def _go_on(page: Page) -> None:
    """Press Continue where one is typing: no mouse."""
    here = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != here)


def _choose(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("Space")


def _type(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(words)


@pytest.mark.long
def test_a_police_officer_makes_a_referral_by_keys_alone_on_a_phone(
    cast: Cast, ben: User, open_page: OpenPage
) -> None:
    page = open_page("/", ben, width=320)
    faults: dict[str, list[str]] = {}

    def look() -> None:
        found = faults_of(page)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            found.append("scrolls sideways")
        faults[page.title()] = [*found, *complaints_of(page)]

    def name() -> None:
        _type(page, "Forenames", "Lia")
        _choose(page, "Female")

    page.locator("main").get_by_role("link", name="Make a referral").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/safety/")
    pages: tuple[Callable[[], object], ...] = (
        lambda: _choose(page, "No"),
        lambda: page.get_by_label("Telephone").focus(),
        lambda: _choose(page, "A child"),
        name,
        lambda: _type(page, "Age, about", "14"),
        lambda: page.get_by_label("Address").focus(),
        lambda: page.get_by_label("NHS number").focus(),
        lambda: _choose(page, "Child sexual exploitation"),
        lambda: _type(page, "What happened, or what worries you?", SAID),
        lambda: _choose(page, "Unknown"),
    )
    for typing in pages:
        look()
        typing()
        _go_on(page)
    look()
    _choose(page, "Yes, they agree to it")
    _choose(page, "Neither")
    _go_on(page)
    look()
    page.get_by_role("button", name="Send the referral").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**?sent=1")
    look()
    assert {title: found for title, found in faults.items() if found} == {}
    sent = Referral.objects.get()
    assert sent.reference in main_of(page)
    assert (sent.what_happened, sent.source, sent.age_about) == (SAID, "6", 14)


def test_a_browser_that_is_killed_in_mid_form_loses_ten_seconds_at_most(
    cast: Cast, chloe: User, open_page: OpenPage
) -> None:
    page = open_page("/referrals/make/77/happened/", chloe)
    box = page.get_by_label("What happened, or what worries you?")
    page.clock.install()
    box.press_sequentially(SAID)
    for _each in range(4):  # typing without a pause: it is kept at least every ten seconds
        page.clock.run_for(1900)
        box.press_sequentially("!")
    page.clock.run_for(2500)
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.context.close()
    again = open_page("/referrals/mine/", chloe)
    again.get_by_role("link", name="Referral begun").click()
    again.goto(f"{again.url.partition('/referrals/')[0]}/referrals/make/77/happened/")
    # The last word may still have been on its way.
    kept = re.compile(rf"^{re.escape(SAID)}!{{3,4}}$")
    expect(again.get_by_label("What happened, or what worries you?")).to_have_value(kept)


def test_without_scripts_the_hub_takes_a_public_call_down_and_comes_back_later(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    page = open_page("/referrals/", amira, scripts=False)
    page.get_by_role("link", name="Take a call down").click()
    page.get_by_label("Yes", exact=True).check()
    button(page, "Continue")
    assert "call 999 before you go on" in main_of(page)
    page.get_by_label("What was done about the danger?").fill("999 called at 15:20")
    button(page, "Continue")
    page.get_by_label("Call from the public").check()
    page.get_by_label("Day of the call").fill("today")
    page.get_by_label("Time of the call").fill("late")
    button(page, "Continue")
    assert page.title().startswith("Error: ")
    expect(page.get_by_label("Day of the call")).to_have_value("today")
    page.get_by_label("Time of the call").fill("00:00")
    button(page, "Save and come back later")
    page.get_by_role("link", name="Referral begun").click()
    page.get_by_role("link", name="1. Who is worried").click()  # at what is missing first
    page.get_by_label("Who they are").select_option("1D")
    button(page, "Continue")
    page.get_by_label("A place").check()
    button(page, "Continue")
    page.get_by_label("Describe the person or the place").fill("The arcade by the station")
    button(page, "Continue")
    page.get_by_label("What happened, or what worries you?").fill(SAID)
    button(page, "Continue")
    button(page, "Send the referral")
    sent = Referral.objects.get()
    assert (sent.route, sent.in_danger, sent.about) == ("public", "yes", "place")
    assert sent.reference in main_of(page)
    page.goto(f"{page.url.partition('/referrals/')[0]}/referrals/")
    assert "due today" in main_of(page) or "left" in main_of(page)


def test_a_teacher_opens_her_link_and_refers_on_a_phone(cast: Cast, open_page: OpenPage) -> None:
    link = send_link(
        partnership=cast.bradford,
        email="tess.rowan@hillside.example",
        now=timezone.now(),
        by=cast.people["amira"],
    )
    page = open_page(f"/refer/open/{token_of(link.message)}/", width=320)
    faults = {page.title(): faults_of(page)}
    button(page, "Begin")
    page.get_by_label("No", exact=True).check()
    button(page, "Continue")
    page.get_by_label("Your name").fill("Tess Rowan")
    page.get_by_label("Your post").fill("Teacher")
    page.get_by_label("Your school, practice or agency").fill("Hillside School")
    page.get_by_label("Kind of work").select_option("2A")
    page.get_by_label("Telephone").fill("01632 960 001")
    faults[page.title()] = faults_of(page)
    button(page, "Continue")
    page.get_by_label("A place").check()
    button(page, "Continue")
    page.get_by_label("Describe the person or the place").fill("The arcade")
    button(page, "Continue")
    page.get_by_label("What happened, or what worries you?").fill(SAID)
    button(page, "Continue")
    faults[page.title()] = faults_of(page)
    button(page, "Send the referral")
    faults[page.title()] = faults_of(page)
    assert {title: found for title, found in faults.items() if found} == {}
    sent = Referral.objects.get()
    assert sent.reference in main_of(page)
    assert (sent.agency, sent.referrer_name) == ("Hillside School", "Tess Rowan")
