"""Emergency access: who opens a hidden record with a reason, for how long, and who reviews it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from hub.access.rules import ROLES, Permission, Role
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.actions import appoint
from partners.agencies.models import Agency, Post
from referrals.children.models import Child
from referrals.emergencies.actions import (
    end_emergency,
    open_in_emergency,
    review_emergency,
)
from referrals.emergencies.models import EmergencyAccess, EmergencyAlert, EmergencyReview
from referrals.emergencies.rules import MOST_A_DAY, Asked
from referrals.emergencies.views import EMERGENCIES
from referrals.grants.actions import give_grant, lift, restrict, shut_out
from referrals.grants.models import PersonGrant, Restriction
from referrals.oversight.views import waiting_for
from tests.cast import NOW, Cast
from tests.referrals.test_grants import again, for_days, sees
from tests.test_second_wall import numbers, rows, seeing_as

pytestmark = pytest.mark.django_db
WHY = "She was seen getting into a car with an adult nobody knows."


@pytest.fixture
def kit(cast: Cast, dev: User) -> Child:
    """A child whose record only dev may see."""
    restrict(child=cast.shared.child, because="Confidential in social care.", by=dev)
    return cast.shared.child


def by_reference(child: Child, hours: int = 4, because: str = WHY) -> Asked:
    return Asked(because, hours, reference=child.reference)


def opened(child: Child, by: User, hours: int = 4) -> EmergencyAccess:
    answer = open_in_emergency(asked=by_reference(child, hours), by=again(by))
    assert answer.child_id == child.pk
    return EmergencyAccess.objects.get(pk=answer.number)


def both_walls_show(user: User, child: Child) -> bool:
    """Whether a person sees a child; the two walls say the same, of every table of the case."""
    with seeing_as(again(user)):
        in_database = child.pk in numbers("referrals_child")
        assert (child.pk in numbers("referrals_child")) == bool(
            rows("SELECT 1 FROM referrals_episode WHERE child_id = %s", child.pk)
        )
    assert sees(user, child) == in_database
    return in_database


# --- opening and ending -----------------------------------------------------------------------------


def test_a_worker_of_the_hub_opens_a_restricted_record_and_ends_it(
    cast: Cast, kit: Child, nora: User, ben: User
) -> None:
    assert not both_walls_show(nora, kit)
    emergency = opened(kit, nora)
    assert both_walls_show(nora, kit)
    assert not both_walls_show(ben, kit)
    grant = PersonGrant.objects.get(user=nora)
    assert grant.emergency
    assert grant.expires_at == emergency.ends_at == emergency.asked_at + timedelta(hours=4)
    with pytest.raises(NotAllowed, match="Only who has"):
        end_emergency(emergency=emergency, by=ben)
    end_emergency(emergency=emergency, by=nora)
    assert not both_walls_show(nora, kit)
    with pytest.raises(Conflict):
        end_emergency(emergency=emergency, by=nora)
    assert both_walls_show(nora, kit) is False
    assert opened(kit, nora, 1).outcome == "opened"  # and may ask again


def test_who_may_open_none_any_more_or_is_in_another_partnership_ends_none(
    cast: Cast, kit: Child, nora: User
) -> None:
    emergency = opened(kit, nora)
    post = Post.objects.filter(user=nora)
    council = Agency.objects.get(partnership=cast.bradford, code="council")
    post.update(agency=council, role=Role.AUDITOR)
    with pytest.raises(NotAllowed):
        end_emergency(emergency=emergency, by=again(nora))
    post.update(agency=Agency.objects.get(partnership=cast.kirklees), role=Role.SOCIAL_WORKER)
    with pytest.raises(NotAllowed):
        end_emergency(emergency=emergency, by=again(nora))


def test_it_ends_by_itself_on_both_walls(
    kit: Child, nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for an hour and a minute ago, it is over; asked for 59 minutes ago it is not."""
    for minutes, seen in ((61, False), (59, True)):
        then = timezone.now() - timedelta(minutes=minutes)
        monkeypatch.setattr("referrals.emergencies.actions.write_moment", lambda _, at=then: at)
        emergency = opened(kit, nora, hours=1)
        assert both_walls_show(nora, kit) is seen
        assert EmergencyAccess.objects.in_force().contains(emergency) is seen
    assert [g.ended_because for g in PersonGrant.objects.filter(user=nora).order_by("pk")] == [
        "It ran out.",
        "",
    ]


