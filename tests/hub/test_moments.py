"""The moment of a write and the stillness of a report, on two connections at once."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from threading import Event
from typing import TypeVar

import pytest
from django.db import connection, connections, transaction

from hub.facts.moments import LOCK_SPACE, hold_still, write_moment
from risk.levels.models import RiskLevel
from tests.cast import Cast
from tests.make import set_level

pytestmark = [
    pytest.mark.race,
    pytest.mark.timeout(60),
    pytest.mark.django_db(transaction=True),
]
T = TypeVar("T")
WAIT = 20
BRADFORD, KIRKLEES = 1, 2


def apart(deed: Callable[[], T]) -> "Future[T]":
    """Do it in a thread, which has a connection of its own."""
    pool = ThreadPoolExecutor(max_workers=1)

    def work() -> T:
        try:
            return deed()
        finally:
            connections.close_all()

    future = pool.submit(work)
    pool.shutdown(wait=False)
    return future


def waiting() -> int:
    """How many sessions wait for a lock of a partnership."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK_SPACE],
        )
        number: int = cursor.fetchone()[0]
    return number


def until_somebody_waits() -> None:
    pause = Event()
    for _ in range(WAIT * 50):
        if waiting():
            return
        pause.wait(0.02)
    raise AssertionError("nobody waited")


def still(*partnerships: int) -> datetime:
    with transaction.atomic():
        return hold_still(partnerships)


def moment_of(partnership: int) -> datetime:
    with transaction.atomic():
        return write_moment(partnership)


def test_a_report_waits_for_a_writer_and_sees_its_fact(cast: Cast) -> None:
    written, finish = Event(), Event()

    def write() -> datetime:
        with transaction.atomic():
            moment = write_moment(cast.bradford.pk)
            set_level(
                episode=cast.shared, level="HIGH", set_on=date(2026, 3, 2),
                by=cast.people["amira"], known_from=moment,
            )  # fmt: skip
            written.set()
            assert finish.wait(WAIT)
        return moment

    def report() -> tuple[datetime, list[str]]:
        with transaction.atomic():
            moment = hold_still([cast.bradford.pk])
            return moment, [fact.level for fact in RiskLevel.objects.known(moment)]

    writer = apart(write)
    assert written.wait(WAIT)
    reader = apart(report)
    until_somebody_waits()
    assert not reader.done()
    finish.set()
    seen_at, levels = reader.result(WAIT)
    assert levels == ["HIGH"]
    assert seen_at > writer.result(WAIT)


def test_no_fact_appears_later_with_an_earlier_moment_than_a_report_that_was_made() -> None:
    with transaction.atomic():
        reported = hold_still([BRADFORD])
        writer = apart(lambda: moment_of(BRADFORD))
        until_somebody_waits()
        assert not writer.done()
    assert writer.result(WAIT) > reported


def test_two_writers_of_a_partnership_follow_each_other() -> None:
    with transaction.atomic():
        first = write_moment(BRADFORD)
        second = apart(lambda: moment_of(BRADFORD))
        until_somebody_waits()
        assert not second.done()
    assert second.result(WAIT) > first


def test_a_writer_of_another_partnership_does_not_wait() -> None:
    with transaction.atomic():
        write_moment(BRADFORD)
        assert isinstance(apart(lambda: moment_of(KIRKLEES)).result(WAIT), datetime)


def test_two_reports_do_not_wait_for_each_other() -> None:
    with transaction.atomic():
        hold_still([BRADFORD, KIRKLEES])
        assert isinstance(apart(lambda: still(KIRKLEES, BRADFORD)).result(WAIT), datetime)


def test_a_writer_that_fails_lets_the_next_one_in() -> None:
    def fail() -> None:
        with transaction.atomic():
            write_moment(BRADFORD)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert isinstance(apart(lambda: moment_of(BRADFORD)).result(WAIT), datetime)


def test_moments_are_aware_and_run_forward() -> None:
    moments = [moment_of(BRADFORD) for _ in range(3)]
    assert moments == sorted(set(moments))
    assert all(moment.utcoffset() is not None for moment in moments)
