"""Deeds that several stories share: each takes a page as a person sees it, with scripts or without."""

from playwright.sync_api import Locator, Page

from tests.cast import PASSWORD


class Hands:
    """A person's hands at a page; `used` counts the keys they pressed and the things they clicked.

    Words that are typed count nothing: they are the same on paper.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.used = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.used += 1
            self.page.keyboard.press(key)

    def click(self, thing: Locator) -> None:
        self.used += 1
        thing.click()


def sign_in(page: Page, username: str) -> None:
    """Give name and password where the hub asks for them."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()


def main_of(page: Page) -> str:
    """What the page says, once all of it has come: a click waits for its answer to begin, not to end."""
    page.wait_for_load_state()
    return page.inner_text("main")


def said(page: Page, words: str) -> None:
    """Wait until the hub says so."""
    page.get_by_role("main").get_by_role("status").filter(has_text=words).wait_for()


def button(page: Page, name: str) -> None:
    """Press a button of the page's own part."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """Follow a link of the page's own part."""
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def deed(page: Page, name: str) -> None:
    """Choose from the menu that stands on each page of a case."""
    page.get_by_text("Add or correct", exact=True).click()
    page.get_by_label("Add or correct").get_by_role("link", name=name).click()


def fill(page: Page, **answers: str) -> None:
    """Fill in text by the fields' names in the address of the form: `surname="Fenn"`."""
    for name, words in answers.items():
        page.locator(f"main [name={name}]:not([type=hidden])").fill(words)


def search(page: Page, words: str) -> None:
    """Search from the header."""
    page.locator("#search-box").fill(words)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Search results").wait_for()
