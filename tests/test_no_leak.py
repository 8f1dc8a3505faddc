"""No page shows anybody a word of a record that is not theirs: every address, person and kind of record.

The suite tries a sample that differs each time; `make drill` tries all of it, with both walls and with
each alone.
"""

import logging
import os
import random
import re
from collections.abc import Iterator
from copy import deepcopy
from urllib.parse import urlencode

import pytest
from django.db import connection

from referrals.children.models import Alias
from tests.cast import PEOPLE, STRANGER, Cast, ClientFor
from tests.kinds_of_record import Record, make_records
from tests.laid import KINDS, TABLE, lay_the_cast
from tests.leaks import METHODS, Asking, Page, pages
from tests.machines import own_tokens, secret_of
from tests.parts_of_record import Kind, Part, may_meet
from tests.sampled import sampled
from tests.test_second_wall import scoped_models

EVERYBODY = (*PEOPLE, STRANGER)
MOST_FOLLOWED = 25
Records = dict[Kind, Record]


LAID: Records = {}


def _lay_the_records() -> Cast:
    cast: Cast = lay_the_cast()
    LAID.update(make_records(cast))
    own_tokens(cast)
    return cast


KINDS |= {"records": _lay_the_records}


@pytest.fixture
def records(cast: Cast) -> Records:
    assert TABLE.kind == "records"
    return deepcopy(LAID)


@pytest.fixture
def askers(
    cast: Cast, records: Records, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Asking]]:
    logging.disable()  # a line for each request is many lines
    found = {who: Asking(client_for(cast.people.get(who)), who) for who in EVERYBODY}
    for (
        who,
        asker,
    ) in found.items():  # a page looks at the session alone, a machine's address at this
        asker.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret_of(who)}"
    monkeypatch.setattr("partners.machines.middleware.PER_MINUTE", 10**9)
    yield found
    logging.disable(logging.NOTSET)


def all_leaks(askers: dict[str, Asking]) -> list[str]:
    print(f"{sum(asker.cells for asker in askers.values()):,} cells")  # noqa: T201
    return [str(leak) for asker in askers.values() for leak in sorted(asker.leaks)]


def try_record(asker: Asking, record: Record, page: Page) -> None:
    """GET and POST; for one of the kinds also what is refused everywhere, and each form as it stands."""
    for address in page.addresses(record):
        if record.kind is Kind.PLAIN:
            asker.ask_with_forms(address)
        for method in METHODS if record.kind is Kind.PLAIN else METHODS[:2]:
            asker.ask(method, address)


def try_across(asker: Asking, records: Records, page: Page) -> None:
    """The number of a row that is hidden, under a child who is not."""
    seen: list[Record] = []
    hidden: list[Record] = []
    for record in records.values():
        shown = asker.person in may_meet(record.kind, Part.SHOWN, on_the_trail=False)
        (seen if shown else hidden).append(record)
    for record in hidden if seen and len(page.parameters) > 1 else []:
        for address in page.addresses(record, beside=seen[0]):
            asker.ask("GET", address)
            asker.ask("POST", address)


def try_words(asker: Asking, records: Records) -> None:
    """What somebody types who knows, or guesses, what a record says."""
    for record in records.values():
        child, alias = record.child, Alias.objects.filter(child=record.child)[0]
        said = (
            child.surname,
            child.forenames,
            child.reference,
            record.episode.reference,
            alias.name,
        )
        # Without its number a word is only what was typed.
        words = [re.split(r"\d", text, maxsplit=1)[0] for text in said]
        for text in (*words, "3/5/2011"):
            asker.ask("POST", "/search/", {"text": text})
        asker.ask("GET", f"/episodes/?{urlencode({'reference': words[2]})}")
        asker.ask("POST", "/trail/", {"reference": words[2]})
        same = {"forenames": words[1], "surname": words[0], "reference": words[2], "gender": "F"}
        asker.ask("POST", "/children/new/", {**same, "date_of_birth": "3/5/2011"})


def try_everything(asker: Asking, records: Records) -> None:
    """Every address for every record, and what leads to records: searches, lists, reports."""
    for page in pages():
        for record in records.values() if page.of_a_record else [records[Kind.PLAIN]]:
            try_record(asker, record, page)
        try_across(asker, records, page)
    try_words(asker, records)
    for address in ("/api/v1/children", "/api/v1/episodes"):
        asker.ask("GET", f"{address}?limit=100")
    for start in ("/", "/episodes/", "/by-reference/", "/reports/appendix1/", "/imports/"):
        asker.crawl(start, MOST_FOLLOWED)


