"""Two windows decide one child at the same moment, again and again: one is heard, the other is told of it."""

import os
import random
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import escape

from hub.accounts.models import User
from risk.meetings.actions import take_back
from risk.meetings.models import Meeting, MeetingDecision, MeetingItem
from tests.cast import Cast, ClientFor
from tests.hub.test_moments import WAIT, apart
from tests.risk.meeting import item_of, meeting_of, seen_at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
EDITS = 1_000
OUTCOMES = ("LOW", "MEDIUM", "NOT_DECIDED")
BACK = "Taken back, to be decided anew."


class Windows:
    """Two windows of the one who records, both open at the same child."""

    def __init__(self, cast: Cast, by: User, client_for: ClientFor) -> None:
        self.meeting: Meeting = meeting_of(cast, by, cast.unshared)
        self.item: MeetingItem = item_of(self.meeting, cast.unshared)
        self.by, self.address = by, f"/meetings/items/{self.item.pk}/"
        self.clients = (client_for(by), client_for(by))

    def race(self, first: dict[str, str], second: dict[str, str]) -> list[Any]:
        """Have both decide on what both have seen, and give their answers."""
        gate = Barrier(2)
        seen = [seen_at(client, self.address) for client in self.clients]
        assert seen[0] == seen[1] != ""

        def decide(client: Client, sent: dict[str, str]) -> Any:
            gate.wait()
            form = {"seen": seen[0], "once": str(uuid4()), **sent}
            return client.post(self.address, form)

        pairs = zip(self.clients, (first, second), strict=True)
        both = [apart(partial(decide, client, sent)) for client, sent in pairs]
        return [future.result(WAIT) for future in both]

    def standing(self) -> MeetingDecision:
        """The one decision that stands."""
        known = MeetingDecision.objects.known().filter(item=self.item)
        return known.select_related("item__meeting__series", "proposal", "level").get()


def _words(number: int, window: str, dice: random.Random) -> dict[str, str]:
    return {
        "outcome": dice.choice(OUTCOMES),
        "rationale": f"Round {number}, as the {window} window has it & nobody else.",
        "contingency": "The duty manager is called.",
        "missing_from": "The school",
        "missing_by": "31/12/2030",
    }


def _race(windows: Windows, edits: int) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    print(f"seed {seed} (HUB_DRILL_SEED={seed})")
    dice, won = random.Random(seed), [0, 0]
    for number in range(edits // 2):
        sent = [_words(number, window, dice) for window in ("first", "second")]
        answers = windows.race(*sent)
        assert sorted(answer.status_code for answer in answers) == [302, 409]
        winner = [answer.status_code for answer in answers].index(302)
        won[winner] += 1
        standing = windows.standing()
        said = (standing.outcome, standing.rationale)
        assert said == (sent[winner]["outcome"], sent[winner]["rationale"])
        told = answers[1 - winner].content.decode()
        for version in sent:  # the loser sees both, and loses no word
            assert escape(version["rationale"]) in told
        take_back(decision=standing, reason=BACK, by=windows.by)
    print(f"{edits} edits, of two the first won {won[0]} times and the second {won[1]} times")
    # What was taken back is kept: each round one decision, and none but those.
    assert MeetingDecision.objects.filter(item=windows.item).count() == edits // 2


@pytest.mark.long
def test_of_a_few_racing_edits_none_is_lost(cast: Cast, amira: User, client_for: ClientFor) -> None:
    _race(Windows(cast, amira, client_for), 6)


@pytest.mark.drill
@pytest.mark.timeout(3_600)
def test_of_a_thousand_racing_edits_none_is_lost(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    _race(Windows(cast, amira, client_for), EDITS)
