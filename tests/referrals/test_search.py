"""Searching for a child: what was typed, who answers and why, and who may know."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as some

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import noon
from referrals.children.models import Alias, Child
from referrals.search.rules import Asked, plain, understand
from referrals.search.views import results_page
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode, refer_to_service, set_level

TODAY = date(2026, 3, 27)


def _alias(child: Child, name: str, by: User, superseded: bool = False) -> None:
    gone = {"superseded_at": noon(TODAY), "superseded_by": by} if superseded else {}
    Alias.objects.create(
        child=child,
        partnership=child.partnership,
        name=name,
        known_from=noon(TODAY),
        recorded_by=by,
        **gone,
    )


@pytest.fixture
def zoe(cast: Cast, amira: User) -> Child:
    """A child with accents, an apostrophe, a double name and an alias."""
    child = make_child(
        partnership=cast.bradford,
        by=amira,
        surname="O'Brien-Łukasz",
        forenames="Zoë Anne",
        born=date(2010, 5, 3),
        reference="C-9041",
    )
    make_episode(child=child, by=amira, reference="E-7731")
    _alias(child, "Bluebell Ray", amira)
    return child


def _found(user: User, text: str) -> list[str]:
    return [row.reference for row in results_page(user, text, "1", TODAY).rows]


def _search(client: Client, text: str) -> str:
    response = client.post("/search/", {"text": text}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("zoe", ["name"]),
        ("ZOË", ["name"]),
        ("  o'brien  zo ", ["name"]),
        ("obrien", ["name"]),
        ("O’Brien, Zoe", ["name"]),
        ("lukasz", ["name"]),
        ("Łuk", ["name"]),
        ("obrien-luk", ["name"]),
        ("ann", ["name"]),
        ("blue", ["alias Bluebell Ray"]),
        ("ray bluebell", ["alias Bluebell Ray"]),
        ("3/5/2010", ["date of birth"]),
        ("2010-05-03", ["date of birth"]),
        ("3 May 2010", ["date of birth"]),
        ("3.5.10", ["date of birth"]),
        ("c-9041", ["the child's reference"]),
        ("C-90", ["the child's reference"]),
        ("e-7731", ["episode E-7731"]),
        ("zoe 3/5/2010", ["date of birth", "name"]),
        ("zoe C-9041", ["name", "the child's reference"]),
    ],
)
def test_a_child_is_found_and_the_page_says_why(
    text: str, why: list[str], zoe: Child, amira: User
) -> None:
    (row,) = results_page(amira, text, "1", TODAY).rows
    assert row.reference == "C-9041"
    assert row.why == why
    assert (row.name, row.born, row.age) == ("O'Brien-Łukasz, Zoë Anne", date(2010, 5, 3), 15)
    assert row.episodes == [("E-7731", "")]


@pytest.mark.parametrize(
    "text",
    [
        *("oe", "brien", "zoe marden", "zoe 4/5/2010", "9041", "C-90411", "zoe C-9042"),
        *("%", "'; drop table", "zoe | kit", "🦊🦊"),
    ],
)
def test_who_does_not_answer_all_of_it_is_not_found(text: str, zoe: Child, amira: User) -> None:
    assert "C-9041" not in _found(amira, text)


def test_signs_of_a_query_language_are_letters_like_any_other(zoe: Child, amira: User) -> None:
    assert _found(amira, "zoe:*") == _found(amira, "!zoe") == ["C-9041"]


def test_a_reference_without_a_figure_is_found_too(cast: Cast, amira: User) -> None:
    make_child(partnership=cast.bradford, by=amira, reference="LARCH")
    assert _found(amira, "larch") == ["LARCH"]


def test_an_alias_that_was_corrected_is_not_found(zoe: Child, amira: User) -> None:
    _alias(zoe, "Wrongly Written", amira, superseded=True)
    assert _found(amira, "wrongly") == []


@pytest.mark.parametrize("text", ["fenwick", "brightmore", "2011-05-03", "C-", "E-"])
def test_nobody_finds_a_child_they_may_not_see(
    text: str, cast: Cast, chloe: User, femi: User, erin: User
) -> None:
    everybodys = {cast.shared.child.reference, cast.unshared.child.reference}
    assert set(_found(chloe, text)) <= {cast.shared.child.reference}
    assert _found(femi, text) == []
    assert not everybodys & set(_found(erin, text))
    assert "0 children answer" in results_page(femi, text, "1", TODAY).paging.sentence


def test_a_charity_finds_its_child_but_not_by_what_it_is_not_shown(
    cast: Cast, zoe: Child, chloe: User, amira: User
) -> None:
    refer_to_service(episode=zoe.episodes.get(), service="northlight", by=amira)
    other = make_episode(child=zoe, by=amira, reference="E-8888")
    set_level(episode=other, level="HIGH", set_on=TODAY, by=amira)
    assert _found(chloe, "zoe") == ["C-9041"]
    assert _found(chloe, "bluebell") == []
    assert _found(chloe, "E-8888") == []
    (row,) = results_page(chloe, "zoe", "1", TODAY).rows
    assert row.episodes == [("E-7731", "")]


def test_what_was_typed_is_never_in_an_address_or_title(
    zoe: Child, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    response = client.post("/search/", {"text": "Zoe 3/5/2010"})
    assert response.status_code == 302
    assert re.fullmatch(r"/search/[\w-]{8}/", response["Location"])
    for _again in range(2):  # Back and Refresh
        page = client.get(response["Location"]).content.decode()
        assert "1 child answers." in page
        assert "<title>Search results - CSE Hub</title>" in page
        assert not re.search(r'(href|action)="[^"]*(Zo|2010)', page)


def test_a_search_is_its_sessions_own_and_ends_after_an_hour(
    zoe: Child, amira: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_for(amira)
    address = client.post("/search/", {"text": "zoe"})["Location"]
    assert client_for(amira).get(address).status_code == 404
    assert client.get(address).status_code == 200
    for minutes, status in ((40, 200), (61, 404)):  # who goes on working stays signed in meanwhile
        later = datetime.now(UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr("referrals.search.views.timezone.now", partial(_same, later))
        assert client.get(address).status_code == status


def _same(moment: datetime) -> datetime:
    return moment


def test_the_session_keeps_the_last_ten_searches(
    zoe: Child, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    made = [client.post("/search/", {"text": f"zoe{n * 'a'}"})["Location"] for n in range(11)]
    assert [client.get(address).status_code for address in made] == [404] + 10 * [200]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Enter a name, a date of birth or a reference"),
        ("   ", "Enter a name, a date of birth or a reference"),
        ("z", "Enter at least two letters"),
        ("z o", "Enter at least two letters"),
        ("***", "Enter at least two letters"),
        ("x" * 121, "has at most 120 letters"),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_looked_for_is_said_and_kept(
    text: str, message: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    response = client_for(amira).post("/search/", {"text": text})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Search - CSE Hub</title>" in page
    assert page.count(message) == 2


def test_nothing_found_says_what_else_to_try(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    page = _search(client_for(amira), "<b>nobody</b>")
    assert (
        "No child that you may see answers to <strong>&lt;b&gt;nobody&lt;/b&gt;</strong>." in page
    )
    assert "Try fewer letters" in page


def test_the_trail_says_who_was_looked_for_and_who_was_shown(
    zoe: Child, amira: User, client_for: ClientFor
) -> None:
    _search(client_for(amira), "bluebell")
    event = AuditEvent.objects.get(event="search.viewed")
    assert event.after == {"text": "bluebell", "children": ["C-9041"]}
    assert "bluebell" not in event.reference


def test_a_long_answer_is_read_page_by_page_with_the_same_questions(
    cast: Cast, erin: User, client_for: ClientFor
) -> None:
    client = client_for(erin)
    address = client.post("/search/", {"text": "brightmore"})["Location"]
    with CaptureQueriesContext(connection) as one:
        assert "1 child answers." in client.get(address).content.decode()
    for index in range(29):
        child = make_child(partnership=cast.kirklees, by=erin, surname=f"Brightmore{index:02}")
        make_episode(child=child, by=erin)
        _alias(child, "Brightmore", erin)
    with CaptureQueriesContext(connection) as thirty:
        first = client.get(address).content.decode()
    assert len(one) == len(thirty)
    assert "1 to 25 of 30 children answer." in first
    second = client.get(f"{address}?page=2").content.decode()
    shown = re.findall(r'data-label="Reference">([^<]+)<', first + second)
    assert len(set(shown)) == len(shown) == 30


def test_a_search_with_too_many_answers_shows_none_and_asks_for_more_of_the_name(
    cast: Cast, erin: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("queries", "views"):
        monkeypatch.setattr(f"referrals.search.{module}.MOST_SHOWN", 2)
    for index, forenames in enumerate(("Ida", "Una", "Wim", "Pia", "Ned")):
        make_child(
            partnership=cast.kirklees,
            by=erin,
            surname="Brightmore",
            forenames=forenames,
            born=date(2012, 1, 1 + index),
        )
    client = client_for(erin)
    page = _search(client, "brightmore")
    assert "More than 2 children answer to <strong>brightmore</strong>, so none is shown." in page
    assert "Give more of the name, or the date of birth beside it." in page
    assert "Brightmore, " not in page
    assert "1 child answers." in _search(client, "brightmore ida")
    # A day beside the name: all who are so called count, also those past the limit.
    assert "Brightmore, Ned" in _search(client, "brightmore 5/1/2012")


def test_the_box_is_in_the_header_of_those_who_see_cases(
    cast: Cast, amira: User, chloe: User, bea: User, client_for: ClientFor
) -> None:
    for person, boxes in ((amira, 1), (chloe, 1), (bea, 0)):
        page = client_for(person).get("/").content.decode()
        assert page.count('action="/search/"') == boxes


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Leah Marsh", Asked(("leah", "marsh"))),
        ("Leah 3 May 2010", Asked(("leah",), (), (date(2010, 5, 3),))),
        ("3 Mayhem 2010", Asked(("mayhem",), ("3", "2010"))),
        ("2016/123", Asked((), ("2016/123",), (), "2016/123")),
        ("leah", Asked(("leah",), (), (), "leah")),
        ("31/2/2010", Asked((), ("31/2/2010",), (), "31/2/2010")),
    ],
)
def test_what_was_typed_is_sorted_into_names_references_and_days(text: str, asked: Asked) -> None:
    assert understand(text, TODAY) == asked


@given(some.text(max_size=40))
def test_anything_typed_is_understood(text: str) -> None:
    asked = understand(text, TODAY)
    assert all(name and " " not in name for name in asked.names)


LETTERS = some.text(
    some.characters(max_codepoint=0x24F, exclude_characters="\0", exclude_categories=["Cs"]),
    max_size=20,
)


@pytest.mark.django_db
@given(some.lists(LETTERS, min_size=20, max_size=20))
def test_python_and_the_database_write_a_name_alike(names: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT referrals_plain(name) FROM unnest(%s) WITH ORDINALITY AS n(name)", [names]
        )
        assert [name for (name,) in cursor.fetchall()] == [plain(name) for name in names]
