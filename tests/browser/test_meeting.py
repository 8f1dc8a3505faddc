"""A meeting in real browsers: without a mouse, several people at once, on a phone, without scripts."""

import random
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hub.accounts.models import User
from hub.preferences.actions import switch_keys
from hub.preferences.models import Keys
from risk.meetings.actions import finish_meeting
from risk.meetings.models import Meeting, MeetingDecision
from risk.proposals.models import Proposal
from tests.browser.conftest import OpenPage
from tests.browser.deeds import Hands, main_of
from tests.browser.test_pages import WIDTHS, faults_of
from tests.cast import Cast
from tests.make import make_child, make_episode
from tests.risk.meeting import PLAN, REASON, at_level, item_of, meeting_of, panel_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHIN = 2_000  # milliseconds until a decision is on the other screens (besides what a busy machine adds)
SLOW = 4_000


@pytest.fixture
def keys(cast: Cast) -> None:
    """Everybody uses keys."""
    for name in ("amira", "dev"):
        switch_keys(keys=Keys.ON, now=timezone.now(), by=cast.people[name])


@pytest.fixture
def meeting(cast: Cast, amira: User, keys: None) -> Meeting:
    """Three children of Bradford; amira records."""
    child = make_child(partnership=cast.bradford, by=amira, surname="Ashby", forenames="Lou")
    third = make_episode(child=child, by=amira)
    at_level(cast.shared, "LOW", amira, days_ago=4)
    return meeting_of(cast, amira, cast.unshared, cast.shared, third)


def at(page: Page, name: str) -> None:
    """Wait until the screen of that child has come, with the focus on its heading."""
    heading = page.get_by_role("heading", level=1, name=re.compile(name))
    expect(heading).to_be_focused()


def test_the_common_decisions_take_few_keys_and_no_mouse(
    cast: Cast, meeting: Meeting, amira: User, open_page: OpenPage
) -> None:
    page = open_page(f"/meetings/items/{item_of(meeting, cast.unshared).pk}/", amira)
    at(page, "Rae Quillan")
    hands = Hands(page)
    hands.press("n")
    page.keyboard.type("Every agency looked, and nothing is held.")
    hands.press("Tab", "Space", "Control+Enter")
    at(page, "Kit Marden")  # the next child, by itself
    assert hands.used == 4
    hands = Hands(page)
    hands.press("m")
    page.keyboard.type("Two missing episodes since Friday.")
    hands.press("Tab")
    page.keyboard.type("Call the lead at once.")
    hands.press("Control+Enter")
    at(page, "Lou Ashby")
    assert hands.used == 3
    cast.unshared.refresh_from_db()
    cast.shared.refresh_from_db()
    assert cast.unshared.closed_on is not None
    assert (cast.shared.level, MeetingDecision.objects.count()) == ("MEDIUM", 2)
    others = page.get_by_role("group", name="Strategy discussion")
    page.keyboard.press("h")
    expect(
        others
    ).to_be_visible()  # a high level asks for more in the same step, a medium one does not
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(others).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    at(page, "Kit Marden")
    page.keyboard.press("j")
    at(page, "Lou Ashby")
    page.keyboard.press("c")
    page.get_by_role("heading", name="Agenda").wait_for()
    assert "Carried to the next meeting" in main_of(page)


@pytest.mark.long
def test_a_decision_is_on_the_others_screens_by_itself_and_takes_nothing_from_them(
    cast: Cast, meeting: Meeting, amira: User, dev: User, ben: User, open_page: OpenPage
) -> None:
    item = f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    agenda, room = (
        open_page(f"/meetings/{meeting.pk}/", dev),
        open_page(f"/meetings/{meeting.pk}/room/", dev),
    )
    theirs = open_page(item, ben)
    theirs.get_by_text("Add as Police").click()
    theirs.get_by_label("Your agency's words").fill("Stopped in a car on")
    recorder = open_page(item, amira)
    recorder.keyboard.press("l")
    recorder.keyboard.type("Worries at school.")
    recorder.keyboard.press("Control+Enter")
    at(recorder, "Kit Marden")
    row = agenda.get_by_role("row", name=re.compile("Quillan"))
    expect(row).to_contain_text("Low", timeout=WITHIN + SLOW)
    expect(room.locator("#meeting-room")).to_contain_text("Low", timeout=WITHIN + SLOW)
    expect(theirs.locator("#meeting-outcome")).to_contain_text(
        "Decided by Amira Sadler", timeout=WITHIN + SLOW
    )
    # What was being typed is there, and so is the place in it.
    words = theirs.get_by_label("Your agency's words")
    expect(words).to_be_focused()
    words.press("End")
    theirs.keyboard.type(" Friday.")
    expect(words).to_have_value("Stopped in a car on Friday.")


