"""Random statements and people who take turns on few connections: nobody meets a row that is not theirs.

The suite tries a sample; `make drill` tries 10,000 statements and 100,000 turns.
"""

import os
import random
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db import connection

from hub.access.gate import standing_of
from hub.access.rules import settings_of
from tests.cast import PEOPLE, Cast
from tests.second_wall import APPLICATION
from tests.test_second_wall import rows, scoped_models, seeing_as
from tests.whole_case import make_whole_case

CONNECTIONS = 4
# Every one gives a table's own numbers, by a way on which a filter may have been forgotten.
WAYS = (
    "SELECT id FROM {one}",
    "SELECT id FROM {one} WHERE id > 0 OR partnership_id <> 0",
    "SELECT a.id FROM {one} a, {two} b",
    "SELECT a.id FROM {one} a LEFT JOIN {two} b ON a.partnership_id <> b.partnership_id",
    "SELECT a.id FROM {one} a RIGHT JOIN {two} b ON true WHERE a.id IS NOT NULL",
    "SELECT id FROM {one} WHERE id IN (SELECT id FROM {two}) UNION SELECT id FROM {one}",
    "SELECT id FROM {one} EXCEPT SELECT id FROM {two} WHERE false",
    "WITH these AS MATERIALIZED (SELECT * FROM {one}) SELECT id FROM these",
    "SELECT unnest(array_agg(id)) FROM {one} GROUP BY partnership_id",
    "SELECT (to_jsonb(t) ->> 'id')::bigint FROM {one} t",
    "SELECT lead(id) OVER (ORDER BY id) FROM {one}",
    "SELECT max(id) FROM {one}",
    "SELECT a.id FROM {two} b CROSS JOIN LATERAL (SELECT id FROM {one} LIMIT 3) a",
    "SELECT id FROM {one} ORDER BY random() LIMIT 2",
    "SELECT id FROM {one} TABLESAMPLE BERNOULLI (100)",
)


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    print(f"seed {seed} (HUB_DRILL_SEED={seed})")  # noqa: T201  # so that a failure can be had again
    return random.Random(seed)


def allowed_to(cast: Cast) -> dict[str, dict[str, set[Any]]]:
    """By person and table, the numbers that the application shows."""
    models = [model for model in scoped_models() if hasattr(model, "partnership_id")]
    return {
        name: {
            model._meta.db_table: set(model._default_manager.visible_to(user).values_list("pk", flat=True))  # type: ignore[attr-defined]  # a scoped manager
            for model in models
        }
        for name, user in cast.people.items()
    }  # fmt: skip


def foreign(cast: Cast, chance: random.Random, number: int) -> Iterator[str]:
    """The statements, of so many, that showed somebody a row that is not theirs."""
    make_whole_case(cast)
    allowed = allowed_to(cast)
    each_in_turn = 20
    for _turn in range(number // each_in_turn):
        name = chance.choice(list(PEOPLE))
        tables = sorted(set(allowed[name]) - {"hub_auditevent", "hub_change"})
        with seeing_as(cast.people[name]):
            for _again in range(each_in_turn):
                one, two = chance.choice(tables), chance.choice(tables)
                statement = chance.choice(WAYS).format(one=one, two=two)
                seen = {found for (found,) in rows(statement)} - {None}
                if not seen <= allowed[name][one]:
                    yield f"{name}: {statement}"


def test_a_sample_of_random_statements_shows_nobody_a_row_that_is_not_theirs(
    cast: Cast, chance: random.Random
) -> None:
    assert list(foreign(cast, chance, 400)) == []


@pytest.mark.drill
def test_ten_thousand_random_statements_show_nobody_a_row_that_is_not_theirs(
    cast: Cast, chance: random.Random
) -> None:
    assert list(foreign(cast, chance, 10_000)) == []


def test_each_way_of_asking_finds_something_so_that_it_could_find_too_much(cast: Cast) -> None:
    make_whole_case(cast)
    with seeing_as(cast.people["amira"]):
        for way in WAYS:
            assert rows(way.format(one="referrals_address", two="referrals_address")), way


def bled(cast: Cast, chance: random.Random, turns: int) -> list[str]:
    """The turns in which one saw what another had been told; some tell nothing, some are taken back."""
    make_whole_case(cast)
    told = {
        name: settings_of(user.pk, standing_of(user), None) for name, user in cast.people.items()
    }
    own = {name: found["referrals_child"] for name, found in allowed_to(cast).items()}
    wrong = []
    pool = [connection.copy() for _number in range(CONNECTIONS)]
    try:
        for lent in pool:
            with lent.cursor() as cursor:
                cursor.execute(f"SET ROLE {APPLICATION}")
            lent.set_autocommit(False)
        for _turn in range(turns):
            name, lent = chance.choice(["", *own]), chance.choice(pool)
            seen = _turn_of(lent, told.get(name, {}))
            if seen != own.get(name, set()):
                wrong.append(name)
            lent.rollback() if chance.random() < 0.3 else lent.commit()
    finally:
        for lent in pool:
            with closing(lent):
                lent.rollback()
    return wrong


def _turn_of(lent: Any, told: dict[str, str]) -> set[Any]:
    with lent.cursor() as cursor:
        for setting, value in told.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])
        cursor.execute("SELECT id FROM referrals_child")
        return {number for (number,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_people_who_take_turns_on_few_connections_see_their_own_alone(
    cast: Cast, chance: random.Random
) -> None:
    assert bled(cast, chance, 300) == []


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_in_a_hundred_thousand_turns_nobody_sees_what_another_was_told(
    cast: Cast, chance: random.Random
) -> None:
    assert bled(cast, chance, 100_000) == []