def test_by_name_and_day_of_birth_a_record_is_found_and_never_one_of_several(
    cast: Cast, kit: Child, nora: User
) -> None:
    born = kit.date_of_birth
    assert ask(nora, name="marden, KIT", born=born) == kit.pk
    assert ask(nora, name="marden", born=born + timedelta(days=1)) is None
    assert ask(nora, name="mard", born=born) is None  # whole parts of a name
    assert ask(nora, reference=kit.reference.lower(), name="Quillan") is None
    assert len({cast.shared.child.date_of_birth, cast.unshared.child.date_of_birth}) == 1
    Child.objects.update(surname="Marden")
    assert ask(nora, name="Marden", born=born) is None
    outcomes = EmergencyAccess.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["opened", "nothing", "nothing", "nothing", "several"]


def ask(user: User, **whom: Any) -> int | None:
    return open_in_emergency(asked=Asked(WHY, 1, **whom), by=again(user)).child_id


def test_a_record_that_is_open_anyway_is_led_to_without_a_grant(cast: Cast, amira: User) -> None:
    answer = open_in_emergency(asked=by_reference(cast.unshared.child), by=amira)
    assert answer.child_id == cast.unshared.child_id
    emergency = EmergencyAccess.objects.get()
    assert (emergency.outcome, emergency.grant, emergency.ends_at) == ("seen", None, None)


def test_absent_hidden_elsewhere_and_shut_out_have_one_answer(
    cast: Cast, kit: Child, dev: User, nora: User, ben: User
) -> None:
    """One who is shut out never gets in, is told nothing, and the attempt is noted."""
    shut_out(child=kit, person=ben, because="A neighbour.", by=dev)
    answers = [
        open_in_emergency(asked=asked, by=again(ben))
        for asked in (
            by_reference(kit),
            by_reference(cast.elsewhere.child),
            Asked(WHY, 4, reference="C-none"),
        )
    ]
    assert {(answer.child_id, answer.record) for answer in answers} == {(None, "")}
    assert not both_walls_show(ben, kit)
    noted = EmergencyAccess.objects.order_by("pk")
    assert [row.outcome for row in noted] == ["shut_out", "nothing", "nothing"]
    assert EmergencyAlert.objects.count() == 3
    with seeing_as(again(ben)):  # nor does the database tell them
        assert not numbers("referrals_emergencyaccess")
        told = AuditEvent.objects.filter(event="emergency.asked").order_by("pk")
        assert [event.about for event in told] == [[row.reference] for row in noted]


def test_one_shut_out_while_it_lasts_is_out(kit: Child, dev: User, nora: User) -> None:
    opened(kit, nora)
    shut_out(child=kit, person=nora, because="A relative.", by=dev)
    assert not both_walls_show(nora, kit)
    assert not EmergencyAccess.objects.in_force().exists()


def test_who_is_in_by_an_emergency_does_not_say_who_sees_the_child(
    cast: Cast, kit: Child, dev: User, amira: User, nora: User
) -> None:
    care = Agency.objects.get(partnership=cast.bradford, code="social-care")
    appoint(user=cast.people["gus"], agency=care, role=Role.HUB_MANAGER,
            starts_on=date(2020, 1, 1), now=NOW, by=operator())  # fmt: skip
    gus = cast.people["gus"]
    opened(kit, gus)
    fact = Restriction.objects.in_force().get(child=kit)
    with pytest.raises(NotAllowed, match="Emergency access opens"):
        lift(fact=fact, reason="I am in.", by=again(gus))
    with pytest.raises(NotAllowed, match="Emergency access opens"):
        give_grant(child=kit, to=nora, terms=for_days(9), by=again(gus))


