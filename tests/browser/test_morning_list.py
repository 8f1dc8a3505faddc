"""Before the meeting: an officer answers what was asked by keyboard alone, a social worker reads the list."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from referrals.checks.actions import ask_checks
from referrals.checks.models import AgencyCheck
from risk.agenda.rules import day_of
from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.deeds import Hands, main_of
from tests.browser.test_pages import faults_by_width
from tests.cast import Cast
from tests.make import make_child, make_episode, make_review, set_level

ANSWER = re.compile("^Answer(?!ed)")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asked(cast: Cast) -> Cast:
    """Two children about whom the agencies were asked, one of them under 13; a third's review is due."""
    amira = cast.people["amira"]
    young = make_child(partnership=cast.bradford, by=amira, surname="Little", born=date(2017, 5, 3))
    for episode in (cast.unshared, make_episode(child=young, by=amira)):
        ask_checks(episode=episode, why="new_referral", by=amira)
    set_level(episode=cast.shared, level="HIGH", set_on=cast.shared.referred_on, by=amira)
    make_review(episode=cast.shared, due_on=day_of(timezone.now()), by=amira)
    return cast


@pytest.mark.long
def test_an_officer_answers_by_keyboard_and_a_social_worker_reads_the_list(
    asked: Cast, open_page: OpenPage
) -> None:
    page = open_page("/", asked.people["ben"])
    _answer_both(page)
    police = AgencyCheck.objects.filter(agency__code="police")
    assert not police.filter(answered_at=None).exists()
    assert complaints_of(page) == []
    page = open_page(reverse("risk-agenda"), asked.people["amira"])
    words = main_of(page)
    assert "Checks 1 of 3 back" in words
    assert "Social care referral needed (under 13 when referred)" in words
    assert words.index("Marden, Kit") > 0
    for address in (
        reverse("risk-agenda"),
        reverse("referrals-checks-answered"),
        reverse("risk-my-work"),
        reverse("risk-child-checks", args=[asked.unshared.child_id]),
        reverse("risk-child-episode", args=[asked.unshared.child_id, asked.unshared.pk]),
    ):
        assert faults_by_width(page, address=address) == {}, address


def _answer_both(page: Page) -> None:
    """From home: one step to what is asked of the police, Enter on the first, and on to the next."""
    hands = Hands(page)
    page.get_by_role("main").get_by_role("link", name="2 to do").focus()
    hands.press("Enter")
    page.get_by_role("link", name=ANSWER).first.wait_for()
    page.get_by_role("main").get_by_role("link", name=ANSWER).first.focus()
    hands.press("Enter")
    for _check in range(2):
        page.get_by_role("radio", name="Nothing held").wait_for()
        page.wait_for_load_state()
        hands.press("ArrowDown")  # the first choice has the focus already
        assert page.get_by_role("radio", name="Nothing held").is_checked()
        hands.press("Tab", "Tab")
        page.keyboard.type("Crime and missing records")
        with page.expect_navigation():
            hands.press("Control+Enter")
    assert "Nothing awaits you" in main_of(page)
    assert hands.used <= 20
