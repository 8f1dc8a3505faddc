"""What the stories of each role's day share: the hub on a working day, its people, and a day at a screen."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.days.rules import london_date
from partners.agencies.actions import appoint
from partners.agencies.models import Agency
from partners.sharing.actions import make_agreement
from referrals.checks.actions import ask_checks
from referrals.grants.actions import give_grant
from referrals.grants.rules import Terms
from reporting.appendix1.rules.parameters import PUBLISHED
from risk.meetings.models import MeetingSeries
from tests.browser.conftest import complaints_of
from tests.browser.crawling import name_of
from tests.browser.deeds import main_of
from tests.browser.test_pages import by_axe, sideways
from tests.cast import BEGAN, EVERYTHING, NOW, PASSWORD, Cast
from tests.make import (
    allocate,
    make_child,
    make_episode,
    make_missing,
    make_referral,
    make_review,
    set_level,
)
from tests.risk.meeting import meeting_of

# Who works here besides the cast: of which role, in which agency.
OTHERS = {
    "hal": ("Hal Ridding", Role.HUB_ADMINISTRATOR, "social-care"),
    "sue": ("Sue Marlock", Role.SUSPECT_MANAGER, "police"),
    "mel": ("Mel Corrigan", Role.MISSING_COORDINATOR, "police"),
    "eve": ("Eve Lister", Role.EDUCATION_OFFICER, "council"),
    "lee": ("Lee Arkwright", Role.LICENSING_OFFICER, "council"),
    "pip": ("Pip Denholm", Role.PROBLEM_SOLVER, "council"),
    "ada": ("Ada Nutter", Role.AGENCY_ADMINISTRATOR, "police"),
}
# Words of the children's records: none of them may be read where no case is to be seen.
NAMES = ("Quillan", "Marden", "Brightmore")


def take_on(cast: Cast) -> None:
    """Let those in who have the roles that nobody of the cast has."""
    by = operator()
    for username, (name, role, agency) in OTHERS.items():
        user = open_account(username=username, name=name, password=PASSWORD, now=NOW, by=by)
        user.conduct_accepted_on = timezone.localdate()
        user.save(update_fields=["conduct_accepted_on"])
        where = Agency.objects.get(partnership=cast.bradford, code=agency)
        appoint(user=user, agency=where, role=role, starts_on=BEGAN, now=NOW, by=by)
        cast.people[username] = user


def working_day(cast: Cast) -> None:
    """Rae is high, her review is late, amira leads and she was missing; Kit is shared with two agencies.

    All agencies are asked about both, today's meeting has them, and a referral's sender is to be told.
    """
    take_on(cast)
    amira, today, now = cast.people["amira"], london_date(timezone.now()), timezone.now()
    set_level(episode=cast.unshared, level="HIGH", set_on=date(2026, 3, 9), by=amira)
    make_review(episode=cast.unshared, due_on=today - timedelta(days=2), by=amira)
    allocate(episode=cast.unshared, worker=amira, by=amira)
    make_missing(
        child=cast.unshared.child,
        by=amira,
        start=now - timedelta(days=3),
        found_at=now - timedelta(days=2),
    )
    council = Agency.objects.get(partnership=cast.bradford, code="council")
    terms = Terms("Her school is part of the plan.", today + timedelta(days=30))
    make_agreement(agency=council, agreed=EVERYTHING, by=operator())
    give_grant(child=cast.shared.child, to=council.group, terms=terms, by=cast.people["dev"])
    for episode in (cast.shared, cast.unshared):
        ask_checks(episode=episode, why="new_referral", by=amira)
    meeting = meeting_of(cast, amira, cast.unshared, cast.shared)
    MeetingSeries.objects.update(missing_on=[meeting.held_on.weekday()], missing_at=time(10, 30))
    make_referral(partnership=cast.bradford, by=cast.people["nora"])


def published(cast: Cast) -> None:
    """Let the analyst publish the last whole year's numbers, with children enough to be published."""
    amira, today = cast.people["amira"], london_date(timezone.now())
    year = today.year - (1 if today.month > 3 else 2)
    for number in range(48):
        child = make_child(partnership=cast.bradford, by=amira, gender="FMU"[number % 2])
        episode = make_episode(child=child, by=amira, referred_on=date(year, 5, 3))
        level = ("HIGH", "MEDIUM", "LOW", "NO_RISK")[number % 4]
        set_level(episode=episode, level=level, set_on=date(year, 5, 5), by=amira)
    client = Client()
    client.force_login(cast.people["ana"])
    asked = client.get(reverse("appendix1")).context["page"].publish
    told = client.post(reverse("appendix1-publish"), {**asked, "disclosure": PUBLISHED})
    assert told.status_code == 302, told.content.decode().split("<main")[1][:900]


