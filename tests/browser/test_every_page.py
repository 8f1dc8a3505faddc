"""Every page that links lead to, as each of four people meets it: by the rules, on a phone and on a desk."""

import os
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from hub.accounts.models import User
from hub.days.rules import noon
from hub.facts.actions import correct
from hub.facts.moments import write_moment
from referrals.children.models import ChildDetails
from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.crawling import (
    Found,
    Kind,
    by_client,
    by_name,
    by_question,
    crawl,
    in_browser,
    names_of_people,
    without_token,
)
from tests.browser.deeds import button, fill, main_of
from tests.browser.test_imports import a_conflict
from tests.browser.test_pages import WIDTHS, by_axe, faults_by_width
from tests.cast import Cast, ClientFor
from tests.forms_of_pages import read
from tests.make import allocate, make_caseload, make_missing, make_review
from tests.reporting.uploading import faulty, received, work
from tests.test_bad_input import everything_about

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = ("amira", "dev", "ana", "chloe")
# As many kinds of page as links led to when this was written: a crawl that finds fewer has lost its way.
FEWEST = 40
MOST_PAGES = 150
ONE_IN = 16
Faults = dict[str, list[str]]


@pytest.fixture
def hub(cast: Cast, no_worker: None, tmp_path: Path) -> Cast:
    """A little of everything on one child, some episodes, and a conflict that waits."""
    everything_about(cast)
    amira, child = cast.people["amira"], cast.shared.child
    make_caseload(partnership=cast.bradford, number=6, by=amira)
    make_review(episode=cast.unshared, due_on=date(2026, 3, 3), by=amira)
    allocate(episode=cast.unshared, worker=amira, by=amira)
    make_missing(child=child, by=amira, start=noon(cast.shared.referred_on))
    a_conflict(replace(cast, shared=cast.unshared))
    work(received(faulty(tmp_path, 3), cast.people["ana"], cast.bradford))
    return cast


def _faults(page: Page, names: set[str], widths: tuple[int, ...]) -> list[str]:
    """What is wrong with the page that is open; axe looks at it in each of the widths."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"scrolls sideways at {width}")
        if width in widths:
            found += by_axe(page)
    return [*found, *complaints_of(page), *_named(page.title(), names)]


def _named(title: str, names: set[str]) -> list[str]:
    told = [word for word in title.lower().split() if word.strip(",:") in names]
    return [f"named in the title: {word}" for word in told]


def _title_of(found: Found) -> str:
    return found.html.partition("<title>")[2].partition("</title>")[0].strip()


def _pages_of(
    page: Page, client: Client, known: set[Kind], names: set[str], share: int
) -> tuple[set[Kind], Counter[str], Faults]:
    """Crawl as a person; give the kinds of pages, their titles, and what is wrong where.

    One page in sixteen is opened in the browser: the drill opens all, of everybody and in both widths.
    """
    kinds, titles, faults = set[Kind](), Counter[str](), {}
    hub = page.url.removesuffix("/account/")
    for number, found in enumerate(crawl(by_client(client), kind=by_name, known=known)):
        kinds.add(by_name(found.address))
        titles[_title_of(found)] += 1
        faults[found.address] = without_token(found) + _named(_title_of(found), names)
        if number % ONE_IN == share:
            page.goto(hub + found.address)
            faults[found.address] += _faults(page, names, (320,))
    return kinds, titles, faults


@pytest.mark.long
def test_every_page_has_a_title_of_its_own_and_a_sample_reads_on_a_phone(
    hub: Cast, open_page: OpenPage, client_for: ClientFor
) -> None:
    names, known = names_of_people(), set[Kind]()
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(ONE_IN))
    print(f"one page in sixteen is opened (HUB_DRILL_SEED={seed})")  # noqa: T201  # to have it again
    for person in PEOPLE:
        client = client_for(hub.people[person])
        page = open_page("/account/", hub.people[person], width=320)
        # Of the pages that are the same for all who see the whole case, one person's are enough.
        before = set() if person == "chloe" else known - {("hub-home",)}
        kinds, titles, faults = _pages_of(page, client, before, names, seed % ONE_IN)
        known |= kinds
        assert {where: what for where, what in faults.items() if what} == {}, person
        assert [title for title, times in titles.items() if times > 1] == [], person
        page.context.close()
    assert len(known) >= FEWEST, known


@pytest.mark.drill
@pytest.mark.parametrize("person", [*PEOPLE, "ben", "nora", "femi", "bea", "otto", "sid", "gus"])
def test_every_page_of_everybody_is_accessible_on_a_phone_and_on_a_desk(
    person: str, hub: Cast, open_page: OpenPage, live_server: LiveServer
) -> None:
    page, names, faults = open_page("/", hub.people[person]), names_of_people(), {}
    pages = crawl(in_browser(page, live_server.url), kind=by_question)
    for found in islice(pages, MOST_PAGES):
        faults[found.address] = _faults(page, names, WIDTHS) + without_token(found)
    print(f"{person}: {len(faults)} pages")  # noqa: T201  # the drill prints its figures
    assert {where: what for where, what in faults.items() if what} == {}


@pytest.mark.long
def test_every_form_of_the_analysts_bears_the_token_without_which_it_could_not_be_sent(
    hub: Cast, ana: User, client_for: ClientFor
) -> None:
    pages = list(crawl(by_client(client_for(ana)), kind=by_question))
    assert sum(form.method == "post" for found in pages for form in found.forms) > len(pages)
    assert [where for found in pages for where in without_token(found)] == []


def test_a_form_without_its_token_is_found() -> None:
    html = '<form method="post" action="/x/"><input name="line"></form>'
    assert without_token(Found("/", html, read(html)[1])) == ["/x/"]


def test_a_conflict_of_two_editors_and_a_form_with_errors_are_accessible(
    hub: Cast, amira: User, open_page: OpenPage
) -> None:
    page = open_page(f"/children/{hub.shared.child_id}/details/", amira)
    fact = ChildDetails.objects.get(child=hub.shared.child)
    now = write_moment(fact.partnership_id)
    correct(fact=fact, now=now, by=hub.people["dev"], reason="As she says it.", surname="Merrow")
    fill(page, surname="Marsden", reason="By the birth certificate.")
    button(page, "Record the correction")
    assert "Both versions" in main_of(page)
    assert faults_by_width(page) == {}
    fill(page, surname="", reason="")
    button(page, "Record the correction")
    assert "There is a problem" in main_of(page)
    assert faults_by_width(page) == {}