def test_nobody_without_whole_cases_and_nobody_reviewing_may_ask(cast: Cast, kit: Child) -> None:
    for name in ("chloe", "femi", "bea", "otto", "sid", "gus"):
        with pytest.raises(NotAllowed):
            open_in_emergency(asked=by_reference(kit), by=cast.people[name])
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked(WHY, 1), "emergency.who"),
        (Asked(WHY, 1, name="Kit Marden"), "emergency.who"),
        (Asked(WHY, 1, born=date(2012, 5, 3)), "emergency.who"),
        (Asked(" ", 1, reference="C-1"), "emergency.reason"),
        (Asked(WHY, 0, reference="C-1"), "emergency.hours"),
        (Asked(WHY, 13, reference="C-1"), "emergency.hours"),
    ],
)
def test_it_names_somebody_has_a_reason_and_ends(asked: Asked, code: str, nora: User) -> None:
    with pytest.raises(RuleBroken) as broken:
        open_in_emergency(asked=asked, by=nora)
    assert broken.value.code == code
    assert not EmergencyAccess.objects.exists()


def test_a_person_asks_five_times_a_day_whatever_came_of_it(
    cast: Cast, kit: Child, nora: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    yesterday = timezone.now() - timedelta(hours=25)
    with monkeypatch.context() as patch:
        patch.setattr("referrals.emergencies.actions.write_moment", lambda _: yesterday)
        for number in range(MOST_A_DAY):
            ask(nora, reference=f"C-{number}-none")
        with pytest.raises(RuleBroken, match="5 times within a day"):
            ask(nora, reference=kit.reference)
        assert ask(ben, reference=kit.reference) == kit.pk  # each person for themselves
    assert ask(nora, reference=kit.reference) == kit.pk  # and again a day later


# --- the database's own wall ---------------------------------------------------------------------------


def test_the_database_lets_nobody_break_the_glass_in_anothers_name_or_for_longer(
    cast: Cast, kit: Child, nora: User, chloe: User, dev: User
) -> None:
    now = timezone.now()
    for actor, asker, partnership, moment, hours in (
        (nora, dev, cast.bradford, now, 4),
        (nora, nora, cast.kirklees, now, 4),
        (chloe, chloe, cast.bradford, now, 4),
        (nora, nora, cast.bradford, now + timedelta(hours=1), 4),
        (nora, nora, cast.bradford, now, 999),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), seeing_as(again(actor)):
            rows(BREAK, asker.pk, partnership.pk, WHY, hours, kit.reference, moment)
    assert not EmergencyAccess.objects.exists()
    with seeing_as(again(nora)):
        assert rows(BREAK, nora.pk, cast.bradford.pk, WHY, 4, kit.reference, now)[0][0] == kit.pk


BREAK = "SELECT child FROM referrals_break_glass(%s, %s, %s, %s, %s, NULL, NULL, %s)"


def test_what_was_noted_stays_as_it_is(cast: Cast, kit: Child, nora: User, otto: User) -> None:
    emergency = opened(kit, nora)
    for statement in (
        "UPDATE referrals_emergencyaccess SET because = 'x'",
        "DELETE FROM referrals_emergencyaccess",
        ADDED.format(cast.bradford.pk, otto.pk),
        "UPDATE referrals_emergencyalert SET emergency_id = emergency_id",
        REVIEWED.format(cast.bradford.pk, emergency.pk, nora.pk),
    ):
        for person in (nora, otto):
            with pytest.raises(DatabaseError), transaction.atomic(), seeing_as(again(person)):
                rows(statement)
    with pytest.raises(DatabaseError), transaction.atomic():  # not even the owner
        rows("UPDATE referrals_emergencyaccess SET because = 'x' RETURNING id")


ADDED = (
    "INSERT INTO referrals_emergencyaccess (partnership_id, person_id, asked_at, hours, because, outcome)"
    " VALUES ({}, {}, now(), 1, 'x', 'nothing')"
)
REVIEWED = (
    "INSERT INTO referrals_emergencyreview (partnership_id, access_id, outcome, words, reviewed_by_id,"
    " reviewed_at) VALUES ({}, {}, 'x', 'x', {}, now())"
)


# --- the mark on the trail ---------------------------------------------------------------------------


def test_everything_done_meanwhile_bears_its_number(
    cast: Cast, kit: Child, nora: User, ben: User, client_for: Any, otto: User
) -> None:
    before = client_for(nora).get("/episodes/")
    assert before.status_code == 200
    emergency = opened(kit, nora)
    client_for(nora).get(f"/children/{kit.pk}/levels/")
    client_for(ben).get("/episodes/")
    end_emergency(emergency=emergency, by=again(nora))
    client_for(nora).get("/episodes/")
    marked = AuditEvent.objects.filter(about__contains=[emergency.reference]).order_by("pk")
    assert list(marked.values_list("event", "username")) == [
        ("emergency.asked", "nora"), ("child.viewed", "nora"), ("emergency.ended", "nora"),
    ]  # fmt: skip
    found = client_for(otto).post(
        reverse("hub-trail"), {"reference": emergency.reference}, follow=True
    )
    page = found.content.decode()
    assert f"child {kit.reference} (emergency access {emergency.reference})" in page
    assert WHY in page


def test_the_application_cannot_leave_the_mark_out(kit: Child, nora: User) -> None:
    emergency = opened(kit, nora)
    with seeing_as(again(nora)):
        event = AuditEvent.objects.create(
            at=timezone.now(), verb="consultation", event="x", user_id=nora.pk, username="nora",
            role="", what="child", reference="C-1", about=[],
        )  # fmt: skip
    event.refresh_from_db()
    assert event.about == [emergency.reference]


# --- the review -----------------------------------------------------------------------------------------


def test_a_review_is_closed_once_with_words_and_never_by_who_had_it(
    cast: Cast, kit: Child, nora: User, otto: User, dev: User
) -> None:
    emergency = opened(kit, nora)
    assert [row.reference for row in waiting_for(EMERGENCIES, otto)] == [emergency.reference]
    for person in (dev, nora, cast.people["erin"]):
        with pytest.raises(NotAllowed):
            review_emergency(access=emergency, outcome="justified", words="Yes.", by=person)
    with pytest.raises(RuleBroken, match="Write what you found"):
        review_emergency(access=emergency, outcome="justified", words=" ", by=otto)
    review_emergency(access=emergency, outcome="needs_action", words="Ask her team.", by=otto)
    assert list(waiting_for(EMERGENCIES, otto)) == []
    with pytest.raises(Conflict):
        review_emergency(access=emergency, outcome="justified", words="Yes.", by=otto)
    assert EmergencyReview.objects.get().words == "Ask her team."
    event = AuditEvent.objects.get(event="emergency.reviewed")
    assert (event.reason, event.after) == ("Ask her team.", {"outcome": "needs_action"})


def test_an_auditor_who_was_a_social_worker_does_not_review_their_own(
    cast: Cast, kit: Child, nora: User
) -> None:
    emergency = opened(kit, nora)
    Post.objects.filter(user=nora).update(role=Role.AUDITOR)
    now_auditor = again(nora)
    assert list(waiting_for(EMERGENCIES, now_auditor)) == []
    with pytest.raises(NotAllowed, match="reviewed by somebody else"):
        review_emergency(access=emergency, outcome="justified", words="Yes.", by=now_auditor)
    with pytest.raises(DatabaseError), transaction.atomic(), seeing_as(now_auditor):
        EmergencyReview.objects.create(
            access=emergency, partnership=cast.bradford, outcome="justified", words="Yes.",
            reviewed_by=now_auditor, reviewed_at=timezone.now(),
        )  # fmt: skip


def test_a_review_is_due_in_three_working_days_and_late_after() -> None:
    thursday = datetime(2026, 4, 2, 12, tzinfo=UTC)  # before Good Friday
    emergency = EmergencyAccess(asked_at=thursday)
    assert emergency.review_due_on == date(2026, 4, 9)
    assert not emergency.overdue(datetime(2026, 4, 9, 22, 59, tzinfo=UTC))
    assert emergency.overdue(datetime(2026, 4, 9, 23, 1, tzinfo=UTC))


def test_who_reviews_sees_no_case_and_who_opens_reviews_none() -> None:
    for role, entry in ROLES.items():
        both = {Permission.EMERGENCY_OPEN, Permission.EMERGENCY_REVIEW} <= entry.permissions
        assert not both, role
        if Permission.EMERGENCY_REVIEW in entry.permissions and role != Role.OPERATOR:
            assert Permission.CASES_VIEW not in entry.permissions
