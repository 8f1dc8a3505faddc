"""A hidden child who may be the one cannot be told from no child at all by the time that a page takes.

Two hubs have the same crowd and the same referrals about the same people. One half of these people is
hidden in the first hub and unknown in the second, the other half the other way round: so neither a name
that is commoner nor a hub that is slower tells the two apart, and what is left is the hiding alone.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bench.matching.names import Someone, someone
from bench.matching.people import enter
from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from partners.agencies.actions import add_agency, appoint
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.grants.actions import shut_out
from tests.cast import BEGAN, NOW, PASSWORD, Cast, ClientFor
from tests.drill.test_response_times import MOST, area
from tests.make import make_referral

REQUESTS = int(os.environ.get("HUB_DRILL_REQUESTS", "2000"))  # of each
CROWD, ASKED_ABOUT, WARM = 2_000, 40, 50
ABSENT = 10**9  # added to a child's number it is nobody's
HIDDEN, UNKNOWN = "hidden", "unknown"


@dataclass(frozen=True)
class About:
    """What one hub can be asked of a person: by its own referrals and by name; `child` is a hidden one's."""

    kind: str
    name: str
    at_desk: int
    sent: int
    child: int


@dataclass(frozen=True)
class Desk:
    """Who asks in one hub, and about whom."""

    desk: Client
    referrer: Client
    abouts: list[About]


# --- what is asked ----------------------------------------------------------------------------------------


def candidates(desk: Desk, about: About) -> str:
    return text_of(desk.desk.get(f"/triage/{about.at_desk}/"))


def register(desk: Desk, about: About) -> str:
    return text_of(desk.desk.get(f"/triage/{about.at_desk}/new/"))


def compare(desk: Desk, about: About) -> str:
    number = about.child if about.kind == HIDDEN else about.child + ABSENT
    return text_of(desk.desk.get(f"/triage/{about.at_desk}/same/{number}/"), 404)


def search(desk: Desk, about: About) -> str:
    return text_of(desk.desk.post("/search/", {"text": about.name}, follow=True))


def read_what_was_sent(desk: Desk, about: About) -> str:
    return text_of(desk.referrer.get(f"/referrals/{about.sent}/"))


WAYS: dict[str, Callable[[Desk, About], str]] = {
    "candidates": candidates,
    "register": register,
    "compare": compare,
    "search": search,
    "referrer": read_what_was_sent,
}


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    return str(answer.content.decode())


# --- who is asked about -----------------------------------------------------------------------------------


def two_desks(
    cast: Cast, client_for: ClientFor, dice: random.Random, crowd: int, number: int
) -> list[Desk]:
    """Make both hubs alike but for who is hidden and who is unknown."""
    around = [someone(dice, each) for each in range(crowd)]
    halves = [[someone(dice, crowd + each) for each in range(number)] for _half in range(2)]
    hubs = (
        (cast.bradford, cast.people["amira"], cast.people["chloe"]),
        (cast.kirklees, cast.people["erin"], referrer_of(cast.kirklees)),
    )
    made = []
    for (hub, at_desk, referrer), (known, unknown) in zip(
        hubs, (halves, halves[::-1]), strict=True
    ):
        hidden = enter(hub, [*around, *known], operator())[crowd:]
        for child in hidden:
            shut_out(child=child, person=at_desk, because="A neighbour.", by=operator())
        abouts = [
            *(
                about(HIDDEN, one, child, at_desk, referrer)
                for one, child in zip(known, hidden, strict=True)
            ),
            *(
                about(UNKNOWN, one, child, at_desk, referrer)
                for one, child in zip(unknown, hidden, strict=True)
            ),
        ]
        made.append(Desk(client_for(at_desk), client_for(referrer), abouts))
    return made


def referrer_of(hub: Partnership) -> User:
    """A charity's worker there, who sends referrals and sees no case of the hub's."""
    told: dict[str, Any] = {"now": NOW, "by": operator()}
    agency = add_agency(
        partnership=hub, code="lantern", name="Lantern", kind=Agency.Kind.CHARITY, **told
    )
    user = open_account(username="lena", name="Lena Moss", password=PASSWORD, **told)
    User.objects.filter(pk=user.pk).update(conduct_accepted_on=timezone.localdate())
    appoint(user=user, agency=agency, role=Role.SUPPORT_WORKER, starts_on=BEGAN, **told)
    user.refresh_from_db()
    return user


def about(kind: str, one: Someone, child: Child, at_desk: User, referrer: User) -> About:
    said: dict[str, Any] = {
        "forenames": one.forenames,
        "surname": one.surname,
        "date_of_birth": one.born,
    }
    name = f"{one.forenames} {one.surname}"
    received, sent = (
        make_referral(partnership=child.partnership, by=by, **said).pk for by in (at_desk, referrer)
    )
    return About(kind, name, received, sent, child.pk)


# --- what it takes ----------------------------------------------------------------------------------------


def turns(
    desks: list[Desk], dice: random.Random, requests: int
) -> Iterator[tuple[str, Desk, About]]:
    """As many of each kind in each hub, in a random order."""
    order = [(kind, desk) for kind in (HIDDEN, UNKNOWN) for desk in desks] * (
        requests // len(desks)
    )
    dice.shuffle(order)
    for kind, desk in order:
        yield kind, desk, dice.choice([one for one in desk.abouts if one.kind == kind])


def times(
    way: str, desks: list[Desk], dice: random.Random, requests: int
) -> dict[str, list[float]]:
    """Ask that many times of each kind, and give the seconds that each answer took."""
    took: dict[str, list[float]] = {HIDDEN: [], UNKNOWN: []}
    for kind, desk, one in turns(desks, dice, requests):
        began = time.perf_counter()
        WAYS[way](desk, one)
        took[kind].append(time.perf_counter() - began)
    return took


@pytest.mark.long
def test_each_way_tells_nothing_of_who_is_hidden_and_they_would_come_first(
    cast: Cast, client_for: ClientFor
) -> None:
    """The drill's own ways, a few times: each page is there, and the hidden would be seen by another."""
    dice = random.Random(7)
    desks = two_desks(cast, client_for, dice, crowd=8, number=1)
    references = dict(Child.objects.values_list("pk", "reference"))
    for way, ask in WAYS.items():
        for desk in desks:
            for one in desk.abouts:
                assert references[one.child] not in ask(desk, one), way
        took = times(way, desks, dice, 2)
        assert {kind: len(each) for kind, each in took.items()} == {HIDDEN: 2, UNKNOWN: 2}
    manager = replace(desks[0], desk=client_for(cast.people["dev"]))
    for one in manager.abouts:
        assert (references[one.child] in candidates(manager, one)) == (one.kind == HIDDEN)


@pytest.mark.drill
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("way", WAYS)
def test_a_hidden_child_takes_as_long_as_an_unknown_one(
    way: str, cast: Cast, client_for: ClientFor
) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    dice = random.Random(seed)
    desks = two_desks(cast, client_for, dice, CROWD, ASKED_ABOUT)
    times(way, desks, dice, WARM)
    took = times(way, desks, dice, REQUESTS)
    found = area(took[HIDDEN], took[UNKNOWN])
    middle = {kind: round(sorted(each)[len(each) // 2] * 1000, 2) for kind, each in took.items()}
    print(f"seed {seed} (HUB_DRILL_SEED={seed}), {way}: area {found:.3f}, medians in ms {middle}")
    assert found <= MOST
