"""Recording an episode and its level in a real browser: by keys, without scripts, on a phone and a desk."""

from datetime import date

import pytest
from playwright.sync_api import expect

from hub.accounts.models import User
from referrals.episodes.actions import allocate
from referrals.episodes.models import Episode
from referrals.episodes.rules import Worker
from risk.levels.actions import set_level
from risk.levels.models import RiskLevel
from risk.levels.rules import Decision
from tests.browser.conftest import OpenPage
from tests.browser.deeds import main_of
from tests.browser.test_pages import WIDTHS, faults_by_width
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REFERRED = date(2026, 3, 2)


def _of(episode: Episode) -> str:
    return f"/children/{episode.child_id}/episodes/{episode.pk}/"


def test_a_level_is_recorded_by_keys_alone(cast: Cast, amira: User, open_page: OpenPage) -> None:
    page = open_page(f"{_of(cast.unshared)}level/", amira)
    page.get_by_label("High", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Missing twice; agreed by all.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{_of(cast.unshared)}")
    level = RiskLevel.objects.get()
    assert (level.level, level.agreed) == ("HIGH", "daily")
    assert "The level is recorded." in main_of(page)


def test_without_scripts_an_episode_is_opened_allocated_and_closed(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    new = f"/children/{cast.shared.child_id}/episodes/new/"
    page = open_page(new, amira, scripts=False)
    page.get_by_label("Referred on").fill("soon")
    page.get_by_label("Child criminal exploitation").check()
    page.get_by_role("button", name="Open episode").click()
    assert page.title().startswith("Error: ")
    expect(page.get_by_label("Child criminal exploitation")).to_be_checked()
    page.get_by_label("Referred on").fill("today")
    page.get_by_label("Who referred the child").select_option("6")
    page.get_by_role("button", name="Open episode").click()
    page.get_by_role("link", name="Allocate").click()
    page.get_by_label("Leads the episode").check()
    page.get_by_label("Person", exact=True).select_option("amira")
    page.get_by_role("button", name="Allocate").click()
    page.get_by_role("link", name="Close").click()
    page.get_by_label("Closed on").fill("today")
    page.get_by_label("Reason").select_option("ERROR")
    page.get_by_label("Why, in words").fill("Opened for a test.")
    page.get_by_role("button", name="Close episode").click()
    assert "Recorded in error" in main_of(page)
    made = Episode.objects.get(reference="HE-00001")
    assert (made.lead_worker, made.closed_on) == ("Amira Sadler", made.referred_on)


@pytest.mark.drill  # what tests/browser/test_every_page.py tries a sample of
def test_the_pages_of_an_episode_are_accessible_on_a_phone_and_on_a_desk(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    episode, words = cast.unshared, "A" * 200
    worker = Worker("N" * 80, ("Wilhelmina-Josephine " * 5).strip(), "police")
    held = allocate(
        episode=episode, worker=worker, lead=True, from_date=REFERRED, seen_lead="", by=amira
    )
    decision = Decision("HIGH", REFERRED, words, "panel")
    level = set_level(episode=episode, decision=decision, seen_level="", by=amira)
    case, here = f"/children/{episode.child_id}/", _of(episode)
    forms = ("", "correct/", "close/", "allocate/", "level/", "review/")
    numbered = (f"levels/{level.pk}/correct/", f"levels/{level.pk}/withdraw/",
                f"allocations/{held.pk}/end/", "episodes/new/", "episodes/")  # fmt: skip
    faults = {}
    for address in (*(here + form for form in forms), *(case + form for form in numbered)):
        page = open_page(address, amira)
        faults[address] = faults_by_width(page, WIDTHS)
        page.context.close()
    assert {where: found for where, found in faults.items() if found} == {}
