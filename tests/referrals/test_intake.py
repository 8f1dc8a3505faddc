"""Referrals as they are received: who may see them, what becomes of them, what their referrer learns."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from hub.access.context import act_as
from hub.access.rules import Role
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.models import Agency, Post
from referrals.grants.actions import restrict
from referrals.intake.actions import (
    amend_referral,
    join_referral,
    receive_referral,
    settle_referral,
    tell_referrer,
    unjoin_referral,
    withdraw_referral,
)
from referrals.intake.models import Referral
from referrals.intake.rules import Concern, clock, due_on, problem_with
from risk.levels.actions import set_level
from risk.levels.rules import Decision
from tests.cast import Cast, ClientFor
from tests.make import CONCERN, make_referral
from tests.second_wall import as_application

TODAY = date(2026, 3, 9)


def seen_by(user: User) -> set[int]:
    return set(Referral.objects.visible_to(user).values_list("pk", flat=True))


# --- rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"in_danger": ""}, "in_danger"),
        ({"in_danger": "yes"}, "danger_action"),
        ({"what_happened": " "}, "what_happened"),
        ({"source": ""}, "source"),
        ({"source": "99"}, "source"),
        ({"about": "animal"}, "about"),
        ({"gender": "X"}, "gender"),
        ({"forenames": "", "surname": ""}, "forenames"),
        ({"date_of_birth": date(1999, 1, 1)}, "date_of_birth"),
        ({"date_of_birth": date(2027, 1, 1)}, "date_of_birth"),
        ({"age_about": 26}, "age_about"),
        ({"nhs_number": "9434765918"}, "nhs_number"),
        ({"upn": "A1"}, "upn"),
        ({"exploitation_types": ()}, "exploitation_types"),
        ({"exploitation_types": ("FLYING",)}, "exploitation_types"),
        ({"consent": ""}, "consent"),
        ({"consent": "refused", "no_consent_reason": ""}, "no_consent_reason"),
        ({"family_knows": ""}, "family_knows"),
        ({"health_needs": ""}, "health_needs"),
        ({"about": "place", "description": ""}, "description"),
    ],
)
def test_what_a_referral_must_say_is_asked_for_beside_its_question(
    change: dict[str, object], field: str
) -> None:
    said: Concern = replace(CONCERN, **change)  # type: ignore[arg-type]  # some of them on purpose
    problem = problem_with(said.tidied(), TODAY)
    assert problem is not None
    assert problem.field == field


def test_a_child_may_be_described_without_a_name_and_a_place_without_consent() -> None:
    nameless = replace(CONCERN, forenames="", surname="", description="About 13, red coat")
    place = Concern(
        about="place", what_happened="x", in_danger="unknown", source="6", description="The arcade"
    )
    assert problem_with(nameless, TODAY) is None
    assert problem_with(place, TODAY) is None


def test_the_clock_counts_working_days_and_what_comes_on_a_rest_day_comes_on_the_next() -> None:
    friday, saturday = (datetime(2026, 3, day, 22, tzinfo=UTC) for day in (6, 7))
    assert due_on(friday, 1) == date(2026, 3, 9)
    assert due_on(saturday, 1) == date(2026, 3, 10)
    assert clock(TODAY, TODAY) == "due today"
    assert clock(date(2026, 3, 10), TODAY) == "1 working day left"
    assert clock(date(2026, 3, 5), TODAY) == "2 working days over"
    assert clock(date(2026, 3, 9), date(2026, 3, 8)) == "1 working day left"
    assert clock(date(2026, 3, 8), date(2026, 3, 8)) == "due next"
    assert clock(date(2026, 3, 7), date(2026, 3, 8)) == "1 working day over"


# --- who sees them -----------------------------------------------------------------------------------


def test_the_hub_sees_every_referral_and_a_charity_its_own_worker_s_alone(cast: Cast) -> None:
    people, chloe = cast.people, cast.people["chloe"]
    hers = make_referral(partnership=cast.bradford, by=chloe)
    police = make_referral(partnership=cast.bradford, by=people["ben"])
    assert (hers.reference, police.reference) == ("R-0001", "R-0002")
    for name in ("amira", "dev", "ben", "nora"):
        assert seen_by(people[name]) == {hers.pk, police.pk}
    assert seen_by(chloe) == {hers.pk}
    for name in ("femi", "ana", "bea", "otto", "sid", "erin", "gus"):
        assert seen_by(people[name]) == set()


def test_a_referral_follows_its_child_s_wall_and_its_referrer_notices_nothing(cast: Cast) -> None:
    people, chloe = cast.people, cast.people["chloe"]
    referral = make_referral(partnership=cast.bradford, by=chloe)
    episode = cast.unshared
    join_referral(referral=referral, child=episode.child, episode=episode, by=people["amira"])
    restrict(child=episode.child, because="Confidential.", by=people["dev"])
    assert seen_by(people["nora"]) == set()
    assert seen_by(people["dev"]) == seen_by(chloe) == {referral.pk}


def test_whoever_may_not_refer_sends_nothing_and_a_partner_takes_no_calls(cast: Cast) -> None:
    for name in ("bea", "otto", "sid", "erin", "gus"):
        with pytest.raises(NotAllowed):
            make_referral(partnership=cast.bradford, by=cast.people[name])
    chloe = cast.people["chloe"]
    with pytest.raises(RuleBroken):
        make_referral(partnership=cast.bradford, by=chloe, route="101")
    with pytest.raises(RuleBroken):
        receive_referral(
            partnership=cast.bradford, concern=CONCERN, by=chloe, received_at=timezone.now()
        )


# --- what becomes of them -----------------------------------------------------------------------------


def test_a_call_taken_down_later_counts_from_when_it_came(cast: Cast, amira: User) -> None:
    came = timezone.now() - timedelta(days=4)
    args = {"partnership": cast.bradford, "concern": CONCERN, "route": "out_of_hours"}
    referral = receive_referral(received_at=came, by=amira, **args)  # type: ignore[arg-type]
    assert referral.received_at == came
    assert referral.decide_by == due_on(came, 1)
    assert referral.feedback_by == due_on(came, 5)
    ahead = timezone.now() + timedelta(hours=1)
    with pytest.raises(RuleBroken):
        receive_referral(received_at=ahead, by=amira, **args)  # type: ignore[arg-type]


def test_joining_is_done_once_undone_with_a_reason_and_stands_on_the_trail(cast: Cast) -> None:
    amira = cast.people["amira"]
    referral = make_referral(partnership=cast.bradford, by=cast.people["chloe"])
    episode = cast.unshared
    assert Referral.objects.waiting().count() == 1
    with pytest.raises(RuleBroken):
        join_referral(referral=referral, child=cast.shared.child, episode=episode, by=amira)
    elsewhere = cast.elsewhere
    with pytest.raises(NotAllowed):
        join_referral(referral=referral, child=elsewhere.child, episode=elsewhere, by=amira)
    join_referral(referral=referral, child=episode.child, episode=episode, by=amira)
    with pytest.raises(Conflict):
        join_referral(referral=referral, child=episode.child, episode=episode, by=amira)
    referral.refresh_from_db()
    assert (referral.state, Referral.objects.waiting().count()) == ("Being looked at", 0)
    with pytest.raises(Conflict):
        withdraw_referral(referral=referral, reason="Sent twice.", by=amira)
    unjoin_referral(referral=referral, reason="Another child.", by=amira)
    referral.refresh_from_db()
    assert (referral.child, referral.state) == (None, "Received")
    with pytest.raises(Conflict):
        unjoin_referral(referral=referral, reason="Another child.", by=amira)
    trail = AuditEvent.objects.filter(what="referral").order_by("pk")
    assert [event.event for event in trail] == [
        "referral.received",
        "referral.joined",
        "referral.unjoined",
    ]
    assert episode.child.reference in trail[1].about


def test_a_level_decides_what_was_put_to_its_episode_and_nothing_else(
    cast: Cast, amira: User
) -> None:
    chloe, episode = cast.people["chloe"], cast.unshared
    joined, other = (make_referral(partnership=cast.bradford, by=chloe) for _each in range(2))
    join_referral(referral=joined, child=episode.child, episode=episode, by=amira)
    decision = Decision("HIGH", london_date(timezone.now()), "Seen with an older man.")
    set_level(episode=episode, decision=decision, seen_level="", by=amira)
    states = {row.pk: row.state for row in Referral.objects.all()}
    assert states == {joined.pk: "Decided", other.pk: "Received"}


def test_a_place_is_settled_in_words_and_waits_no_more(cast: Cast, amira: User) -> None:
    referral = make_referral(
        partnership=cast.bradford, by=cast.people["chloe"], about="place", description="The arcade"
    )
    with pytest.raises(RuleBroken):
        settle_referral(referral=referral, outcome=" ", by=amira)
    settle_referral(referral=referral, outcome="Passed to licensing.", by=amira)
    referral.refresh_from_db()
    assert referral.state == "Decided"
    with pytest.raises(Conflict):
        settle_referral(referral=referral, outcome="Again.", by=amira)


def test_what_is_amended_keeps_what_was_said_before(cast: Cast) -> None:
    chloe, amira = cast.people["chloe"], cast.people["amira"]
    referral = make_referral(partnership=cast.bradford, by=chloe)
    said = replace(referral.concern, surname="Marsh", date_of_birth=date(2012, 5, 3))
    told: dict[str, Any] = {"concern": said, "seen": 1, "reason": "Misheard.", "by": chloe}
    for change in (
        {"reason": " "},
        {"concern": referral.concern},
        {"concern": replace(said, consent="")},
    ):
        with pytest.raises(RuleBroken):
            amend_referral(referral=referral, **{**told, **change})
    amend_referral(referral=referral, concern=said, seen=1, reason="Misheard.", by=chloe)
    with pytest.raises(Conflict):
        amend_referral(referral=referral, concern=CONCERN, seen=1, reason="Late.", by=amira)
    first, second = referral.versions.order_by("number")
    assert (first.said["surname"], second.said["surname"]) == ("March", "Marsh")
    assert (second.said["date_of_birth"], second.reason) == ("2012-05-03", "Misheard.")
    assert Referral.objects.get(pk=referral.pk).concern == said
    for other in ("femi", "ben", "nora"):
        with pytest.raises(NotAllowed):
            amend_referral(
                referral=referral, concern=CONCERN, seen=2, reason="x", by=cast.people[other]
            )


def test_who_may_refer_no_more_or_elsewhere_takes_back_nothing_that_they_sent(cast: Cast) -> None:
    chloe = cast.people["chloe"]
    sent = make_referral(partnership=cast.bradford, by=chloe)
    post = Post.objects.filter(user=chloe)
    council = Agency.objects.get(partnership=cast.bradford, code="council")
    for agency, role in (
        (council, Role.AUDITOR),
        (Agency.objects.get(partnership=cast.kirklees), Role.EDUCATION_OFFICER),
    ):
        post.update(agency=agency, role=role)
        gone = User.objects.get(pk=chloe.pk)
        with pytest.raises(NotAllowed):
            withdraw_referral(referral=sent, reason="Sent twice.", by=gone)
        with pytest.raises(NotAllowed):
            amend_referral(referral=sent, concern=CONCERN, seen=1, reason="x", by=gone)


def test_a_look_at_a_referral_names_its_child_on_the_trail_where_the_page_does(
    cast: Cast, client_for: ClientFor
) -> None:
    sent = make_referral(partnership=cast.bradford, by=cast.people["chloe"])
    episode = cast.unshared
    join_referral(referral=sent, child=episode.child, episode=episode, by=cast.people["amira"])
    for name, named in (("amira", True), ("chloe", False)):
        assert client_for(cast.people[name]).get(f"/referrals/{sent.pk}/").status_code == 200
        event = AuditEvent.objects.filter(event="referral.viewed").latest("pk")
        assert (event.username, episode.child.reference in event.about) == (name, named)


def test_a_referrer_withdraws_their_own_until_it_is_put_to_a_child(cast: Cast) -> None:
    chloe, amira = cast.people["chloe"], cast.people["amira"]
    gone, kept = (make_referral(partnership=cast.bradford, by=chloe) for _each in range(2))
    withdraw_referral(referral=gone, reason="Sent twice.", by=chloe)
    gone.refresh_from_db()
    assert (gone.state, gone.withdrawn_because) == ("Withdrawn", "Sent twice.")
    with pytest.raises(Conflict):
        amend_referral(referral=gone, concern=CONCERN, seen=1, reason="x", by=amira)
    episode = cast.unshared
    join_referral(referral=kept, child=episode.child, episode=episode, by=amira)
    kept.refresh_from_db()
    for deed in (
        lambda: withdraw_referral(referral=kept, reason="x", by=chloe),
        lambda: amend_referral(referral=kept, concern=CONCERN, seen=1, reason="x", by=chloe),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_feedback_says_what_how_and_when(cast: Cast, amira: User) -> None:
    referral = make_referral(partnership=cast.bradford, by=cast.people["chloe"])
    today = london_date(timezone.now())
    told = {"referral": referral, "words": "We look at it.", "how": "email", "told_on": today}
    for change in ({"words": " "}, {"how": "pigeon"}, {"told_on": today + timedelta(days=1)},
                   {"told_on": today - timedelta(days=1)}):  # fmt: skip
        with pytest.raises(RuleBroken):
            tell_referrer(**{**told, **change}, by=amira)  # type: ignore[arg-type]
    tell_referrer(**told, by=amira)  # type: ignore[arg-type]
    first = referral.feedback.get()
    assert first.words == "We look at it."
    tell_referrer(**{**told, "words": "It is decided."}, by=amira)  # type: ignore[arg-type]
    referral.refresh_from_db()
    assert referral.told_at == first.recorded_at, "the database keeps when they were first told"
    with as_application(), transaction.atomic():
        act_as(amira)
        Referral.objects.filter(pk=referral.pk).update(told_at=None, outcome="x")
    referral.refresh_from_db()
    assert (referral.told_at, referral.outcome) == (first.recorded_at, "x")


# --- the database itself --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE referrals_referral SET outcome = 'x'",
        "UPDATE referrals_referral SET decided_at = now()",
        "UPDATE referrals_referral SET received_at = now()",
        "UPDATE referrals_referralversion SET reason = 'x'",
        "DELETE FROM referrals_referral",
    ],
)
def test_the_database_lets_no_referrer_decide_or_rewrite(cast: Cast, statement: str) -> None:
    chloe = cast.people["chloe"]
    make_referral(partnership=cast.bradford, by=chloe)
    with as_application(), transaction.atomic(), connection.cursor() as cursor:
        act_as(chloe)
        with pytest.raises(DatabaseError):
            cursor.execute(statement)
        transaction.set_rollback(True)
