"""A social worker's first quarter of an hour in the hub, with keys and with no script at all."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from hub.days.rules import london_date
from hub.templatetags.hub import day
from referrals.children.models import Child
from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.deeds import Hands, button, deed, fill, follow, main_of, said, search, sign_in
from tests.cast import PASSWORD, Cast
from tests.make import allocate, make_address, make_caseload, make_review, set_level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEGAN = date(2026, 3, 9)
NOTE = "Seen at home with the school nurse. Wants to go back to swimming."


@pytest.fixture
def morning(cast: Cast) -> Cast:
    """Kit is hers, high, and the review is late; others' episodes stand beside it."""
    amira, today = cast.people["amira"], london_date(timezone.now())
    make_caseload(partnership=cast.bradford, number=6, by=cast.people["ben"])
    set_level(episode=cast.shared, level="HIGH", set_on=BEGAN, rationale="Missing twice.", by=amira)
    make_review(episode=cast.shared, due_on=today - timedelta(days=3), by=amira)
    set_level(episode=cast.unshared, level="LOW", set_on=BEGAN, by=amira)
    allocate(episode=cast.shared, worker=amira, by=amira)
    make_address(child=cast.shared.child, from_date=BEGAN, by=amira)
    return cast


@pytest.mark.long
def test_a_social_workers_first_quarter_of_an_hour(morning: Cast, open_page: OpenPage) -> None:
    page = open_page("/")
    sign_in(page, "amira")
    page.get_by_role("button", name="Yes, use keys").click()
    said(page, "Keys are on.")
    case = _open_what_slips_by_keys(page)
    again = _write_a_note_and_be_interrupted(page, open_page)
    _correct_the_address(again, case)
    _set_the_level(again, case)
    _read_the_timeline(again, case)
    _register_a_child_who_may_be_known(again)
    _hide_the_screen_and_come_back(again)
    again.get_by_role("button", name="Sign out").click()
    assert "You are signed out." in main_of(again)
    assert complaints_of(page) + complaints_of(again) == []


@pytest.mark.drill
def test_her_quarter_of_an_hour_without_scripts(morning: Cast, open_page: OpenPage) -> None:
    page = open_page("/", scripts=False)
    sign_in(page, "amira")
    page.get_by_label("Menu").get_by_role("link", name="Caseload").click()
    follow(page, "Mine, high and overdue")
    follow(page, morning.shared.reference)
    case = page.url
    deed(page, "Add a note")
    fill(page, text=NOTE)
    button(page, "Save and come back later")
    page.get_by_role("link", name="Home", exact=True).click()
    page.get_by_role("link", name=f"{morning.shared.child.reference} Add a note").click()
    button(page, "Save note")
    assert NOTE in main_of(page)
    _correct_the_address(page, case)
    _set_the_level(page, case)
    _read_the_timeline(page, case)
    _register_a_child_who_may_be_known(page)
    _hide_the_screen_and_come_back(page)
    page.get_by_role("button", name="Sign out").click()
    assert "You are signed out." in main_of(page)


def _open_what_slips_by_keys(page: Page) -> str:
    """Two keys to the caseload, one click to what is hers, high and late, two keys into the case."""
    hands = Hands(page)
    hands.press("g", "c")
    page.wait_for_url("**/episodes/")
    expect(page.locator("main tbody tr")).to_have_count(8)
    narrowing = Hands(page)
    narrowing.click(page.get_by_role("link", name="Mine, high and overdue"))
    page.wait_for_url("**level=HIGH**")
    assert narrowing.used == 1
    expect(page.locator("main tbody tr")).to_have_count(1)
    hands.press("j", "Enter")
    page.wait_for_url("**/children/*/")
    assert page.get_by_role("heading", level=1).inner_text() == "Kit Marden"
    assert "Why: Missing twice." in main_of(page)
    assert hands.used + narrowing.used == 5
    return page.url


