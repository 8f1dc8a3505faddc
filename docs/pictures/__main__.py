"""Make the pictures of the docs from the running demo: `make pictures`.

The demo is started in a data folder of its own, so that nobody's work is in a picture; every person in
them is invented. Pictures are of the day they are made on.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from reporting.demo.rules.accounts import PASSWORD
from tests.browser.programs import PROGRAMS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = ".hub-pictures"
PORT = "8740"
READY = re.compile(r"CSE Hub answers at (\S+) until")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 320, "height": 640}


@dataclass(frozen=True)
class Picture:
    """A picture: its file, whose screen it is, the address, and the links then clicked, by their words."""

    name: str
    person: str
    address: str
    clicks: tuple[str, ...] = ()
    phone: bool = False


FIRST_CHILD = ".hub-table tbody a"
ADD = "text=Add or correct"
PICTURES = (
    Picture("home", "manager", "/"),
    Picture("caseload", "social", "/episodes/?level=HIGH"),
    Picture("caseload-phone", "social", "/episodes/?level=HIGH", phone=True),
    Picture("child", "social", "/episodes/?level=HIGH", (FIRST_CHILD,)),
    Picture("timeline", "social", "/episodes/?level=HIGH", (FIRST_CHILD, "text=Timeline")),
    Picture("note", "social", "/episodes/?level=HIGH", (FIRST_CHILD, ADD, "text=Add a note")),
    Picture("level", "social", "/episodes/?level=HIGH", (FIRST_CHILD, ADD, "text=Record a level")),
    Picture("appendix1", "analyst", "/reports/appendix1/"),
    Picture(
        "figure", "analyst", "/reports/appendix1/", ("table:has-text('Risk level') tbody td a",)
    ),
    Picture("import", "analyst", "/imports/upload/"),
    Picture("charity", "charity", "/"),
)


def main() -> None:
    """Start the demo, take every picture, and stop what was started."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        sys.exit("No Chromium is installed. Get it with: apt-get install chromium (as root).")
    environment = {**os.environ, "HUB_DATA_DIR": FOLDER}
    for elsewhere in ("DATABASE_URL", "REDIS_URL"):  # never somebody's own servers
        environment.pop(elsewhere, None)
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--stop-with-parent", "--port", PORT],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        _take_all(program, _address(demo))
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait()
        destroy = [sys.executable, "manage.py", "engines", "destroy", "--yes"]
        subprocess.run(destroy, cwd=ROOT, env=environment, check=True)


def _address(demo: "subprocess.Popen[str]") -> str:
    """Wait until the demo says where it answers."""
    assert demo.stdout is not None
    for line in demo.stdout:
        found = READY.search(line)
        if found:
            return found[1].rstrip("/")
    sys.exit("The demo ended before it answered.")


def _take_all(program: str, hub: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for picture in PICTURES:
            _take(browser, hub, picture)
        browser.close()


def _take(browser: Browser, hub: str, picture: Picture) -> None:
    size = PHONE if picture.phone else DESKTOP
    context = browser.new_context(viewport={"width": size["width"], "height": size["height"]})
    page = context.new_page()
    _sign_in(page, hub, picture.person)
    page.goto(hub + picture.address)
    for link in picture.clicks:
        page.locator(link).first.click()
        page.wait_for_load_state()
    path = HERE / f"{picture.name}.png"
    page.screenshot(path=path)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")
    context.close()


def _sign_in(page: Page, hub: str, person: str) -> None:
    page.goto(f"{hub}/sign-in/")
    page.get_by_label("User name").fill(person)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()
    no_keys = page.get_by_role("button", name="No")
    if no_keys.count():
        with page.expect_navigation():
            no_keys.first.click()


if __name__ == "__main__":
    main()
