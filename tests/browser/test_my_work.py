"""A manager gives out what nobody leads, a worker does what is owed and says who covers: by keyboard."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from hub.days.rules import london_date
from partners.agencies.models import Agency
from partners.staffing.models import Absence
from referrals.checks.actions import ask_checks
from referrals.disagreements.actions import raise_disagreement
from referrals.disagreements.models import Disagreement
from referrals.episodes.models import Episode
from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.deeds import Hands, main_of
from tests.browser.test_pages import faults_by_width
from tests.cast import Cast
from tests.make import allocate, make_review, set_level

REVIEW = re.compile("^Review.*Quillan, Rae")
ISSUE = "No strategy discussion was held."
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hub(cast: Cast) -> Cast:
    """Rae's review is late and amira leads it; nobody leads Kit; social care is asked about Kit."""
    amira = cast.people["amira"]
    set_level(episode=cast.unshared, level="HIGH", set_on=date(2026, 3, 9), by=amira)
    late = london_date(timezone.now()) - timedelta(days=2)
    make_review(episode=cast.unshared, due_on=late, by=amira)
    allocate(episode=cast.unshared, worker=amira, by=amira)
    ask_checks(episode=cast.shared, why="new_referral", by=cast.people["dev"])
    social_care = Agency.objects.get(partnership=cast.bradford, code="social-care")
    raise_disagreement(episode=cast.shared, issue=ISSUE, against=social_care, by=cast.people["ben"])
    return cast


@pytest.mark.long
def test_a_manager_gives_a_case_out_and_a_worker_opens_what_is_late(
    hub: Cast, open_page: OpenPage
) -> None:
    page = open_page("/", hub.people["dev"])
    hands = Hands(page)
    _go(page, hands, "Team")
    _go(page, hands, "Open cases that nobody leads: 1")
    page.get_by_label("Marden, Kit").focus()
    hands.press("Space", "Tab")
    page.keyboard.type("Amira")
    with page.expect_navigation():
        hands.press("Control+Enter")
    assert Episode.objects.get(pk=hub.shared.pk).lead_worker == "Amira Sadler"
    assert hands.used <= 7
    for address in ("/team/", "/team/unallocated/", "/my-work/"):
        assert faults_by_width(page, address=address) == {}, address
    assert complaints_of(page) == []

    page = open_page("/", hub.people["amira"])
    hands = Hands(page)
    _go(page, hands, "4 to do, 1 overdue")
    _go(page, hands, REVIEW)
    assert page.url.endswith("/level/")
    page.go_back()
    _go(page, hands, "Professional disagreements")
    _go(page, hands, re.compile("^Open.*disagreement 1"))
    _go(page, hands, "Take it up a level")
    page.get_by_label("Why?").fill("It could not be agreed.")
    with page.expect_navigation():
        hands.press("Control+Enter")
    assert "With team managers until" in main_of(page)
    page.goto(page.url.replace(page.url.split("/", 3)[3], "my-work/"))
    _go(page, hands, "Away and cover")
    _go(page, hands, "Enter an absence")
    page.get_by_label("First day away").fill("today")
    page.get_by_label("Last day away").fill("+7")
    page.get_by_label("Who covers?").focus()
    page.keyboard.type("Dev")
    with page.expect_navigation():
        hands.press("Control+Enter")
    assert "Dev Marlow" in main_of(page)
    assert Absence.objects.get().cover == hub.people["dev"]
    fact = Disagreement.objects.known().get()
    raising = f"/children/{fact.child_id}/episodes/{fact.episode_id}/disagreement/"
    for address in (
        "/away/", "/away/new/", "/my-work/", "/disagreements/", f"/disagreements/{fact.pk}/", raising,
    ):  # fmt: skip
        assert faults_by_width(page, address=address) == {}, address
    assert complaints_of(page) == []


def _go(page: Page, hands: Hands, link: str | re.Pattern[str]) -> None:
    """Follow a link of the page's own part with Enter."""
    page.get_by_role("main").get_by_role("link", name=link).first.focus()
    with page.expect_navigation():
        hands.press("Enter")
