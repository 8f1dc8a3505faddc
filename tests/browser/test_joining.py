"""Two records of one child joined and taken apart in a browser, by keyboard alone."""

from datetime import date

import pytest

from hub.accounts.models import User
from referrals.joinings.models import Joining
from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.deeds import main_of
from tests.browser.test_pages import faults_by_width
from tests.browser.test_triage import enter, tab_to
from tests.cast import Cast
from tests.make import make_address, make_child, make_episode, make_note

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.long
def test_two_records_are_joined_read_as_one_and_taken_apart_by_keyboard_alone(
    cast: Cast, amira: User, open_page: OpenPage
) -> None:
    twice = make_child(
        partnership=cast.bradford, by=amira, surname="Mardon", forenames="Kit", reference="C-TWICE"
    )
    episode = make_episode(child=twice, by=amira, reference="E-TWICE")
    make_address(child=twice, by=amira, from_date=date(2026, 3, 9), line="12 Alder Way")
    make_note(child=twice, by=amira, episode=episode, text="Told of a car outside.")
    kept = cast.shared.child
    page = open_page(f"/children/{twice.pk}/", amira)
    tab_to(page, "Add or correct")
    page.keyboard.press("Enter")
    enter(page, "Join with another record of this child")
    assert faults_by_width(page) == {}, "choose"
    enter(page, "Marden, Kit")
    assert "Are C-TWICE and" in main_of(page)
    assert not page.locator("input:checked").count()
    assert faults_by_width(page) == {}, "compare"
    tab_to(page, "Keep C-TWICE")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Why are they one child?")
    page.keyboard.type("Same mother, and both say so.")
    enter(page, "Join the records")
    assert page.url.endswith(f"/children/{kept.pk}/")
    assert "joined with C-TWICE" in main_of(page)
    assert "12 Alder Way" in main_of(page)
    assert faults_by_width(page) == {}, "joined"
    page.goto(page.url.replace(f"/{kept.pk}/", f"/{twice.pk}/timeline/"))
    assert page.url.endswith(f"/children/{kept.pk}/timeline/"), "the old reference leads here"
    assert "on record C-TWICE" in main_of(page)
    assert faults_by_width(page) == {}, "timeline"
    page.goto(page.url.replace(f"/children/{kept.pk}/timeline/", "/joined/"))
    assert faults_by_width(page) == {}, "list"
    enter(page, "Take apart C-TWICE and")
    assert faults_by_width(page) == {}, "apart"
    tab_to(page, "Why are they taken apart?")
    page.keyboard.type("They are cousins.")
    enter(page, "Take them apart")
    assert "apart again" in main_of(page)
    assert "C-TWICE" not in page.inner_text(".hub-identity")
    assert not Joining.objects.known().exists()
    assert complaints_of(page) == []
