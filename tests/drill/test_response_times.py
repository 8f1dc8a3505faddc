"""A hidden record cannot be told from an absent one by the time that the answer takes."""

import os
import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from hub.accounts.models import User
from referrals.grants.actions import restrict
from tests.cast import Cast, ClientFor
from tests.make import make_caseload

REQUESTS = 2_000  # of each
HIDDEN = 40
WARM = 100
MOST = 0.55  # area under the curve: 0.5 tells nothing, 1 tells all


def area(ones: list[float], others: list[float]) -> float:
    """How often one of the first takes longer than one of the others; ties count half. At least a half."""
    ranked = sorted(others)
    longer = sum((bisect_left(ranked, one) + bisect_right(ranked, one)) / 2 for one in ones)
    part = longer / (len(ones) * len(others))
    return max(part, 1 - part)


def test_the_area_tells_what_differs_and_nothing_else() -> None:
    dice = random.Random(1)
    ones, alike = [dice.gauss(10, 1) for _ in range(2000)], [dice.gauss(10, 1) for _ in range(2000)]
    assert area(ones, alike) < 0.53
    assert area(ones, [time + 0.5 for time in alike]) > 0.6
    assert area([1.0, 1.0], [1.0, 1.0]) == 0.5


def open_page(client: Client, asked: str) -> None:
    assert client.get(f"/children/{asked}/").status_code == 404


def look_for(client: Client, asked: str) -> None:
    answer = client.post("/search/", {"text": asked}, follow=True)
    assert "No child that you may see" in answer.content.decode()


@pytest.mark.drill
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("way", ["open_page", "look_for"])
def test_hidden_takes_as_long_as_absent(
    way: str, cast: Cast, dev: User, nora: User, client_for: ClientFor
) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    dice = random.Random(seed)
    number_children_from(1_000_000)
    episodes = make_caseload(partnership=cast.bradford, number=HIDDEN + 160, by=dev)
    children = [episode.child for episode in episodes[:HIDDEN]]
    for child in children:
        restrict(child=child, because="Confidential.", by=dev)
    asks: dict[str, Callable[[Client, str], None]] = {
        "open_page": open_page,
        "look_for": look_for,
    }
    hidden = [str(child.pk) if way == "open_page" else child.reference for child in children]
    absent = [like(text) for text in hidden]
    client = client_for(nora)
    for text in (hidden + absent)[:WARM]:
        asks[way](client, text)
    order = ["hidden", "absent"] * REQUESTS
    dice.shuffle(order)
    took: dict[str, list[float]] = {"hidden": [], "absent": []}
    for kind in order:
        asked = dice.choice(hidden if kind == "hidden" else absent)
        began = time.perf_counter()
        asks[way](client, asked)
        took[kind].append(time.perf_counter() - began)
    found = area(took["hidden"], took["absent"])
    middle = {kind: sorted(times)[REQUESTS // 2] * 1000 for kind, times in took.items()}
    print(f"seed {seed} (HUB_DRILL_SEED={seed}), {way}: area {found:.3f}, medians in ms {middle}")
    assert found <= MOST


def number_children_from(first: int) -> None:
    """So that no number like that of a child is another's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('referrals_child', 'id'), %s)", [first]
        )


def like(text: str) -> str:
    """Something of the same length that nobody has: 7 stands for the first figure, and so on."""
    letters, figures = text.rstrip("0123456789"), text[len(text.rstrip("0123456789")) :]
    return letters + str(int(figures) + 6 * 10 ** (len(figures) - 1))
