"""The trail: it stands or falls with the deed, says in what standing it was done, and is never changed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Verb
from tests.cast import Cast

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def note(by: User, **more: Any) -> AuditEvent:
    return record(
        event="level.set", verb=Verb.COLLECTION, what="episode", reference="E-1", at=AT, by=by, **more
    )  # fmt: skip


def test_an_event_says_who_in_what_standing_did_what_when_and_why(cast: Cast, amira: User) -> None:
    note(amira, before={"level": "LOW"}, after={"level": "HIGH"}, reason="Agreed at the meeting.")
    event = AuditEvent.objects.latest("pk")
    assert (event.username, event.role, event.user_id) == ("amira", "social_worker", amira.pk)
    assert event.partnership_id == cast.bradford.pk
    assert event.agency_id == cast.bradford.agencies.get(code="social-care").pk
    assert (event.at, event.what, event.reference) == (AT, "episode", "E-1")
    assert (event.before, event.after) == ({"level": "LOW"}, {"level": "HIGH"})
    assert event.reason == "Agreed at the meeting."


def test_an_event_of_the_partnership_it_is_about_bears_that_partnership(
    cast: Cast, gus: User
) -> None:
    assert note(gus, partnership_id=cast.kirklees.pk).partnership_id == cast.kirklees.pk
    assert note(gus).partnership_id is None
    assert note(gus).role == ""


def test_an_event_falls_with_its_transaction(amira: User) -> None:
    before = AuditEvent.objects.count()
    with transaction.atomic():
        note(amira)
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == before


def test_a_deed_that_cannot_be_recorded_does_not_happen(amira: User) -> None:
    def rename() -> None:
        with transaction.atomic():
            User.objects.filter(pk=amira.pk).update(name="Someone Else")
            note(amira, reason=None)

    with pytest.raises(IntegrityError):
        rename()
    assert User.objects.get(pk=amira.pk).name == amira.name


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE hub_auditevent SET reason = 'x'",
        "UPDATE hub_auditevent SET at = at",
        "UPDATE hub_auditevent SET before = NULL, after = NULL, reason = '', username = 'x'",
        "DELETE FROM hub_auditevent",
    ],
)
def test_the_trail_is_neither_changed_nor_shortened(statement: str, amira: User) -> None:
    note(amira)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="append-only"):
        cursor.execute(statement)


def test_the_trail_is_not_emptied(amira: User) -> None:
    note(amira)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="append-only"):
        cursor.execute("TRUNCATE hub_auditevent")


def test_every_part_of_the_trail_refuses_to_be_emptied(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM pg_trigger"
            " WHERE tgrelid = relid AND tgname = 'keep_whole')) FROM pg_partition_tree('hub_auditevent')"
        )
        parts, kept = cursor.fetchone()
    assert parts == kept >= 5  # the whole, the part for the rest, this month and the next three


def test_the_database_says_itself_when_and_in_which_transaction(amira: User) -> None:
    event = note(amira, reason="Agreed.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert event.transaction == cursor.fetchone()[0]
    forged = AuditEvent.objects.create(
        at=AT, verb=Verb.ERASURE, event="x", username="amira", role="", what="x", reference="x",
        transaction=1, written_at=AT, content_digest=b"forged",
    )  # fmt: skip
    forged.refresh_from_db()
    assert forged.transaction == event.transaction
    assert forged.written_at > AT
    assert len(bytes(forged.content_digest)) == 32


def test_an_event_names_all_it_tells_of(amira: User) -> None:
    assert note(amira, about=["C-1", "E-1"]).about == ["E-1", "C-1"]
    listed = note(amira, after={"episodes": ["E-2", "E-1"], "children": 3})
    assert listed.about == ["E-1", "E-2"]


def test_lookups_touch_only_the_months_asked_for(otto: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hub_make_trail_months('hub_auditevent', '2031-01-01', '2031-06-01')")
    march = AuditEvent.objects.visible_to(otto).filter(
        at__gte=datetime(2031, 3, 1, tzinfo=UTC), at__lt=datetime(2031, 4, 1, tzinfo=UTC)
    )
    plan = march.order_by("-at").explain()
    assert "hub_auditevent_2031_03" in plan
    assert "2031_02" not in plan
    assert "2031_04" not in plan


def test_making_the_same_months_again_makes_none(db: None) -> None:
    with connection.cursor() as cursor:
        statement = "SELECT hub_make_trail_months('hub_auditevent', '2031-01-01', '2031-03-01')"
        cursor.execute(statement)
        assert cursor.fetchone() == (3,)
        cursor.execute(statement)
        assert cursor.fetchone() == (0,)


def test_a_month_whose_events_lie_elsewhere_is_left_there(amira: User) -> None:
    note(amira)  # of March 2026, which has no part of its own
    with connection.cursor() as cursor:
        cursor.execute("SELECT hub_make_trail_months('hub_auditevent', '2026-03-01', '2026-04-01')")
        assert cursor.fetchone() == (1,)


def test_an_event_s_content_can_be_blanked_and_nothing_else(amira: User) -> None:
    event = note(amira, before={"level": "LOW"}, reason="Agreed.")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE hub_auditevent SET before = NULL, after = NULL, reason = ''")
    event.refresh_from_db()
    assert (event.before, event.reason, len(bytes(event.content_digest))) == (None, "", 32)


def test_an_event_outlives_what_it_tells_of(amira: User) -> None:
    assert [field.name for field in AuditEvent._meta.fields if field.is_relation] == []


def test_the_verbs_are_the_six_of_the_law() -> None:
    assert set(Verb.values) == {
        "collection", "alteration", "consultation", "disclosure", "combination", "erasure",
    }  # fmt: skip


def test_an_event_is_shown_in_one_line(amira: User) -> None:
    assert str(note(amira)) == "2026-03-02 09:30 level.set episode E-1"
