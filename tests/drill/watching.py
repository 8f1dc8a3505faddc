"""Who notices that a rule of the application's wall is gone: what they find is compared with what was before.

Each tries in a way of its own what somebody may do or see. `_pages` goes wherever links lead each of some
people, opens it and sends it, empty, as all of them: what answers otherwise, or leads elsewhere, is noticed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.utils import timezone

from hub.access.gate import standing_of
from hub.accounts.models import User
from hub.days.rules import working_day_before
from partners.people.queries import looked_after
from risk.agenda.queries.then import items_then, suspects_then
from risk.agenda.rules import day_of, window_of
from tests.access_matrix import MATRIX
from tests.browser.crawling import TYPED, by_name, crawl
from tests.cast import Cast, ClientFor
from tests.drill.forbidden import forbidden, let_through
from tests.forms_of_pages import read
from tests.leaks import Asking
from tests.machines import by_token, own_tokens, secret_of
from tests.rights import ASKED
from tests.test_access_matrix import _address, _all_methods, _answer
from tests.test_no_leak import Records, try_words
from tests.test_rights import misjudged
from tests.walls import Walls, as_it_should_be

# Of every kind: who records, who leads, police, a charity, who counts, who reviews, who looks after people.
LOOK_AROUND = ("amira", "dev", "ben", "chloe", "ana", "otto", "sid")
MOST_PAGES = 250
Shown = dict[tuple[str, str], tuple[int, int, frozenset[str]]]


class Mutant(Protocol):
    """A rule that is gone: of which file and module."""

    @property
    def path(self) -> PurePosixPath: ...  # as the class says
    @property
    def module(self) -> ModuleType: ...


@dataclass
class Watch:
    """Those who may notice, from the quickest to the slowest."""

    cast: Cast
    client_for: ClientFor
    walls: Walls
    records: Records
    extract: Path
    lists: dict[str, list[str]] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    shown: Shown = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browsers = {name: self.client_for(self.cast.people[name]) for name in LOOK_AROUND}
        for browser in self.browsers.values():
            browser.raise_request_exception = False
        self.lists = _lists(self.cast)
        self.shown = {
            (name, address): _shown(self.browsers[name], address)
            for address in self._addresses()
            for name in LOOK_AROUND
        }

    def _addresses(self) -> list[str]:
        found: dict[str, None] = {}
        for browser in self.browsers.values():
            day = working_day_before(timezone.localdate()).isoformat()
            starts = (*TYPED, reverse("risk-meeting-day", args=[day]))
            pages = crawl(_fetched(browser), kind=by_name, starts=starts)
            for _number, page in zip(range(MOST_PAGES), pages, strict=False):
                found[page.address.partition("#")[0]] = None
        return list(found)

    def alarmed(self) -> list[str]:
        """Name who notices something while every rule is there: then nothing that they notice counts."""
        looks: list[Callable[[Any], bool]] = [self._lists, self._deeds, self._machines, self._words]
        found = [look.__name__ for look in looks if look(None)]
        misjudge = next(misjudged(list(ASKED)), "")
        return [each for each in (*found, misjudge, self.otherwise()) if each]

    def who_looks(self, mutant: Mutant) -> list[Callable[[Mutant], bool]]:
        """Choose who may notice a rule of that kind of file."""
        if mutant.path.stem in ("models", "gate"):
            return [self._rows, self._rights]
        if "actions" in mutant.path.parts or mutant.path.stem == "actions":
            return [self._rights, self._deeds]
        return [self._lists, self._answers, self._words, self._machines, self._pages]

    def _rights(self, mutant: Mutant) -> bool:
        """Whoever tries the rights of the actions of that subject, or of all for a rule of the floor."""
        package = mutant.module.__name__.partition(".actions")[0]
        names = [name for name in ASKED if name.startswith(f"{package}.actions.")]
        return next(misjudged(names or list(ASKED)), None) is not None

    def _deeds(self, mutant: Mutant) -> bool:
        """Whoever does for another partnership, or with too small a right, what needs rows to be tried."""
        deeds = forbidden(self.cast, self.extract)
        return any(let_through(deed, refusal) for deed, refusal in deeds)

    def _words(self, mutant: Mutant) -> bool:
        """Whoever looks for words that are not theirs, with the application's wall alone."""
        for name in ("ben", "chloe", "erin", "ana"):
            asker = Asking(self.client_for(self.cast.people[name]), name)
            try_words(asker, self.records)
            for address in ("/", "/episodes/", "/imports/", "/imports/conflicts/"):
                asker.ask("GET", address)
            if asker.leaks:
                return True
        return False

    def _lists(self, mutant: Mutant) -> bool:
        """Whoever reads lists of what other partnerships and agencies have, too."""
        return _lists(self.cast) != self.lists

    def _machines(self, mutant: Mutant) -> bool:
        """A charity's machine that asks what has changed: most changes are not for it, so it is refused."""
        address = "/api/v1/children?changed_since=2026-01-01T00:00:00Z"
        with transaction.atomic():
            own_tokens(self.cast)
            answer = by_token(secret_of("chloe")).get(address)
            transaction.set_rollback(True)
        return answer.status_code != 403

    def _rows(self, mutant: Mutant) -> bool:
        for user in self.cast.people.values():
            user.__dict__.pop("standing_here", None)
        return as_it_should_be(self.cast).read != self.walls.read

    def _answers(self, mutant: Mutant) -> bool:
        views = {name: _view_named(name) for name in MATRIX}
        near = _near(mutant.module.__name__, views.values())
        for name, view in views.items():
            if not view.startswith(near):
                continue
            for who, answers in MATRIX[name].items():
                browser = self.client_for(self.cast.people.get(who))
                for method, expected in _all_methods(who, answers).items():
                    if method in ("GET", "POST") and expected != _answer(
                        browser, method, _address(name, self.cast)
                    ):
                        return True
        return False

    def _pages(self, mutant: Mutant) -> bool:
        """Everybody who looks around: somebody is answered otherwise, or led elsewhere."""
        return bool(self.otherwise(mutant.module.__name__))

    def otherwise(self, module: str = "") -> str:
        """Give the first page that is not as it was, and for whom.

        Of a module of views among those of its subject, of another among those of its room.
        """
        views = {address: _view_of(address) for _who, address in self.shown}
        room = module.split(".", maxsplit=1)[0]
        near = _near(module, views.values()) if ".views" in module else room
        for who, address in self.shown:
            if not views[address].startswith(near):
                continue
            if _shown(self.browsers[who], address) != self.shown[who, address]:
                return f"{address} for {who}"
        return ""


