"""The sealed trail: nothing late is missed, nothing sealed changes unseen, and nobody waits for a seal."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Change, Verb
from hub.errors import NotAllowed, RuleBroken
from hub.seals.actions import erase_content, export_heads, make_months, seal
from hub.seals.models import Seal
from hub.seals.queries import broken_links
from hub.seals.rules import signing_key
from hub.seals.tasks import make_trail_months, seal_trail
from tests.tamper import KINDS, Tampering, as_was, reseal

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def note(number: int, by: User, **more: Any) -> AuditEvent:
    return record(
        event="child.viewed", verb=Verb.CONSULTATION, what="child", reference=f"C-{number}",
        at=AT + timedelta(minutes=number), by=by, after={"page": "summary"}, **more,
    )  # fmt: skip


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors" / "heads.jsonl"


@pytest.fixture
def sealed(anchors: Path) -> User:
    """Thirty events and some changes in six seals, their heads exported."""
    by = operator()
    for batch in range(6):
        open_account(
            username=f"person{batch}", name="Ash Lowe", password="lantern-kestrel-42", now=AT, by=by
        )
        for number in range(5):
            note(batch * 5 + number, by)
        seal(now=AT + timedelta(minutes=batch), by=by)
    export_heads(to=anchors, by=by)
    return by


def why(anchors: Path) -> list[str]:
    return [f"{broken.number}: {broken.why}" for broken in broken_links(anchors)]


def test_a_chain_that_nobody_touched_is_whole(sealed: User, anchors: Path) -> None:
    assert why(anchors) == []
    assert sum(one.events for one in Seal.objects.all()) == AuditEvent.objects.count()
    assert len(anchors.read_text().splitlines()) == Seal.objects.count() == 6


def test_nothing_new_needs_no_seal(sealed: User) -> None:
    assert seal(now=AT, by=sealed) is None


def test_only_who_reads_the_trail_seals_it(sealed: User) -> None:
    with pytest.raises(NotAllowed):
        seal(now=AT, by=User.objects.get(username="person1"))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_tampering_of_every_kind_is_found(kind: str, sealed: User, anchors: Path) -> None:
    for seed in range(3):
        with as_was(), connection.cursor() as cursor:
            told = KINDS[kind](Tampering(cursor, Random(seed)))
            assert why(anchors), f"{kind} {seed}: {told}"
        assert why(anchors) == []


def test_a_new_chain_signed_with_the_hub_s_own_key_differs_from_the_anchors(
    sealed: User, anchors: Path, settings: Any
) -> None:
    with as_was():
        AuditEvent.objects.filter(reference="C-12").update(username="nobody")
        reseal(signing_key(settings.TRAIL_KEY, settings.SECRET_KEY))
        assert why(anchors)[0] == "3: it is not the seal that was exported"
        assert why(anchors.with_name("none")) == []  # without them it would pass


def test_the_command_names_the_first_broken_link_and_ends_with_1(
    sealed: User, anchors: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_audit", anchors=anchors)
    assert "Whole: 6 seals." in capsys.readouterr().out
    with as_was(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE hub_auditevent SET username = 'nobody' WHERE reference IN ('C-12', 'C-27')"
        )
        with pytest.raises(SystemExit) as ended:
            call_command("verify_audit", anchors=anchors)
        assert ended.value.code == 1
        assert capsys.readouterr().out == "BROKEN at seal 3: an event or a change was altered.\n"
        with pytest.raises(SystemExit):
            call_command("verify_audit", "--all", anchors=anchors)
        assert "BROKEN at seal 6" in capsys.readouterr().out


def test_without_anchors_it_says_what_cannot_be_found(
    sealed: User, anchors: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_audit", anchors=anchors.with_name("none"))
    assert "a tail that was cut off is not found" in capsys.readouterr().out
    assert "6 heads added" in exported(anchors.with_name("again"), capsys)
    assert "0 heads added" in exported(anchors.with_name("again"), capsys)


def exported(to: Path, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("export_anchors", to=to)
    return capsys.readouterr().out


@pytest.mark.race
def test_a_transaction_that_commits_late_is_sealed_later_and_not_missed(db: None) -> None:
    by = operator()
    begun, go_on = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            note(1, by)
            begun.set()
            go_on.wait(10)
        connection.close()

    writer = threading.Thread(target=late)
    writer.start()
    begun.wait(10)
    note(2, by)  # begun later, finished sooner
    first = seal(now=AT, by=by)
    assert first is not None
    assert first.events == 1
    assert first.running != []
    go_on.set()
    writer.join()
    second = seal(now=AT, by=by)
    assert second is not None
    assert second.events == 1
    assert list(broken_links(Path("none"))) == []


@pytest.mark.race
def test_sealing_twice_at_once_seals_once(db: None) -> None:
    by = operator()
    note(1, by)
    both = threading.Barrier(2)
    made: list[Seal | None] = []

    def sealing() -> None:
        with transaction.atomic():
            both.wait(10)
            made.append(seal(now=AT, by=by))
            both.wait(10)
        connection.close()

    run_both(sealing)
    assert len([one for one in made if one]) == Seal.objects.count() == 1


def run_both(work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_erased_content_leaves_the_chain_whole_and_an_event_that_says_so(
    sealed: User, anchors: Path
) -> None:
    event = AuditEvent.objects.get(reference="C-12")
    change = Change.objects.earliest("pk").pk
    erase_content(events=[event.pk], changes=[change], reason="Court order.", now=AT, by=sealed)
    event.refresh_from_db()
    assert event.after is None
    assert why(anchors) == []
    told = AuditEvent.objects.get(event="trail.erased")
    assert (told.reason, told.verb) == ("Court order.", "erasure")
    assert f"event {event.pk}" in told.about


def test_content_that_was_blanked_without_saying_so_is_found(sealed: User, anchors: Path) -> None:
    AuditEvent.objects.filter(reference="C-12").update(before=None, after=None, reason="")
    assert why(anchors) == ["3: the content of an event or a change was altered"]


def test_content_is_erased_with_a_reason_and_from_the_command_line_alone(sealed: User) -> None:
    with pytest.raises(RuleBroken):
        erase_content(events=[1], changes=[], reason=" ", now=AT, by=sealed)
    with pytest.raises(RuleBroken, match="There is no event 999999999"):
        erase_content(events=[999_999_999], changes=[], reason="x", now=AT, by=sealed)
    person = User.objects.get(username="person1")
    with pytest.raises(NotAllowed):
        erase_content(events=[1], changes=[], reason="x", now=AT, by=person)


def test_a_database_whose_counter_was_set_back_is_not_sealed(sealed: User) -> None:
    last = Seal.objects.last()
    assert last is not None
    Seal.objects.create(**{**vars_of(last), "number": 7, "reach": last.reach + 1_000_000})
    with pytest.raises(RuleBroken, match="counted anew"):
        seal(now=AT, by=sealed)


def vars_of(one: Seal) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in Seal._meta.fields}


def test_the_timer_seals_and_exports_and_makes_the_months(
    db: None, anchors: Path, settings: Any
) -> None:
    settings.ANCHORS = anchors
    note(1, operator())
    seal_trail()
    assert len(anchors.read_text().splitlines()) == 1
    make_trail_months()
    today = AT.date()
    assert make_months(today=today, up_to=today, by=operator()) in (0, 1, 2)


def test_a_seal_is_shown_in_one_line(sealed: User) -> None:
    assert str(Seal.objects.last()) == "6 2026-11-02 09:35:00"
