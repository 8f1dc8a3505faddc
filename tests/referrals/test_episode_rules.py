"""What is asked of a referral, a closing and an allocation: each fault beside its field."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from hub.codes.rules import code_list
from hub.errors import RuleBroken
from referrals.episodes.rules import (
    Closing,
    Course,
    Referral,
    Worker,
    check_closing,
    check_end,
    check_holding,
    check_referral,
    known_by_name,
    next_reference,
)

BORN, REFERRED, TODAY = date(2011, 5, 3), date(2026, 3, 2), date(2026, 3, 20)
REFERRAL = Referral(REFERRED, "6", "Police", ("CSE",))
COURSE = Course(BORN)
CLOSING = Closing(date(2026, 3, 10), "RISK_REDUCED")


def fault_of(deed: Callable[[], None]) -> tuple[str, str]:
    with pytest.raises(RuleBroken) as found:
        deed()
    return found.value.code, found.value.field


def test_a_whole_referral_stands() -> None:
    check_referral(REFERRAL, COURSE, TODAY)
    check_referral(REFERRAL, replace(COURSE, born=REFERRED, first_level_on=REFERRED), REFERRED)


@pytest.mark.parametrize(
    ("referral", "course", "fault"),
    [
        (replace(REFERRAL, source="99"), COURSE, ("episode.source", "referral_source")),
        (replace(REFERRAL, source=""), COURSE, ("episode.source", "referral_source")),
        (replace(REFERRAL, types=()), COURSE, ("episode.types", "exploitation_types")),
        (
            replace(REFERRAL, referred_on=date(2026, 3, 21)),
            COURSE,
            ("day.ahead", "referred_on"),
        ),
        (
            replace(REFERRAL, referred_on=date(2011, 5, 2)),
            COURSE,
            ("episode.before_birth", "referred_on"),
        ),
        (
            REFERRAL,
            replace(COURSE, closed_on=date(2026, 3, 1)),
            ("episode.after_closing", "referred_on"),
        ),
        (
            REFERRAL,
            replace(COURSE, first_level_on=date(2026, 3, 1)),
            ("episode.after_level", "referred_on"),
        ),
    ],
)
def test_a_referral_that_cannot_be_names_its_field(
    referral: Referral, course: Course, fault: tuple[str, str]
) -> None:
    assert fault_of(lambda: check_referral(referral, course, TODAY)) == fault


def test_an_episode_may_close_on_the_day_of_its_referral_or_of_its_last_level() -> None:
    check_closing(CLOSING, CLOSING.closed_on, COURSE, TODAY)
    check_closing(CLOSING, REFERRED, replace(COURSE, last_level_on=CLOSING.closed_on), TODAY)
    check_closing(CLOSING, REFERRED, COURSE, CLOSING.closed_on)


@pytest.mark.parametrize(
    ("closing", "last_level_on", "fault"),
    [
        (replace(CLOSING, reason="BORED"), date.min, ("episode.closure_reason", "closure_reason")),
        (replace(CLOSING, closed_on=date(2026, 3, 21)), date.min, ("day.ahead", "closed_on")),
        (
            replace(CLOSING, closed_on=date(2026, 3, 1)),
            date.min,
            ("episode.closed_early", "closed_on"),
        ),
        (CLOSING, date(2026, 3, 11), ("episode.closed_before_level", "closed_on")),
    ],
)
def test_a_closing_that_cannot_be_names_its_field(
    closing: Closing, last_level_on: date, fault: tuple[str, str]
) -> None:
    course = replace(COURSE, last_level_on=last_level_on)
    assert fault_of(lambda: check_closing(closing, REFERRED, course, TODAY)) == fault


@pytest.mark.parametrize(
    ("from_date", "code"),
    [
        (date(2026, 3, 21), "day.ahead"),
        (date(2026, 3, 1), "allocation.early"),
        (date(2026, 3, 4), "allocation.before_former"),
    ],
)
def test_nobody_takes_over_before_the_referral_before_the_former_or_ahead(
    from_date: date, code: str
) -> None:
    former = [date(2026, 3, 3), date(2026, 3, 5)]
    check_holding(date(2026, 3, 5), REFERRED, former, TODAY)
    assert fault_of(lambda: check_holding(from_date, REFERRED, former, TODAY)) == (
        code,
        "from_date",
    )


@pytest.mark.parametrize(
    ("to_date", "code"),
    [(date(2026, 3, 21), "day.ahead"), (date(2026, 3, 4), "allocation.ends_early")],
)
def test_a_time_with_an_episode_ends_between_its_first_day_and_today(
    to_date: date, code: str
) -> None:
    first = date(2026, 3, 5)
    check_end(first, first, TODAY)
    check_end(TODAY, first, TODAY)
    assert fault_of(lambda: check_end(to_date, first, TODAY)) == (code, "to_date")


def test_a_worker_of_whom_only_the_name_is_known_is_known_by_it() -> None:
    assert known_by_name("  Ravi   Nair ", "police") == Worker("Ravi Nair", "Ravi Nair", "police")
    assert len(known_by_name("x" * 120).code) == 80


@pytest.mark.parametrize(
    ("last", "following"),
    [(0, "HE-00001"), (9, "HE-00010"), (99_999, "HE-100000")],
)
def test_references_go_on_where_they_stopped(last: int, following: str) -> None:
    assert next_reference(last) == following


def test_the_kinds_of_exploitation_are_written_as_an_extract_writes_them() -> None:
    assert list(code_list("exploitation_types"))[:2] == ["CSE", "CCE"]
    assert all(code.replace("_", "").isalpha() for code in code_list("exploitation_types"))
    assert all(code == code.upper() for code in code_list("exploitation_types"))
