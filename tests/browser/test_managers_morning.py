"""A manager's first quarter of an hour in the hub, with scripts and without."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from hub.templatetags.hub import day
from referrals.episodes.models import Episode
from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.deeds import button, fill, follow, main_of, said, sign_in
from tests.cast import Cast
from tests.make import allocate, make_caseload, make_review, set_level
from tests.sampled import sampled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEGAN = date(2026, 3, 2)
WHY = "First contact by the school."
THEN = date(2026, 3, 10)


@pytest.fixture
def hub(cast: Cast) -> Cast:
    """Rae is medium without a service and leads to nobody; Kit was low and is high now."""
    amira = cast.people["amira"]
    make_caseload(partnership=cast.bradford, number=3, by=cast.people["ben"])
    for child in ("shared", "unshared"):
        episode = getattr(cast, child)
        set_level(episode=episode, level="LOW", set_on=BEGAN, rationale=WHY, by=amira)
        make_review(episode=episode, due_on=london_date(timezone.now()), by=amira)
    set_level(episode=cast.unshared, level="MEDIUM", set_on=THEN + timedelta(1), by=amira)
    set_level(episode=cast.shared, level="HIGH", set_on=THEN + timedelta(1), by=amira)
    allocate(episode=cast.shared, worker=amira, by=amira)
    return cast


@pytest.mark.long
@pytest.mark.parametrize(
    "scripts", sampled([True, False], 1), ids=["with scripts", "without scripts"]
)
def test_a_managers_first_quarter_of_an_hour(scripts: bool, hub: Cast, open_page: OpenPage) -> None:
    page = open_page("/", scripts=scripts)
    sign_in(page, "dev")
    _find_what_should_be_empty(page, hub.unshared)
    _give_it_to_a_worker(page)
    _hand_it_over(page, hub.unshared)
    _see_what_was_known_then(page, hub.shared)
    _correct_the_level(page, hub.shared)
    _print_it_for_a_purpose(page, hub.shared)
    assert complaints_of(page) == []


def _find_what_should_be_empty(page: Page, episode: Episode) -> None:
    """The home page counts the exceptions; one click leads to the cases, one more into the case."""
    assert "What should be empty" in main_of(page)
    follow(page, "medium, and no service supports the child")
    assert "4 open episodes." in main_of(page)
    assert "Not allocated" in page.get_by_role("row").filter(has_text="Quillan").inner_text()
    follow(page, episode.reference)
    assert page.get_by_role("heading", level=1).inner_text() == "Rae Quillan"


def _give_it_to_a_worker(page: Page) -> None:
    page.get_by_role("link", name="Episodes", exact=True).click()
    page.locator("main tbody th a").click()
    follow(page, "Allocate")
    assert "Nobody leads this episode." in main_of(page)
    _choose(page, "amira")


def _hand_it_over(page: Page, episode: Episode) -> None:
    follow(page, "Allocate")
    assert "Amira Sadler leads this episode, until" in main_of(page)
    _choose(page, "nora")
    words = main_of(page)
    assert "Nora Whitby" in words
    assert "Amira Sadler" in words  # she led it, and it says until when
    episode.refresh_from_db()
    assert episode.lead_worker == "Nora Whitby"


def _choose(page: Page, worker: str) -> None:
    page.get_by_label("Leads the episode").check()
    page.get_by_label("Person", exact=True).select_option(worker)
    button(page, "Allocate")
    said(page, "The episode is allocated.")


def _see_what_was_known_then(page: Page, episode: Episode) -> None:
    """Who set which level and why, today and as at a day of March, and back again."""
    page.locator("#search-box").fill(episode.reference)
    page.keyboard.press("Enter")
    follow(page, "Marden, Kit")
    page.get_by_role("link", name="Levels", exact=True).click()
    table = page.get_by_role("table", name=f"Levels of {episode.reference}")
    expect(table.get_by_role("row")).to_have_count(3)
    assert "Amira Sadler" in table.inner_text()
    page.get_by_text("See this case as at a past day").click()
    fill(page, as_at=f"{THEN:%-d/%-m/%y}")
    page.get_by_label("Only what was known by the end of that day").check()
    button(page, "Show that day")
    assert f"as at {day(THEN)}" in page.inner_text("header")
    expect(table.get_by_role("row")).to_have_count(2)
    assert WHY in table.inner_text()
    page.get_by_role("link", name="Leave the past: see the case today").click()
    expect(table.get_by_role("row")).to_have_count(3)


def _correct_the_level(page: Page, episode: Episode) -> None:
    """A level that was typed wrongly is put right; what it read stays readable beside it."""
    page.goto(page.url.replace("/levels/", f"/episodes/{episode.pk}/"))
    page.get_by_role("main").get_by_role("link", name="Correct the level").first.click()
    page.get_by_label("Medium", exact=True).check()
    fill(page, reason="The minutes say medium.")
    button(page, "Save correction")
    said(page, "Corrected.")
    follow(page, "The levels with their reasons")
    words = main_of(page)
    assert "Why it was corrected: The minutes say medium." in words
    assert "High" in words


def _print_it_for_a_purpose(page: Page, episode: Episode) -> None:
    page.get_by_role("link", name="Print", exact=True).click()
    page.get_by_label("Strategy discussion").check()
    fill(page, recipient="The chair of the discussion")
    button(page, "Record and show the sheet")
    assert "The minutes say medium." in main_of(page)
    event = AuditEvent.objects.filter(verb="disclosure").latest("at")
    assert event.reference == episode.child.reference
