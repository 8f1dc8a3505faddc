"""The access matrix holds: nothing is missing from it, and each of its cells is true."""

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse

from tests.access_matrix import API, ARGUMENTS, MATRIX, OF_EPISODE
from tests.access_of_machines import MACHINES
from tests.cast import PEOPLE, STRANGER, Cast, ClientFor
from tests.hub.test_site import assert_safe_headers
from tests.machines import by_token, own_tokens, secret_of

METHODS = ("GET", "POST")
# The rows in so many tests, which processes can share.
PARTS = 8
# Besides one of those who are answered alike so many others read each page: the drill has everybody.
OTHERS = 3
Row = dict[str, dict[str, int]]
OF_CHILD = ("risk-child-", "risk-reference-")


def names(patterns: Sequence[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The name of each address; one without a name is called by its pattern."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry.url_patterns, inner)
        else:
            yield f"{space}{entry.name or entry.pattern}"


def unlisted(
    patterns: Sequence[URLPattern | URLResolver], matrix: Mapping[str, object]
) -> set[str]:
    """The addresses that the matrix says nothing of."""
    return set(names(patterns)) - set(matrix)


def test_every_address_is_in_the_matrix_and_nothing_else() -> None:
    patterns = get_resolver().url_patterns
    assert unlisted(patterns, MATRIX) == set()
    assert set(MATRIX) <= set(names(patterns))


def test_every_row_names_everybody_and_every_method() -> None:
    for row in MATRIX.values():
        assert set(row) == {*PEOPLE, STRANGER}
        assert all(set(METHODS) <= set(answers) for answers in row.values())


def _planted(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        (path("planted/", _planted, name="planted"), "planted"),
        (path("planted/", _planted), "planted/"),
        (path("in/", include([path("planted/", _planted, name="deep")])), "deep"),
        (path("in/", include(([path("x/", _planted, name="deep")], "room"))), "room:deep"),
    ],
)
def test_an_address_that_is_not_in_the_matrix_is_found(
    planted: URLPattern | URLResolver, found: str
) -> None:
    assert unlisted([*get_resolver().url_patterns, planted], MATRIX) == {found}


@pytest.mark.parametrize("part", range(PARTS))
def test_each_person_gets_the_answers_that_the_matrix_gives(
    part: int, cast: Cast, client_for: ClientFor
) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    print(f"one of those who are answered alike asks (HUB_DRILL_SEED={seed})")  # noqa: T201
    draw, browsers = random.Random(seed), _browsers(cast, client_for)
    for name in [*MATRIX][part::PARTS]:
        asked = _drawn(MATRIX[name], draw)
        assert _given(asked, _address(name, cast), browsers) == asked, name


@pytest.mark.drill
@pytest.mark.parametrize("name", MATRIX)
def test_each_person_gets_the_answers_that_the_matrix_gives_by_every_method(
    name: str, cast: Cast, client_for: ClientFor
) -> None:
    every = {person: _all_methods(person, answers) for person, answers in MATRIX[name].items()}
    assert _given(every, _address(name, cast), _browsers(cast, client_for)) == every


def test_of_those_who_are_answered_alike_one_asks_and_some_of_the_others() -> None:
    for row in MATRIX.values():
        asked = _drawn(row, random.Random(0))
        posting = [str(row[person]) for person, answers in asked.items() if "POST" in answers]
        assert set(posting) == {str(answers) for answers in row.values()}
        assert all(answers["GET"] == row[person]["GET"] for person, answers in asked.items())
        assert len(asked) == min(len(row), len(posting) + OTHERS)
        assert sum("DELETE" in answers for answers in asked.values()) == 1


def test_everybody_has_their_turn() -> None:
    row = MATRIX["hub-home"]
    runs = [_drawn(row, random.Random(run)) for run in range(60)]
    assert {person for asked in runs for person in asked} == set(row)


def _drawn(row: Row, draw: random.Random) -> Row:
    """By GET and POST one of those whom the row answers alike, by GET some others, by all methods one."""
    alike: dict[str, list[str]] = {}
    for person, answers in row.items():
        alike.setdefault(f"{answers}{person == STRANGER}", []).append(person)
    posting = sorted(draw.choice(people) for people in alike.values())
    rest = sorted(set(row) - set(posting))
    asked = {person: {method: row[person][method] for method in METHODS} for person in posting}
    for person in draw.sample(rest, min(OTHERS, len(rest))):
        asked[person] = {"GET": row[person]["GET"]}
    one = draw.choice(posting)
    return {**asked, one: _all_methods(one, row[one])}


def _browsers(cast: Cast, client_for: ClientFor) -> dict[str, Client]:
    """One for each of them: to sign in takes as long as a page."""
    return {person: client_for(cast.people.get(person)) for person in (*PEOPLE, STRANGER)}


def _given(asked: Row, address: str, browsers: Mapping[str, Client]) -> dict[str, dict[str, int]]:
    return {
        person: {method: _answer(browsers[person], method, address) for method in answers}
        for person, answers in asked.items()
    }


def _all_methods(person: str, answers: dict[str, int]) -> dict[str, int]:
    """HEAD answers as GET does; PUT and DELETE are refused, or lead a stranger to sign in.

    Where machines are answered, whoever has no token is refused first.
    """
    refused = 302 if person == STRANGER and answers["GET"] == 302 else 405
    refused = 401 if answers["GET"] == 401 else refused
    return {"HEAD": answers["GET"], "PUT": refused, "DELETE": refused, **answers}


def _address(name: str, cast: Cast) -> str:
    """Where it is: a page of a child is that of the child whom a charity supports."""
    of_child = {"child_id": cast.shared.child_id} if name.startswith(OF_CHILD) else {}
    of_episode: dict[str, int | str] = {"episode_id": cast.shared.pk} if name in OF_EPISODE else {}
    if name in ("api-child", "api-episode", "api-levels"):
        thing = cast.shared.child if name == "api-child" else cast.shared
        of_episode = {"reference": thing.reference}
    return reverse(name, kwargs={**of_child, **of_episode, **ARGUMENTS.get(name, {})})


def _answer(browser: Client, method: str, address: str) -> int:
    """The answer where nothing was asked before: what it did is undone, such as signing out."""
    cookies = deepcopy(browser.cookies)
    with transaction.atomic():
        answer = browser.generic(method, address)
        transaction.set_rollback(True)
    browser.cookies = cookies
    assert_safe_headers(answer)
    assert answer.headers.get("Location", "/").startswith("/"), address  # never made of the Host
    return answer.status_code


@pytest.mark.parametrize("name", API)
def test_each_machine_gets_the_answers_that_the_matrix_gives(name: str, cast: Cast) -> None:
    own_tokens(cast)
    expected = MACHINES[name]
    assert set(MACHINES) == set(API)
    assert set(expected) == {*PEOPLE, STRANGER}
    address, given, wanted = _address(name, cast), {}, {}
    for person, got in expected.items():
        machine = by_token(secret_of(person))
        others = {"POST", "PUT", "DELETE"} if person in ("amira", STRANGER) else {"POST"}
        wanted[person] = {"GET": got, "HEAD": got} | dict.fromkeys(
            others, 401 if got == 401 else 405
        )
        given[person] = {method: _answer(machine, method, address) for method in wanted[person]}
    assert given == wanted
