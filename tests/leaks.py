"""Asking every address for every record as everybody, and finding the words that had no business there."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus, urlencode, urljoin, urlsplit

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

from referrals.intake.forms import STEPS
from tests.forms_of_pages import read
from tests.kinds_of_record import Record
from tests.parts_of_record import BY_REFERENCE, CANARY, Kind, Part, may_meet
from tests.reporting.document_text import words_of_pdf

METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE")
# Signing out or in and hiding the screen tell of no record, and would end the story of the next request.
NO_RECORDS = {"account_login", "hub-sign-out", "hub-hide", "hub-show"}
# Of which table a number in an address is; "" for one that the session alone knows, "0" for one that is of
# no case: number 0 is nobody's.
NUMBERS: dict[str, str] = {
    "risk-sheet": "",
    **{
        f"referrals-triage-{page}": "referrals_referral" for page in ("match", "same", "new", "undo")
    },
    "partners-machine-end": "0",
    "referrals-link-withdraw": "0",
    "referrals-search-results": "",
    "hub-trail-results": "",
    "risk-child-allocation-end": "referrals_allocation",
    "risk-child-level-correct": "risk_risklevel",
    "risk-child-level-withdraw": "risk_risklevel",
    "risk-child-name-withdraw": "referrals_alias",
    "risk-child-address-correct": "referrals_address",
    "risk-child-address-end": "referrals_address",
    "risk-child-address-withdraw": "referrals_address",
    "risk-child-status-correct": "referrals_carestatus",
    "risk-child-status-end": "referrals_carestatus",
    "risk-child-status-withdraw": "referrals_carestatus",
    "risk-child-note-correct": "referrals_note",
    "risk-child-note-withdraw": "referrals_note",
    "risk-child-check": "referrals_agencycheck",
    "risk-child-measure-withdraw": "referrals_measure",
    "risk-child-join-with": "referrals_child",
    "risk-child-apart": "referrals_joining",
    "referrals-disagreement": "referrals_disagreement",
    "referrals-disagreement-take-up": "referrals_disagreement",
    "referrals-disagreement-settle": "referrals_disagreement",
    "risk-agenda-take-back": "risk_putforward",
    "risk-place-discussed": "risk_placeforward",
    "risk-place-take-back": "risk_placeforward",
    "risk-child-call-correct": "referrals_persontocall",
    "risk-child-call-end": "referrals_persontocall",
    "risk-child-grant-end": "referrals_persongrant",
    "risk-child-restriction-lift": "referrals_restriction",
    "risk-child-intelligence-correct": "risk_intelligencelog",
    "risk-child-intelligence-withdraw": "risk_intelligencelog",
    "risk-child-intelligence-release": "risk_intelligencelog",
    "risk-child-intelligence-recall": "risk_intelligencerelease",
    "partners-sharing-end": "partners_sharingagreement",
    **{
        f"risk-meeting{page}": "risk_meeting"
        for page in ("", "-live", "-room", "-room-live", "-minutes", "-grow", "-seats", "-chair", "-record",
                     "-finish", "-minutes-paper", "-add")
    },
    **{f"risk-meeting-{page}": "risk_meetingitem" for page in ("item", "say", "undo", "carry")},
    "risk-meeting-open": "risk_meetingseries",
    "risk-meeting-plan": "risk_meetingseries",
    "risk-tool-version-new": "risk_tool",
    "risk-tool-end": "risk_tool",
    "risk-tool-version-take-back": "risk_toolversion",
    "risk-meeting-agenda-paper": "risk_meetingseries",
    "risk-meeting-open-past": "risk_meetingseries",
    "risk-meeting-task": "risk_meetingtask",
    "risk-proposal-view": "risk_proposal",
    **dict.fromkeys(
        ("referrals-granted-person",
         "hub-session-end", "partners-person", "partners-post-end", "partners-post-new", "partners-renewal",
         "partners-person-leave", "partners-person-home", "partners-renewal-approve",
         "partners-renewal-withdraw",
         "partners-post-unconfirm", "partners-post-change",
         "partners-post-confirm", "partners-newly-qualified", "partners-newly-qualified-end",
         "partners-absence-end"),
        "0",
    ),
    **dict.fromkeys(
        ("referrals-referral", "referrals-amend", "referrals-withdraw", "referrals-feedback",
         "referrals-settle"),
        "referrals_referral",
    ),
    **dict.fromkeys(("referrals-make", "referrals-make-check"), "0"),
    **{f"referrals-make-{step}": "0" for step in STEPS},
    "risk-child-disclosure-recall": "referrals_disclosure",
    "referrals-emergency-end": "referrals_emergencyaccess",
    "referrals-emergency-review": "referrals_emergencyaccess",
    "referrals-finding": "referrals_unusualaccess",
    "referrals-identification": "referrals_identification",
    "reporting-conflict": "reporting_importconflict",
    **dict.fromkeys(
        ("reporting-import", "reporting-import-confirm", "reporting-import-cancel",
         "reporting-import-faults", "reporting-import-faults-file"),
        "reporting_extractupload",
    ),
}  # fmt: skip
# What machines read: of an episode by its reference, where the others are of a child.
OF_EPISODES_REFERENCE = {"api-episode", "api-levels"}
# What nobody meets who works by reference: the day on which every child of the records was born.
BORN = re.compile(r"3(?:rd)? May 2011|2011-05-03|3/5/2011|03/05/2011")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce-\S+')


@dataclass(frozen=True)
class Page:
    """An address of the hub by its name, with what it must be given."""

    name: str
    parameters: tuple[str, ...]

    def addresses(self, record: Record, beside: Record | None = None) -> Iterator[str]:
        """Where it is for a record; with `beside`, for the numbers of one under the child of the other."""
        number_of = NUMBERS.get(self.name, "") if "number" in self.parameters else ""
        numbers = [0] if number_of == "0" else record.rows[number_of] if number_of else ["nobodys"]
        under = beside or record
        for number in numbers:
            given = {"child_id": under.child.pk, "episode_id": record.episode.pk, "number": number}
            given |= {"kind": "person", "pk": 0, "provider_id": "nobodys", "token": "nobodys"}
            given["reference"] = record.child.reference
            given["day"] = "2026-03-10"  # on whose list the records were
            if self.name in OF_EPISODES_REFERENCE:
                given["reference"] = record.episode.reference
            yield reverse(self.name, kwargs={name: given[name] for name in self.parameters})

    @property
    def of_a_record(self) -> bool:
        """Whether it differs from record to record."""
        return bool(
            {"child_id", "episode_id", "reference"} & {*self.parameters} or NUMBERS.get(self.name)
        )


def pages(patterns: Sequence[URLPattern | URLResolver] | None = None) -> Iterator[Page]:
    """Every address of the hub, found by walking; one that this file cannot ask fails with what to add."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            yield from pages(entry.url_patterns)
            continue
        page = Page(str(entry.name), tuple(entry.pattern.converters))
        unknown = {*page.parameters} - {
            "child_id", "episode_id", "number", "kind", "pk", "reference", "provider_id", "token", "day"
        }  # fmt: skip
        assert not unknown, f"tests/leaks.py, Page.addresses: what is {unknown} of {page.name}?"
        if "number" in page.parameters:
            assert page.name in NUMBERS, f"tests/leaks.py, NUMBERS: whose number is in {page.name}?"
        if page.name not in NO_RECORDS:
            yield page


