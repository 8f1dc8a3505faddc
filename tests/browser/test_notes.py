"""Writing a note in a real browser: by keys, in one screen, and never lost."""

import shutil
from uuid import uuid4

import psutil  # type: ignore[import-untyped]  # its types are not among our tools
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from hub.accounts.models import User
from hub.preferences.actions import switch_keys
from hub.preferences.models import Keys
from referrals.notes.actions import correct_note
from referrals.notes.models import Note
from referrals.notes.rules import Written
from tests.browser.conftest import FLAGS, OpenPage
from tests.browser.deeds import main_of
from tests.browser.programs import PROGRAMS
from tests.browser.test_pages import WIDTHS, faults_by_width
from tests.cast import Cast, ClientFor
from tests.make import make_note, make_person_to_call

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORMS = (
    "notes/new/", "notes/1/correct/", "notes/1/withdraw/", "people-to-call/new/",
    "people-to-call/1/correct/", "people-to-call/1/end/",
)  # fmt: skip


def _program() -> str:
    return next(filter(None, map(shutil.which, PROGRAMS)))


def _case(cast: Cast) -> str:
    return f"/children/{cast.shared.child_id}/"


def test_a_note_takes_two_keys_its_words_and_one_chord(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    switch_keys(keys=Keys.ON, now=timezone.now(), by=amira)
    page = open_page(_case(cast), amira)
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.wait_for_url("**/notes/new/")
    expect(page.get_by_label("What happened")).to_be_focused()
    page.keyboard.type("Seen at school; no concern.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/timeline/?kind=notes&note=1#note-1")
    assert "Seen at school; no concern." in page.locator("#note-1").inner_text()
    assert "The note is saved." in main_of(page)
    assert Note.objects.get().happened_on == timezone.localdate()


@pytest.mark.long
def test_a_note_is_kept_when_the_browser_is_killed(
    cast: Cast,
    amira: User,
    browser: Browser,
    live_server: LiveServer,
    client_for: ClientFor,
    open_page: OpenPage,
) -> None:
    mark = f"--hub-test={uuid4()}"
    doomed = browser.browser_type.launch(executable_path=_program(), args=[*FLAGS, mark])
    session = client_for(amira).cookies["sessionid"].value
    context = doomed.new_context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{_case(cast)}notes/new/")
    page.keyboard.type("Half a note, and the machine goes off.")
    page.get_by_text("Draft saved").wait_for(timeout=10_000)
    for process in _processes_with(mark):
        process.kill()
    again = open_page(f"{_case(cast)}notes/new/", amira)
    expect(again.get_by_label("What happened")).to_have_value(
        "Half a note, and the machine goes off."
    )
    assert "This is your draft" in again.inner_text("main")
    again.get_by_role("button", name="Save note").click()
    again.wait_for_url("**#note-1")
    assert Note.objects.get().text == "Half a note, and the machine goes off."


def _processes_with(mark: str) -> list[psutil.Process]:
    return [one for one in psutil.Process().children(recursive=True) if mark in one.cmdline()]


@pytest.mark.drill  # what tests/browser/test_every_page.py tries a sample of
def test_the_pages_of_notes_are_accessible_on_a_phone_and_on_a_desk(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    child, words = cast.shared.child, "A" * 200
    note = make_note(child=child, by=amira, own_words=words, with_whom="W" * 200, text=words)
    correction = Written(note.happened_on, words, words, "visit")
    correct_note(note=note, episode=cast.shared, written=correction, reason=words, by=amira)
    make_person_to_call(child=child, by=amira, name="N" * 120, safe_notes="S" * 300)
    make_person_to_call(child=child, by=amira, ask_first=True)
    faults = {}
    for name in ("", "timeline/?kind=notes", *FORMS):
        page = open_page(_case(cast) + name, amira)
        faults[name] = faults_by_width(page, WIDTHS)
        page.context.close()
    assert {where: found for where, found in faults.items() if found} == {}


def test_without_scripts_a_note_is_put_off_and_finished_and_faults_are_shown(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    page = open_page(f"{_case(cast)}notes/new/", amira, scripts=False)
    page.get_by_label("In the child's own words").fill("I like the new school.")
    page.get_by_role("button", name="Save and come back later").click()
    page.goto(page.url + "notes/new/")
    page.get_by_label("Day").fill("soon")
    page.get_by_role("button", name="Save note").click()
    assert page.title().startswith("Error: ")
    expect(page.get_by_label("In the child's own words")).to_have_value("I like the new school.")
    page.get_by_label("Day").fill("today")
    page.get_by_role("button", name="Save note").click()
    assert Note.objects.get().own_words == "I like the new school."