class Day:
    """A person's day at a screen, by keyboard; axe looks once at each kind of page that it passes."""

    def __init__(self, page: Page, username: str) -> None:
        self.page = page
        self.username = username
        self.passed: dict[str, list[str]] = {}

    def sign_in(self) -> None:
        """Give name and password where the hub asks for them."""
        self.page.get_by_label("User name").focus()
        self.page.keyboard.type(self.username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self._enter()

    def menu(self) -> list[str]:
        """What the menu offers besides Home."""
        return self.page.get_by_label("Menu").get_by_role("link").all_inner_texts()[1:]

    def open(self, label: str) -> None:
        """Go to a place of the menu."""
        self.page.get_by_label("Menu").get_by_role("link", name=label, exact=True).focus()
        self._enter()

    def follow(self, link: str | re.Pattern[str]) -> None:
        """Follow a link of the page's own part."""
        self.page.get_by_role("main").get_by_role("link", name=link).first.focus()
        self._enter()

    def press(self, button: str | re.Pattern[str]) -> None:
        """Press a button of the page's own part."""
        self.page.get_by_role("main").get_by_role("button", name=button).first.focus()
        self._enter()

    def deed(self, name: str) -> None:
        """Choose from the menu that stands on each page of a case."""
        self.page.locator("summary", has_text="Add or correct").focus()
        self.page.keyboard.press("Enter")
        self.page.get_by_label("Add or correct").get_by_role("link", name=name).focus()
        self._enter()

    def fill(self, **answers: str) -> None:
        """Type into the fields of those names, in place of what stands there."""
        for name, words in answers.items():
            self.page.locator(f"main [name={name}]:not([type=hidden])").focus()
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(words)

    def choose(self, *labels: str) -> None:
        """Choose an answer of a question, or tick one."""
        for label in labels:
            self.page.get_by_role("main").get_by_label(label, exact=True).focus()
            self.page.keyboard.press("Space")

    def pick(self, label: str, words: str) -> None:
        """Choose from a list by its first letters."""
        self.page.get_by_role("main").get_by_label(label, exact=True).focus()
        self.page.keyboard.type(words)

    def send(self) -> None:
        """Send the form from where one is typing."""
        self._go(lambda: self.page.keyboard.press("Control+Enter"))

    def reads(self, *words: str) -> None:
        """Find these words on the page."""
        told = main_of(self.page)
        assert [each for each in words if each not in told] == [], told

    def is_refused(self, *addresses: str) -> None:
        """Type addresses that are not for this person: none of them says a word of a child."""
        for address in addresses:
            self.page.goto(f"{self._hub}{address}")
            assert self.page.title() in ("You cannot do this - CSE Hub", "Page not found - CSE Hub")
            self.names_nobody()

    def names_nobody(self) -> None:
        """The page names no child."""
        words = self.page.content()
        assert [name for name in NAMES if name in words] == []

    def sign_out(self) -> None:
        """Sign out; the way back shows nothing of what was there."""
        self.page.get_by_role("banner").get_by_role("button", name="Sign out").focus()
        self._enter()
        assert "You are signed out." in main_of(self.page)
        for _step in range(3):
            self.page.go_back()
            expect(self.page.get_by_label("User name")).to_be_visible()
            expect(self.page.get_by_role("button", name="Sign out")).to_have_count(0)
            self.names_nobody()

    @property
    def faults(self) -> dict[str, list[str]]:
        """What was wrong with the pages that the day passed."""
        return {where: found for where, found in self.passed.items() if found}

    @property
    def _hub(self) -> str:
        parts = urlsplit(self.page.url)
        return f"{parts.scheme}://{parts.netloc}"

    def _enter(self) -> None:
        self._go(lambda: self.page.keyboard.press("Enter"))

    def _go(self, act: Callable[[], None]) -> None:
        with self.page.expect_navigation():
            act()
        self.page.wait_for_load_state()
        kind = name_of(self.page.url)
        if kind not in self.passed:
            self.passed[kind] = [
                *by_axe(self.page),
                *sideways(self.page),
                *complaints_of(self.page),
            ]
