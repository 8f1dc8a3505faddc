"""Emergency access in a real browser: opened, worked under the band, ended, reviewed."""

import pytest

from hub.accounts.models import User
from referrals.emergencies.models import EmergencyAccess
from referrals.grants.actions import restrict
from tests.browser.conftest import OpenPage
from tests.browser.deeds import button, fill, follow, main_of
from tests.browser.test_pages import faults_by_width
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "She was seen getting into a car with an adult nobody knows."


def test_a_nurse_opens_a_hidden_record_and_the_auditor_reviews_it(
    cast: Cast, dev: User, nora: User, otto: User, open_page: OpenPage
) -> None:
    child = cast.shared.child
    restrict(child=child, because="Confidential in social care.", by=dev)
    page = open_page(f"/children/{child.pk}/", nora)
    follow(page, "Emergency access")
    fill(page, reference=child.reference, because=WHY)
    page.get_by_label("4 hours").check()
    assert faults_by_width(page) == {}
    button(page, "Open the record")
    page.wait_for_url(f"**/children/{child.pk}/")
    assert WHY in page.locator(".hub-band").inner_text()
    assert faults_by_width(page) == {}
    here = page.url
    page.get_by_role("button", name="End it now").click()
    page.wait_for_url(lambda address: address != here)
    page.goto(here)
    assert "Page not found" in main_of(page)
    desk = open_page("/", otto)
    assert faults_by_width(desk) == {}
    follow(desk, EmergencyAccess.objects.get().reference)
    assert faults_by_width(desk) == {}
    desk.get_by_label("Justified", exact=True).check()
    fill(desk, words="It was so.")
    button(desk, "Close the review")
    assert "None awaits your review." in main_of(desk)
    assert faults_by_width(desk) == {}
