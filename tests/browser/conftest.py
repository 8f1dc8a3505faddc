"""A real browser for the stories that need one: Debian's Chromium, driven by Playwright.

Without a window of its own if Debian's headless shell is there: the same engine, in two thirds of the time.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from hub.accounts.models import User
from tests.browser.programs import PROGRAMS
from tests.cast import ClientFor

HOW_TO_GET_IT = "No Chromium is installed. Get it with: apt-get install chromium (as root)."
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage = Callable[..., Page]
# How long a page may take to become what a story expects: on a busy machine a script may wait its turn.
PATIENCE = 15_000  # milliseconds


@pytest.fixture
def no_worker(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep uploads in a folder of the test, and call no worker: the story does its work."""
    settings.UPLOADS_DIR = settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    monkeypatch.setattr("reporting.imports.views.hurry", lambda number: None)


def _until_it_has_come(act: Callable[..., None]) -> Callable[..., None]:
    """Have a click be over when the page that it leads to has come: by itself it waits for its beginning."""

    @wraps(act)
    def acted(where: Page | Locator, *given: Any, **named: Any) -> None:
        act(where, *given, **named)
        page = where if isinstance(where, Page) else where.page
        if not page.is_closed():
            page.wait_for_load_state()

    return acted


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium with an empty profile of its own; without one installed the tests are skipped.

    One for all the stories here: to start it takes seconds. A story's window is its own (`open_page`).
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip(HOW_TO_GET_IT)
    expect.set_options(timeout=PATIENCE)
    # Playwright runs an event loop in this thread; Django would refuse to touch its database beside one.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        for kind, deed in ((Page, "click"), (Locator, "click"), (Locator, "press")):
            patch.setattr(kind, deed, _until_it_has_come(getattr(kind, deed)))
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
            yield chromium
            chromium.close()


@pytest.fixture
def open_page(
    browser: Browser, live_server: LiveServer, client_for: ClientFor
) -> Iterator[OpenPage]:
    """Open an address of the running hub, signed in as somebody (or nobody), in a window of that width.

    What the browser complained of is in `complaints_of(page)`.
    """
    contexts: list[BrowserContext] = []

    def make(
        address: str, user: User | None = None, width: int = 1280, scripts: bool = True
    ) -> Page:
        size: ViewportSize = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, java_script_enabled=scripts)
        contexts.append(context)
        if user is not None:
            session = client_for(user).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        setattr(page, COMPLAINTS, complaints)
        page.goto(live_server.url + address)
        return page

    yield make
    for context in contexts:
        context.close()


COMPLAINTS = "complaints"


def complaints_of(page: Page) -> list[str]:
    """What the browser's console said, but for its plain notices.

    That a page's status is an error, and that an address leads to a place within the page.
    """
    said: list[str] = getattr(page, COMPLAINTS)
    notices = (
        "Failed to load resource: the server",
        "Autofocus processing was blocked because a doc",
    )
    return [line for line in said if not line.startswith(notices)]
