"""A known name cannot be told from an unknown one by the time that signing in or starting anew takes.

That as many passwords are hashed for both, tests/hub/test_attacks.py counts; here hashing is quick, so that
any other difference would be seen.
"""

import os
import random
import time

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from hub.accounts.models import User
from tests.cast import Cast
from tests.drill.test_response_times import MOST, area

REQUESTS = 2_000  # of each
WARM = 50
WAYS = {
    "/sign-in/": {"password": "wrong-wrong-wrong"},
    "/sign-in/anew/": {
        "code": "AAAA-BBBB-CCCC-DDDD",
        "password": "otter-lantern-quarry",
        "again": "otter-lantern-quarry",
    },
}
KNOWN = {"known": ("amira", "chloe"), "closed": ("femi", "nora"), "unknown": ("zelda", "wanda")}


@pytest.mark.drill
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("address", WAYS)
@override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "1000000/m/ip"})
def test_a_known_name_takes_as_long_as_an_unknown_one(address: str, cast: Cast) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    User.objects.filter(username__in=KNOWN["closed"]).update(is_active=False)
    client, dice = Client(), random.Random(seed)
    order = list(KNOWN) * REQUESTS
    dice.shuffle(order)
    took: dict[str, list[float]] = {kind: [] for kind in KNOWN}
    for count, kind in enumerate(order):
        cache.clear()  # what it remembers grows with each try
        typed = {"username": dice.choice(KNOWN[kind]), **WAYS[address]}
        began = time.perf_counter()
        assert client.post(address, typed).status_code == 422
        if count >= WARM:
            took[kind].append(time.perf_counter() - began)
    found = {kind: area(took[kind], took["unknown"]) for kind in ("known", "closed")}
    print(f"seed {seed} (HUB_DRILL_SEED={seed}), {address}: areas {found}")
    assert max(found.values()) <= MOST