def _near(module: str, views: Iterable[str]) -> str:
    """Give the subject of a module, or its room where the subject has no pages of its own."""
    room, *rest = module.split(".")
    subject = ".".join([room, *rest[:1], ""])
    return subject if any(view.startswith(subject) for view in views) else room


def _view_of(address: str) -> str:
    try:
        return str(resolve(urlsplit(address).path).func.__module__)
    except Resolver404:
        return ""


def _lists(cast: Cast) -> dict[str, list[str]]:
    """Whom an administrator looks after; what stood, and who was put forward, on the list of a day."""
    now, sid = timezone.now(), User.objects.get(pk=cast.people["sid"].pk)
    window = window_of(day_of(now), time(9, 30))
    standing = standing_of(sid)
    found = {"posts": [] if standing is None else sorted(map(str, looked_after(sid, standing)))}
    for name in ("amira", "ben", "erin"):
        who = User.objects.get(pk=cast.people[name].pk)
        found[f"items of {name}"] = sorted(map(repr, items_then(who, window, now)))
        found[f"suspects of {name}"] = sorted(map(str, suspects_then(who, window.day, now)))
    return found


def _fetched(browser: Client) -> Callable[[str], tuple[str, str]]:
    """Open a page and undo what it did; one that stumbles over a row made by chance leads nowhere."""

    def fetch(address: str) -> tuple[str, str]:
        with transaction.atomic():
            answer: Any = browser.get(address, follow=True)
            transaction.set_rollback(True)
        chain = answer.redirect_chain
        html = "" if answer.status_code >= 500 else answer.content.decode(errors="replace")
        return (chain[-1][0] if chain else address), html

    return fetch


def _shown(browser: Client, address: str) -> tuple[int, int, frozenset[str]]:
    """Open an address, and send nothing to it: both answers, and where the page leads."""
    with transaction.atomic():
        page = browser.get(address)
        sent = browser.post(address)
        transaction.set_rollback(True)
    if "text/html" not in page.headers.get("Content-Type", ""):
        return page.status_code, sent.status_code, frozenset()
    links, forms = read(page.content.decode())
    led = frozenset(map(_where, [*links, *(form.action for form in forms)]))
    return page.status_code, sent.status_code, led


def _where(link: str) -> str:
    """Give where a link leads and what it asks by name: a report's moment is another at each look."""
    parts = urlsplit(link)
    return " ".join([parts.path, *sorted(parse_qs(parts.query))])


def _view_named(name: str) -> str:
    for pattern in _patterns(get_resolver().url_patterns):
        if pattern.name == name:
            return str(pattern.callback.__module__)
    return ""


def _patterns(entries: Any) -> Iterator[Any]:
    for entry in entries:
        yield from _patterns(entry.url_patterns) if hasattr(entry, "url_patterns") else [entry]
