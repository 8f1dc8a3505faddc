"""People who take turns on few connections, request by request: nobody is shown a row of another.

The suite sends some hundred requests, `make drill` 100,000, through the hub's own handler with all that
stands before a page. Nearly all open a page that forgets every filter: the database's wall stands alone.
"""

import logging
import random
import threading
import time
from collections.abc import Iterator

import pytest
from django.db.backends.signals import connection_created
from django.test import override_settings

from tests.cast import Cast
from tests.drill.pooled import Turns, people_of, take_turns
from tests.kinds_of_record import make_records
from tests.second_wall import APPLICATION

THREADS = 4
LONGEST = 3_600  # seconds: a slow machine fails rather than to have tried fewer


@pytest.fixture
def as_the_web_server() -> Iterator[list[object]]:
    """Let every new connection be the application's, and count them."""
    made: list[object] = []

    def step_down(connection: object, **_told: object) -> None:
        made.append(connection)
        with connection.cursor() as cursor:  # type: ignore[attr-defined]  # Django's own
            cursor.execute(f"SET ROLE {APPLICATION}")

    connection_created.connect(step_down)
    logging.disable()
    with override_settings(ROOT_URLCONF="tests.drill.pooled"):
        yield made
    logging.disable(logging.NOTSET)
    connection_created.disconnect(step_down)


def turns_of(cast: Cast, number: int, dice: random.Random, seconds: float = 600) -> Turns:
    records = make_records(cast)
    people, turns = people_of(cast, records), Turns(until=time.monotonic() + seconds)
    threads = [
        threading.Thread(
            target=take_turns,
            args=(people, records, random.Random(dice.random()), number // THREADS, turns),
        )
        for _number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return turns


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_few_hundred_requests_on_four_connections_show_nobody_a_foreign_row(
    cast: Cast, as_the_web_server: list[object]
) -> None:
    turns = turns_of(cast, 200, random.Random())
    assert turns.wrong == []
    assert (turns.pages, turns.unfiltered) == (4, 196)
    assert len(as_the_web_server) == THREADS


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_requests_on_four_connections_show_nobody_a_foreign_row(
    cast: Cast, as_the_web_server: list[object]
) -> None:
    begun = time.monotonic()
    turns = turns_of(cast, 100_000, random.Random(), LONGEST)
    seconds = time.monotonic() - begun
    said = (
        f"{turns.unfiltered:,} requests without a filter, {turns.pages:,} pages, {seconds:,.0f} s"
    )
    print(said, f"on {len(as_the_web_server)} connections")  # noqa: T201  # the drill's figures
    assert turns.wrong == []
    assert turns.pages + turns.unfiltered == 100_000
