"""A referral's form is given anything: no fault, nothing invalid accepted, everything typed given back."""

import os
import random
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from hub.accounts.models import User
from hub.days.rules import london_date
from referrals.intake.forms import STEPS
from referrals.intake.models import Referral
from referrals.intake.rules import problem_with
from tests.cast import Cast, ClientFor
from tests.referrals.filling_in import ANSWERS
from tests.test_bad_input import NASTY

PAGES = [step for step in STEPS if step != "call"]  # the hub's own alone
TEXTS = ("textinput", "text", "textarea")


def values_of(chance: random.Random, step: str, name: str) -> list[str]:
    """What somebody might send for a question: what is right, what is in its list, or anything."""
    right = ANSWERS.get(step, {}).get(name, "")
    listed = [str(code) for code, _label in getattr(STEPS[step].base_fields[name], "choices", [])]
    rights = right if isinstance(right, list) else [right]
    kind = chance.randrange(10)
    if kind < 5:
        return rights
    if kind < 8 and listed:
        return chance.sample(listed, min(len(listed), chance.randint(1, 3)))
    return [chance.choice(list(NASTY.values()))]


def submit(client: Client, chance: random.Random, root: str) -> None:
    """Send one page, and look at what comes back at once and when it is opened again."""
    step = chance.choice(PAGES)
    names = [name for name in STEPS[step].base_fields if name not in ("seen", "once")]
    given = {name: values_of(chance, step, name) for name in names}
    answer = client.post(f"{root}{step}/", {**given, "once": str(uuid4())})
    assert answer.status_code in (302, 422), (step, given)
    if answer.status_code == 422:
        assert_given_back(answer, given)
    long = any("too long" in str(fault) for fault in faults_of(answer))
    if not long:
        assert_given_back(client.get(f"{root}{step}/"), given)


def faults_of(answer: Any) -> list[str]:
    if answer.status_code != 422:
        return []
    return [str(fault) for fault in answer.context["page"].form.non_field_errors()]


def assert_given_back(answer: Any, given: dict[str, list[str]]) -> None:
    html, form = answer.content.decode(), answer.context["page"].form
    for bound in form.visible_fields():
        if bound.widget_type in TEXTS:
            assert escape(given[bound.name][0]) in html, (bound.name, given[bound.name])


def send(client: Client, root: str) -> None:
    """Press Send: what is accepted is whole."""
    before = Referral.objects.count()
    answer = client.post(f"{root}check/", {"once": str(uuid4())})
    assert answer.status_code in (302, 422)
    assert (Referral.objects.count() - before) == (answer.status_code == 302)
    if answer.status_code == 302:
        referral = Referral.objects.latest("pk")
        assert problem_with(referral.concern, london_date(timezone.now())) is None


def try_at_random(client: Client, number: int) -> int:
    """So many submissions on a few drafts; give how many referrals came of them."""
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(2**32))
    print(f"HUB_DRILL_SEED={seed}")  # noqa: T201  # to have it again
    chance = random.Random(seed)
    client.raise_request_exception = True
    for turn in range(number):
        root = f"/referrals/make/{1 + turn % 5}/"
        send(client, root) if turn % 20 == 19 else submit(client, chance, root)
    return Referral.objects.count()


def test_forty_random_submissions(cast: Cast, chloe: User, client_for: ClientFor) -> None:
    try_at_random(client_for(chloe), 40)


@pytest.mark.drill
def test_twenty_thousand_random_submissions(cast: Cast, chloe: User, client_for: ClientFor) -> None:
    sent = try_at_random(client_for(chloe), 20_000)
    print(f"{sent} referrals came of them")  # noqa: T201  # the drill prints its figures
    assert sent > 0
