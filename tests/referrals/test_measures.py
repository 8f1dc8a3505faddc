"""What others are asked on an episode: social care by the hard rule, a strategy discussion, steps."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from django.urls import reverse

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.models import Agency
from referrals.episodes.models import Episode
from referrals.measures.actions import record_measure, withdraw_measure
from referrals.measures.models import Measure
from referrals.measures.queries import left_to_do
from referrals.measures.rules import (
    DECLINED,
    FOLLOWS,
    HELD,
    KNOWN,
    MADE,
    MATTERS,
    NEEDED,
    NOT_HELD,
    NOT_MADE,
    RECEIVING,
    REQUESTED,
    SOCIAL_CARE,
    STATES,
    STEP,
    STRATEGY,
    TRANSITION,
    Taken,
    leaving_asks,
    leaving_problem,
    must_refer,
    plans_adulthood,
    still_to_do,
    taken_problem,
)
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode
from tests.recording import typed

DAY = date(2026, 3, 9)
# Every pair of states that may follow, written by hand; "" is where nothing is recorded.
MAY_FOLLOW = {
    SOCIAL_CARE: {
        ("", "needed"), ("", "made"), ("", "known"), ("", "not_made"), ("needed", "made"),
        ("needed", "known"), ("needed", "not_made"), ("made", "accepted"), ("made", "declined"),
        ("accepted", "made"), ("declined", "made"), ("declined", "known"), ("declined", "not_made"),
        ("known", "made"), ("not_made", "needed"), ("not_made", "made"), ("not_made", "known"),
        ("not_made", "not_made"),
    },
    TRANSITION: {
        ("", "asked"), ("", "agreed"), ("", "not_needed"), ("asked", "agreed"), ("asked", "not_needed"),
        ("agreed", "asked"), ("agreed", "agreed"), ("not_needed", "asked"), ("not_needed", "agreed"),
    },
    RECEIVING: {("", "told"), ("told", "told")},
    STRATEGY: {
        ("", "requested"), ("", "held"), ("", "not_held"), ("requested", "held"), ("requested", "not_held"),
        ("held", "requested"), ("not_held", "requested"), ("not_held", "held"), ("not_held", "not_held"),
    },
}  # fmt: skip


@pytest.mark.parametrize("matter", MAY_FOLLOW)
def test_the_whole_square_of_states(matter: str) -> None:
    for before, state in product(("", *STATES[matter]), STATES[matter]):
        taken = Taken(matter, state, DAY, "Because.")
        problem = taken_problem(taken, before=before, earliest=DAY, today=DAY)
        assert (problem is None) == ((before, state) in MAY_FOLLOW[matter]), (before, state)


def test_steps_follow_one_another_freely_and_each_matter_has_its_states() -> None:
    for before, state in product(("", *STATES[STEP]), STATES[STEP]):
        taken = Taken(STEP, state, DAY, "Because.")
        assert taken_problem(taken, before=before, earliest=DAY, today=DAY) is None
    assert set(STATES) == set(FOLLOWS) == set(MATTERS)


@pytest.mark.parametrize(
    ("taken", "field"),
    [
        (Taken(STEP, "to_early_help", DAY), "because"),
        (Taken(STRATEGY, NOT_HELD, DAY, " "), "because"),
        (Taken(SOCIAL_CARE, NOT_MADE, DAY), "because"),
        (Taken(STRATEGY, REQUESTED, DAY, "x" * 2001), "because"),
        (Taken(STRATEGY, REQUESTED, date(2026, 3, 10)), "on"),
        (Taken(STRATEGY, REQUESTED, date(2026, 3, 8)), "on"),
        (Taken(TRANSITION, "agreed", DAY), "because"),
        (Taken(TRANSITION, "not_needed", DAY), "because"),
        (Taken(RECEIVING, "told", DAY, " "), "because"),
        (Taken("x", REQUESTED, DAY), "state"),
        (Taken(STRATEGY, "x", DAY), "state"),
    ],
)
def test_what_a_measure_needs(taken: Taken, field: str) -> None:
    problem = taken_problem(taken, before="", earliest=DAY, today=DAY)
    assert problem is not None
    assert problem.field == field


@pytest.mark.parametrize(
    ("born", "disabled", "why"),
    [
        (date(2013, 3, 10), False, "under 13 when referred"),
        (date(2013, 3, 9), False, ""),  # thirteen on that day
        (date(2013, 3, 9), None, ""),
        (date(2010, 1, 1), True, "a learning disability"),
        (date(2014, 1, 1), True, "under 13 when referred and a learning disability"),
    ],
)
def test_when_the_hard_rule_asks_for_a_referral(
    born: date, disabled: bool | None, why: str
) -> None:
    assert must_refer(born, DAY, disabled) == why


@pytest.mark.parametrize(
    ("matter", "state", "must", "left"),
    [
        (SOCIAL_CARE, "", "", ""),
        (SOCIAL_CARE, "", "under 13", "Social care referral needed (under 13)"),
        (SOCIAL_CARE, NEEDED, "", "Social care referral needed"),
        (SOCIAL_CARE, MADE, "under 13", "Social care has not answered"),
        (SOCIAL_CARE, "accepted", "under 13", ""),
        (SOCIAL_CARE, DECLINED, "", "Social care declined"),
        (SOCIAL_CARE, KNOWN, "under 13", ""),
        (SOCIAL_CARE, NOT_MADE, "under 13", "Social care referral not made (under 13)"),
        (SOCIAL_CARE, NOT_MADE, "", ""),
        (STRATEGY, REQUESTED, "", "Strategy discussion requested"),
        (TRANSITION, "", "17 or older", "Transition plan needed (17 or older)"),
        (TRANSITION, "", "", ""),
        (TRANSITION, "asked", "17 or older", "Transition plan asked for"),
        (TRANSITION, "agreed", "17 or older", ""),
        (TRANSITION, "not_needed", "17 or older", ""),
        (RECEIVING, "told", "", ""),
        (STRATEGY, HELD, "", ""),
        (STRATEGY, "", "", ""),
    ],
)
def test_what_is_left_to_do(matter: str, state: str, must: str, left: str) -> None:
    assert still_to_do(matter, state, must) == left


@pytest.mark.parametrize(
    ("reason", "stands", "asks"),
    [
        ("MOVED", {}, ("receiving", "told")),
        ("MOVED", {"receiving": "told"}, None),
        ("MOVED", {"transition": "agreed"}, ("receiving", "told")),
        ("TURNED_18", {}, ("transition", "agreed")),
        ("TURNED_18", {"transition": "asked"}, ("transition", "agreed")),
        ("TURNED_18", {"transition": "agreed"}, None),
        ("TURNED_18", {"transition": "not_needed"}, None),
        ("RISK_REDUCED", {}, None),
    ],
)
def test_what_a_closing_asks_of_a_child_who_leaves(
    reason: str, stands: dict[str, str], asks: tuple[str, str] | None
) -> None:
    assert leaving_asks(reason, stands) == asks
    problem = leaving_problem(reason, stands, " ")
    assert (problem is not None) == (asks is not None)
    assert leaving_problem(reason, stands, "Leeds, on Monday.") is None
    if problem is not None:
        assert problem.field == "told"
        who = {"MOVED": "which authority", "TURNED_18": "who leads in adult services"}[reason]
        assert who in problem.message


def test_a_plan_for_adulthood_is_asked_from_the_17th_birthday() -> None:
    assert plans_adulthood(date(2009, 3, 9), DAY)
    assert not plans_adulthood(date(2009, 3, 10), DAY)


@pytest.fixture
def young(cast: Cast, amira: User) -> Episode:
    """A child of ten."""
    child = make_child(partnership=cast.bradford, by=amira, born=date(2015, 6, 1))
    return make_episode(child=child, by=amira)


def left(user: User, episode: Episode) -> list[str]:
    return left_to_do(user, [Episode.objects.select_related("child").get(pk=episode.pk)]).get(
        episode.pk, []
    )


def test_a_child_under_13_needs_a_referral_until_one_is_made(young: Episode, amira: User) -> None:
    assert left(amira, young) == ["Social care referral needed (under 13 when referred)"]
    made = record_measure(episode=young, taken=Taken(SOCIAL_CARE, MADE, DAY), seen="", by=amira)
    assert left(amira, young) == ["Social care has not answered"]
    declined = Taken(SOCIAL_CARE, DECLINED, DAY, "Early help leads.")
    record_measure(episode=young, taken=declined, seen=MADE, by=amira)
    assert left(amira, young) == ["Social care declined (under 13 when referred)"]
    fact = Measure.objects.known().latest_first().first()
    assert fact is not None
    withdraw_measure(fact=fact, reason="Wrong child.", by=amira)
    assert left(amira, young) == ["Social care has not answered"]
    assert made.pk != fact.pk
    assert AuditEvent.objects.filter(event="measure.withdrawn", reason="Wrong child.").exists()


def test_two_who_record_at_once_do_not_write_over_one_another(
    cast: Cast, amira: User, dev: User
) -> None:
    asked = Taken(STRATEGY, REQUESTED, DAY)
    record_measure(episode=cast.unshared, taken=asked, seen="", by=amira)
    with pytest.raises(Conflict):
        record_measure(episode=cast.unshared, taken=asked, seen="", by=dev)
    with pytest.raises(RuleBroken):
        record_measure(episode=cast.unshared, taken=asked, seen=REQUESTED, by=dev)


@pytest.mark.parametrize("person", ["ben", "chloe", "erin"])
def test_who_does_not_record_cases_here_records_no_measure(cast: Cast, person: str) -> None:
    taken = Taken(STRATEGY, REQUESTED, DAY)
    with pytest.raises(NotAllowed):
        record_measure(episode=cast.unshared, taken=taken, seen="", by=cast.people[person])


def test_agencies_of_another_hub_take_no_part(cast: Cast, amira: User) -> None:
    other = Agency.objects.get(partnership=cast.kirklees)
    taken = Taken(STRATEGY, HELD, DAY, agencies=(other.pk,))
    with pytest.raises(RuleBroken) as refused:
        record_measure(episode=cast.unshared, taken=taken, seen="", by=amira)
    assert refused.value.field == "agencies"


def test_a_strategy_discussion_and_a_step_stand_on_the_episodes_page(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client, at = client_for(amira), [cast.unshared.child_id, cast.unshared.pk]
    police = Agency.objects.get(code="police")
    held = {"state": HELD, "agencies": [f"{police.pk}"], "because": "Agreed to visit."}
    answers: dict[str, dict[str, Any]] = {
        "risk-child-measure-strategy": held,
        "risk-child-measure-step": {"state": "to_social_care", "because": "Needs a social worker."},
        "risk-child-measure-care": {"state": NEEDED},
    }  # fmt: skip
    for name, typed_in in answers.items():
        address = reverse(name, args=at)
        sent = client.post(address, typed(client.get(address), on="today", **typed_in))
        assert sent.status_code == 302, sent.content
    page = client.get(reverse("risk-child-episode", args=at)).content.decode()
    for words in (
        "Stepped up to social care",
        "Agreed to visit.",
        "Police",
        "Social care referral needed",
    ):
        assert words in page
    back = reverse(
        "risk-child-measure-withdraw",
        args=[cast.unshared.child_id, Measure.objects.known().last().pk],  # type: ignore[union-attr]
    )
    assert client.post(back, typed(client.get(back), reason="Wrong.")).status_code == 302
    assert Measure.objects.known().count() == 2
