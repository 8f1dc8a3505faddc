"""A passkey in a real browser, with a device of its own: made, used to sign in, and gone."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, complaints_of
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _with_a_device(page: Page) -> Any:
    """Give the page's browser a device that answers at once, as a telephone with a finger on it."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return tools, made["authenticatorId"]


def test_a_passkey_is_made_and_signs_in_alone_and_another_device_does_not(
    open_page: OpenPage, cast: Cast
) -> None:
    page = open_page("/account/factors/passkeys/", cast.people["amira"])
    tools, device = _with_a_device(page)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/passkeys/")
    assert complaints_of(page) == []
    page.get_by_label("Name of this passkey").fill("Work telephone")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/codes/")
    assert len(page.locator(".hub-codes li").all()) == 10
    page.goto(page.url.replace("/codes/", "/"))
    assert "Work telephone" in page.content()
    assert complaints_of(page) == []
    page.locator(".hub-header").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("link", name="Amira Sadler").wait_for()
    page.goto(page.url + "account/sessions/")
    assert "by passkey" in page.content()
    # Another device has no such key: the way in says so and the password's stays.
    page.locator(".hub-header").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    _with_a_device(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("The passkey did not answer").wait_for()
    assert complaints_of(page) == []
