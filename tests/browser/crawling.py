"""Following the hub's links as a person would, and what each page of it owes that person."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from hub.accounts.models import User
from referrals.children.models import Child
from tests.forms_of_pages import Form, read

# Each answers with a file, or ends the story.
NO_PAGES = {"appendix1-download", "reporting-import-faults-file", "hub-sign-out"}
# Where nobody is led by a link, but by a form or by typing.
TYPED = ("/", "/search/", "/no-such-page/")

# Letters by chance, among which any short word may stand.
CHANCE = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=nonce=")[^"]+')

Kind = tuple[str, ...]
KindOf = Callable[[str], Kind]
Fetch = Callable[[str], tuple[str, str]]


@dataclass(frozen=True)
class Found:
    """A page that was reached: the address it has in the end, its HTML, and the forms on it."""

    address: str
    html: str
    forms: list[Form] = field(default_factory=list)


def name_of(address: str) -> str:
    """Give the name of the address's page; empty where there is none."""
    try:
        return str(resolve(urlsplit(address).path).view_name)
    except Resolver404:
        return ""


def by_name(address: str) -> Kind:
    """Count all pages of a name as one kind."""
    return (name_of(address),)


def by_question(address: str) -> Kind:
    """Count pages of a name that are asked for different things as different kinds."""
    return (name_of(address), *sorted(parse_qs(urlsplit(address).query)))


def by_address(address: str) -> Kind:
    """Count every address but its fragment as one of its own."""
    return (address.partition("#")[0],)


def crawl(
    fetch: Fetch, *, kind: KindOf, starts: tuple[str, ...] = TYPED, known: Iterable[Kind] = ()
) -> Iterator[Found]:
    """Give each page that links lead to from the starts, one of a kind; of the kinds known, none."""
    waiting, seen = list(starts), set(known)
    while waiting:
        address = waiting.pop(0)
        if name_of(address) in NO_PAGES or kind(address) in seen:
            continue
        seen.add(kind(address))
        here, html = fetch(address)
        if kind(here) in seen and kind(here) != kind(address):  # it led on to a page seen before
            continue
        seen.add(kind(here))
        links, forms = read(html)
        waiting += [urljoin(here, link) for link in links if link.startswith(("/", "?"))]
        yield Found(here, html, forms)


def in_browser(page: Page, hub: str) -> Fetch:
    """Fetch pages with a browser that is signed in."""

    def fetch(address: str) -> tuple[str, str]:
        page.goto(hub + address)
        return page.url.removeprefix(hub), CHANCE.sub("", page.content())

    return fetch


def by_client(client: Client) -> Fetch:
    """Fetch pages without a browser, which is quick."""

    def fetch(address: str) -> tuple[str, str]:
        answer = client.get(address, follow=True)
        assert answer.status_code < 500, address
        chain = answer.redirect_chain
        return (chain[-1][0] if chain else address), CHANCE.sub("", answer.content.decode())

    return fetch


def names_of_people() -> set[str]:
    """Every word that names somebody: none of them may stand in a title or an address."""
    children = Child.objects.values_list("forenames", "surname")
    people = User.objects.exclude(name="").values_list("name", flat=True)
    words = {word for both in children for name in both for word in name.split()}
    return {word.lower() for word in {*words, *(w for name in people for w in name.split())}}


def without_token(found: Found) -> list[str]:
    """The forms of a page that could not be sent: Django refuses what comes without its token."""
    return [
        form.action or found.address
        for form in found.forms
        if form.method == "post" and "csrfmiddlewaretoken" not in form.fields
    ]