@dataclass(frozen=True, order=True)
class Leak:
    """A word that somebody met who may not."""

    person: str
    asked: str
    kind: str
    part: str
    word: str

    def __str__(self) -> str:
        return f"{self.person} met {self.word} ({self.kind}, {self.part}): {self.asked}"


@dataclass
class Asking:
    """One person's browser, and what was found with it: how many cells were tried, and the leaks."""

    client: Client
    person: str
    cells: int = 0
    faults_count: bool = True
    leaks: set[Leak] = field(default_factory=set)
    met: set[tuple[Kind, Part]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.client.raise_request_exception = False  # a fault is told with all the others

    def ask(self, method: str, address: str, sent: dict[str, Any] | None = None) -> Any:
        """Ask and follow where it leads; whatever it did is undone."""
        self.cells += 1
        with transaction.atomic():
            if method == "POST":
                answer: Any = self.client.post(address, sent or {})
            else:
                answer = self.client.generic(method, address)
            self._note(f"{method} {address}", answer)
            last, seen = answer, set[str]()
            while (to := last.headers.get("Location", "")).startswith("/") and to not in seen:
                seen.add(to)
                last = self.client.get(to)
                self._note(f"{method} {address}", last)
            transaction.set_rollback(True)
        return answer

    def _note(self, asked: str, answer: Any) -> None:
        if answer.status_code == 500 and self.faults_count:
            self.leaks.add(Leak(self.person, asked, "", "", "a fault of ours"))
        said = text_of(answer)
        if self.person in BY_REFERENCE and (day := BORN.search(said)):
            self.leaks.add(Leak(self.person, asked, "", "date of birth", day[0]))
        for found in CANARY.finditer(said):
            kind, part = Kind(found[1].lower()), Part(found[2].lower())
            trail, number = found[3].lower() in "tn", found[3].lower() == "n"
            self.met.add((kind, part))
            if self.person not in may_meet(kind, part, on_the_trail=trail, number=number):
                self.leaks.add(Leak(self.person, asked, kind.name, part.name, found[0]))

    def ask_with_forms(self, address: str) -> None:
        """Open a page, and send each of its forms as it stands."""
        answer = self.ask("GET", address)
        if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
            return
        _links, forms = read(answer.content.decode())
        for form in forms:
            target = urljoin(address, form.action) if form.action else address
            if form.method == "post" and not _ends_the_story(target):
                self.ask("POST", target, {name: v for name, v in form.fields.items() if v})

    def crawl(self, start: str, most: int) -> None:
        """Follow the links and the forms that ask, within what is no record's own page."""
        waiting, seen = [start], set[str]()
        while waiting and len(seen) < most:
            address = waiting.pop(0)
            if address in seen or _ends_the_story(address):
                continue
            seen.add(address)
            answer = self.ask("GET", address)
            if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
                continue
            links, forms = read(answer.content.decode())
            asked = [
                urljoin(address, f"{form.action}?{urlencode(form.fields, doseq=True)}")
                for form in forms
                if form.method == "get"
            ]
            links = [urljoin(address, to) for to in links if to.startswith(("/", "?"))]
            waiting += [to for to in (*links, *asked) if not to.startswith("/children/")]


def _ends_the_story(address: str) -> bool:
    try:
        return resolve(urlsplit(address).path).view_name in NO_RECORDS
    except Resolver404:
        return True


def text_of(answer: HttpResponse) -> str:
    """All that an answer says: its headers, its body, and what is packed in a download."""
    content = answer.getvalue() if not answer.streaming else b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file
    headers = unquote_plus(" ".join(f"{name}: {value}" for name, value in answer.headers.items()))
    cookies = unquote_plus(answer.cookies.output())
    return " ".join((TOKEN.sub("", headers), cookies, _unpacked(content)))


def _unpacked(content: bytes) -> str:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return " ".join(
                packed.read(name).decode("utf-8", "replace") for name in packed.namelist()
            )
    if content.startswith(b"%PDF"):
        return words_of_pdf(content)
    return TOKEN.sub("", content.decode("utf-8", "replace"))