def no_wall(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take one of the walls away."""
    if name == "the database's":
        monkeypatch.setattr("tests.second_wall._run", lambda statement: None)
    elif name == "the application's":
        for model in scoped_models():
            rows = type(model._default_manager.none())
            monkeypatch.setattr(rows, "visible_to", lambda self, user: self)


LISTS = (
    "/",
    "/episodes/",
    "/imports/",
    "/imports/conflicts/",
    "/trail/",
    "/notes/",
    "/api/v1/children",
    "/api/v1/episodes",
)
WITHOUT = ("no wall", "the database's", "the application's")


def test_a_sample_of_pages_shows_nobody_a_word_that_is_not_theirs(
    records: Records, askers: dict[str, Asking], monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    dice = random.Random(seed)
    without, of_records = dice.choice(WITHOUT), [page for page in pages() if page.of_a_record]
    print(f"seed {seed} (HUB_DRILL_SEED={seed}), without {without}")  # noqa: T201
    no_wall(without, monkeypatch)
    for asker in askers.values():
        asker.faults_count = without != "the application's"
        for record in dice.sample(list(records.values()), 3):
            for address in dice.choice(of_records).addresses(record):
                asker.ask("GET", address)
        for address in dice.sample(LISTS, 2):
            asker.ask("GET", address)
    assert all_leaks(askers) == []


def test_words_are_met_where_they_belong_so_that_a_leak_can_be_seen(
    records: Records, askers: dict[str, Asking], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an empty page would pass; and with neither wall there is a leak."""
    shown = {
        "amira": Kind.RESTRICTED,
        "chloe": Kind.SHARED,
        "femi": Kind.BY_NAME,
        "ben": Kind.CLOSED,
    }
    for who, kind in shown.items():
        askers[who].ask("GET", f"/children/{records[kind].child.pk}/")
        assert (kind, Part.SHOWN) in askers[who].met
    askers["chloe"].met.clear()
    askers["chloe"].ask("GET", "/api/v1/children")
    assert (Kind.SHARED, Part.SHOWN) in askers["chloe"].met
    askers["ana"].ask("GET", "/imports/conflicts/")
    assert (Kind.PLAIN, Part.CONFLICTS) in askers["ana"].met
    for without in WITHOUT[1:]:
        no_wall(without, monkeypatch)
    askers["nora"].ask("GET", f"/children/{records[Kind.RESTRICTED].child.pk}/")
    assert {leak.kind for leak in askers["nora"].leaks} == {"RESTRICTED"}


def by_reference(asker: Asking, record: Record) -> None:
    """Whatever leads to a case that one who works by reference may count."""
    for page in pages():
        for address in page.addresses(record) if page.of_a_record else []:
            asker.ask("GET", address)
    for start in ("/", "/by-reference/", "/imports/conflicts/"):
        asker.crawl(start, MOST_FOLLOWED)
    asker.ask("POST", "/by-reference/", {"reference": record.episode.reference})


def test_who_works_by_reference_meets_numbers_and_no_word_of_a_case(
    records: Records, askers: dict[str, Asking]
) -> None:
    ana = askers["ana"]
    by_reference(ana, records[Kind.PLAIN])
    assert all_leaks(askers) == []
    assert (Kind.PLAIN, Part.SHOWN) in ana.met


@pytest.mark.long
@pytest.mark.parametrize("planted", sampled(["c.surname", "c.date_of_birth::text"], 1))
def test_a_name_or_a_birthday_in_place_of_the_number_is_found(
    planted: str, records: Records, askers: dict[str, Asking]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('risk_case_by_reference(bigint)'::regprocedure)")
        (body,) = cursor.fetchone()
        cursor.execute(body.replace("'reference', c.reference", f"'reference', {planted}"))
    by_reference(askers["ana"], records[Kind.PLAIN])
    assert {leak.part for leak in askers["ana"].leaks} & {"SHOWN", "date of birth"}


@pytest.mark.drill
@pytest.mark.parametrize("without", WITHOUT)
def test_nobody_meets_a_word_that_is_not_theirs(
    without: str, records: Records, askers: dict[str, Asking], monkeypatch: pytest.MonkeyPatch
) -> None:
    no_wall(without, monkeypatch)
    for who, asker in askers.items():
        asker.faults_count = without != "the application's"  # pages may break where nothing filters
        try_everything(asker, records)
        said = f"without {without}: {who} {asker.cells:,} cells, {len(asker.leaks)} leaks"
        print(said, *sorted(asker.leaks), sep="\n", flush=True)  # noqa: T201  # the drill's figures
    assert all_leaks(askers) == []