def test_what_is_typed_of_a_decision_is_kept_and_shown_to_nobody(
    cast: Cast, meeting: Meeting, amira: User, dev: User, open_page: OpenPage
) -> None:
    item = f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    page = open_page(item, amira)
    page.keyboard.press("h")
    page.keyboard.type("Seen with an older man at the station.")
    page.get_by_text("Draft saved").wait_for()
    page.close()
    again = open_page(item, amira)
    expect(again.get_by_label("Reason", exact=True)).to_have_value(
        "Seen with an older man at the station."
    )
    assert "older man" not in open_page(item, dev).content()


@pytest.mark.long
def test_the_screens_keep_the_rules_on_a_phone_and_at_a_desk(
    cast: Cast, meeting: Meeting, amira: User, dev: User, open_page: OpenPage
) -> None:
    item = item_of(meeting, cast.shared)
    at_level(cast.unshared, "HIGH", amira)
    page = open_page(f"/meetings/items/{item.pk}/", amira)
    page.get_by_label("No CSE risk").check()
    page.get_by_label("Reason", exact=True).fill(REASON)
    page.get_by_label("Exit plan").fill(PLAN)
    page.get_by_role("button", name="Propose to the panel").click()
    page.get_by_text("The decision is recorded.").wait_for()
    finish_meeting(meeting=meeting, by=amira)
    panel = panel_of(cast, dev, Proposal.objects.get())
    addresses = {
        dev: [
            *("/meetings/", f"/meetings/{meeting.pk}/", f"/meetings/{meeting.pk}/minutes/"),
            *(
                f"/meetings/{panel.pk}/",
                f"/meetings/{panel.pk}/room/",
                f"/meetings/{panel.pk}/finish/",
            ),
            *(f"/meetings/items/{item.pk}/", f"/meetings/items/{item_of(panel, cast.shared).pk}/"),
            *(f"/meetings/{panel.pk}/minutes/paper/", f"/meetings/{panel.pk}/add/"),
            *(
                f"/meetings/series/{meeting.series_id}/paper/",
                f"/meetings/open/{meeting.series_id}/past/",
            ),
            *("/proposals/", f"/proposals/{Proposal.objects.get().pk}/view/", "/meetings/actions/"),
            *("/meetings/plans/new/", f"/meetings/plans/{meeting.series_id}/"),
        ]
    }
    faults, dice = {}, random.Random()
    for person, pages in addresses.items():
        window = open_page("/meetings/", person)
        origin = window.url.removesuffix("/meetings/")
        for address in dice.sample(pages, len(pages) // 2):  # the others another time
            width = dice.choice(WIDTHS)
            window.set_viewport_size({"width": width, "height": 900})
            window.goto(origin + address)
            if found := faults_of(window):
                faults[address, width] = found
    assert faults == {}


def test_without_scripts_a_child_is_decided_on_a_phone(
    cast: Cast, meeting: Meeting, amira: User, open_page: OpenPage
) -> None:
    address = f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    page = open_page(address, amira, width=320, scripts=False)
    page.get_by_label("No CSE risk").check()
    page.get_by_label("Reason", exact=True).fill(REASON)
    page.get_by_role("button", name="Record no CSE risk and close").click()
    assert "Say whether other risks were found" in main_of(page)
    page.get_by_label("None found").check()
    page.get_by_role("button", name="Record no CSE risk and close").click()
    assert "The decision is recorded." in main_of(page)
    cast.unshared.refresh_from_db()
    assert cast.unshared.closed_on is not None