def _write_a_note_and_be_interrupted(page: Page, open_page: OpenPage) -> Page:
    """Two keys, then words; the window goes, and in another the draft is on the home page."""
    hands = Hands(page)
    hands.press("g", "n")
    page.wait_for_url("**/notes/new/")
    assert hands.used == 2
    expect(page.get_by_label("What happened")).to_be_focused()
    page.keyboard.type(NOTE)
    page.get_by_text("Draft saved").wait_for(timeout=15_000)
    page.close()
    again = open_page("/")
    sign_in(again, "amira")
    assert "Half-written" in main_of(again)
    again.locator("main a[href$='/notes/new/']").click()
    expect(again.get_by_label("What happened")).to_have_value(NOTE)
    again.get_by_label("What happened").press("Control+Enter")
    again.wait_for_url("**/timeline/?kind=notes&note=1#note-1")
    assert NOTE in main_of(again)
    return again


def _correct_the_address(page: Page, case: str) -> None:
    page.goto(f"{case}addresses/")
    page.get_by_role("main").get_by_role("link", name="Correct").first.click()
    fill(page, postcode="BD99 2ZZ", reason="Read from the letter of the school.")
    button(page, "Record the correction")
    said(page, "Recorded.")
    words = main_of(page)
    assert "BD99 2ZZ" in words
    assert "BD99 1AA" in words  # what it read before stays readable
    assert "Read from the letter of the school." in words


def _set_the_level(page: Page, case: str) -> None:
    page.goto(case)
    deed(page, "Record a level")
    page.get_by_label("Medium", exact=True).check()
    fill(page, rationale="Back in school; all agencies agree.")
    page.get_by_label("Thursday panel").check()
    button(page, "Record level")
    said(page, "The level is recorded.")
    due = london_date(timezone.now()) + timedelta(days=42)
    assert f"Review due\t{day(due)}" in main_of(page).replace("\n\n", "\t")


def _read_the_timeline(page: Page, case: str) -> None:
    """Everything is there, the newest first, each under its day; what came late says when it came."""
    page.goto(f"{case}timeline/")
    words, today = main_of(page), day(london_date(timezone.now()))
    assert words.index("Back in school") < words.index("Missing twice.")
    assert words.index(today) < words.index(day(BEGAN))
    for what in (NOTE, "BD99 2ZZ", "Medium", "High", "Northlight"):
        assert what in words
    assert f"Recorded on {today}." in words  # the address of March, put right today


def _register_a_child_who_may_be_known(page: Page) -> None:
    """The hub shows who it may be; she says that it is another, and opens the first episode."""
    search(page, "Marden Nell")
    follow(page, "Register a child")
    fill(page, forenames="Kitt", surname="Marden", date_of_birth="3/5/2011")
    page.get_by_label("Female").check()
    page.get_by_role("group", name="Learning disability").get_by_label("Not known").check()
    button(page, "Register the child")
    assert "Children who may be the same" in main_of(page)
    expect(page.get_by_role("main").get_by_role("link", name="Marden, Kit")).to_have_count(1)
    page.get_by_label("None of these is the child: register a new one").check()
    button(page, "Register the child")
    said(page, "The child is registered.")
    fill(page, referred_on="today")
    page.get_by_label("Who referred the child").select_option(index=1)
    page.get_by_label("Child sexual exploitation").check()
    button(page, "Open episode")
    said(page, "The episode is open.")
    made = Child.objects.get(forenames="Kitt")
    search(page, "kitt marden")
    follow(page, "Marden, Kitt")
    assert page.url.endswith(reverse("risk-child-summary", args=[made.pk]))


def _hide_the_screen_and_come_back(page: Page) -> None:
    where = page.url
    page.get_by_role("button", name="Hide screen").click()
    page.get_by_role("heading", name="Screen hidden").wait_for()
    assert "Kitt" not in page.inner_text("body")
    page.locator("#cover-password").fill(PASSWORD)
    page.get_by_role("button", name="Show the screen").click()
    expect(page.get_by_role("heading", name="Kitt Marden")).to_be_visible()
    assert page.url == where
