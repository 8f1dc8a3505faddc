"""Children who were referred several times before the first decision at risk, for the manager."""

from datetime import date

import pytest
from django.urls import reverse

from hub.accounts.models import User
from risk.repeats.rules import longest_first, repeated, times_asked
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode, refer_to_service, set_level

FIRST, SECOND, THIRD = date(2025, 1, 10), date(2025, 6, 2), date(2026, 2, 2)


def test_referrals_count_up_to_the_first_decision_at_risk_that_of_its_day_too() -> None:
    every = [THIRD, FIRST, SECOND]
    assert repeated(1, every, None).times == 3
    found = repeated(1, every, SECOND)
    assert (found.times, found.first_on, found.days_to_risk) == (2, FIRST, 143)
    assert repeated(1, every, FIRST).times == 1


def test_the_most_often_referred_come_first_then_the_longest_ago() -> None:
    rows = [
        repeated(1, [SECOND, THIRD], None),
        repeated(2, [FIRST, THIRD], None),
        repeated(3, [FIRST], None),
    ]
    assert [row.child for row in longest_first(rows, 2)] == [2, 1]


@pytest.mark.parametrize(
    ("typed", "times"), [("", 2), ("3", 3), ("x", 2), ("0", 2), ("99", 9), ("٣", 2), ("-3", 2)]
)
def test_how_many_are_asked_for(typed: str, times: int) -> None:
    assert times_asked(typed) == times


def test_the_manager_reads_how_long_it_took(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    child = make_child(partnership=cast.bradford, by=amira, surname="Often")
    make_episode(child=child, by=amira, referred_on=FIRST, closed_on=FIRST)
    episode = make_episode(child=child, by=amira, referred_on=SECOND)
    set_level(episode=episode, level="MEDIUM", set_on=THIRD, by=amira)
    refer_to_service(episode=episode, service="northlight", by=amira)
    once = make_child(partnership=cast.bradford, by=amira, surname="Once")
    set_level(
        episode=make_episode(child=once, by=amira, referred_on=FIRST),
        level="LOW",
        set_on=FIRST,
        by=amira,
    )
    make_episode(child=once, by=amira, referred_on=THIRD)
    [row] = client_for(dev).get(reverse("risk-repeats")).context["repeats"].rows
    assert (row.child, row.times, row.days_to_risk, row.support_on) == (
        "Often, Jodie",
        2,
        388,
        None,
    )
    assert client_for(dev).get(reverse("risk-repeats") + "?times=3").context["repeats"].rows == []
    assert client_for(amira).get(reverse("risk-repeats")).status_code == 403
