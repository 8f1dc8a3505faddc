"""What may be decided where, as tables walked whole; when meetings are; what the room sees."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.days.rules import is_working_day
from hub.errors import RuleBroken
from risk.meetings.rules.calendar import Every, Rhythm, is_on, next_on
from risk.meetings.rules.effects import (
    CLOSE,
    NEEDED,
    NOT_DECIDED,
    UNCONFIRMED,
    WHY_CONFIRMED,
    Confirmer,
    Effect,
    Ground,
    check_confirmed,
    check_given,
    confirmers,
    effect_of,
    needed,
    rises,
)
from risk.meetings.rules.quorum import QUORUM, absent
from risk.meetings.rules.room import (
    Marked,
    Present,
    case_fits,
    child_fits,
    fit_for_the_room,
    may_see,
)

A, C, P = Effect.AT_ONCE, Effect.CLOSES, Effect.PROPOSED
# The level in force (None: not set), the highest ever, and what No risk, Low, Medium and High bring about.
SQUARE: dict[tuple[int | None, int | None], tuple[Effect, ...]] = {
    (None, None): (C, A, A, A),
    (0, 0): (C, A, A, A),
    (0, 1): (A, A, A, A),
    (1, 1): (P, A, A, A),
    (1, 3): (P, A, A, A),
    (2, 2): (P, P, A, A),
    (3, 3): (P, P, P, A),
    (None, 2): (A, A, A, A),
}


@pytest.mark.parametrize("ground", SQUARE)
def test_what_may_be_decided_where_the_whole_square(ground: tuple[int | None, int | None]) -> None:
    found = [effect_of("x", rank, Ground(*ground)) for rank in range(4)]
    assert tuple(found) == SQUARE[ground]
    assert effect_of(CLOSE, None, Ground(*ground)) is P
    assert effect_of(CLOSE, 3, Ground(*ground)) is P
    assert effect_of("x", None, Ground(*ground)) is P
    assert effect_of(NOT_DECIDED, None, Ground(*ground)) is Effect.NONE


@pytest.mark.parametrize("now", [None, 0, 1, 2, 3])
def test_a_rise_is_above_what_is_in_force(now: int | None) -> None:
    found = [rises(rank, Ground(now)) for rank in range(4)]
    assert found == [now is not None and rank > now for rank in range(4)]
    assert not rises(None, Ground(now))


@pytest.mark.parametrize(
    ("young", "disabled", "outstanding", "quorate"),
    list(product([False, True], [False, True], [0, 2], [True, False])),
)
def test_who_must_confirm_the_whole_square(
    young: bool, disabled: bool, outstanding: int, quorate: bool
) -> None:
    ground = Ground(None, None, outstanding, quorate, young, disabled)
    thin = bool(outstanding) or not quorate
    for rank in range(4):
        asked = set()
        if rank == 0 and thin:
            asked.add(Confirmer.CHAIR)
        if rank <= 1 and (young or disabled):
            asked.add(Confirmer.MANAGER)
        assert confirmers(rank, effect_of("x", rank, ground), ground) == asked
    assert confirmers(None, P, ground) == set()


def test_a_proposed_fall_is_not_the_chairs_to_confirm() -> None:
    ground = Ground(2, 2, outstanding=3, quorate=False)
    assert confirmers(0, effect_of("x", 0, ground), ground) == set()


@pytest.mark.parametrize(
    ("outcome", "rank", "effect", "asked"),
    [
        ("x", 0, C, ("rationale", "other_risks")),
        ("x", 0, A, ("rationale",)),
        ("x", 0, P, ("rationale", "exit_plan")),
        ("x", 1, A, ("rationale",)),
        ("x", 2, A, ("rationale", "contingency")),
        ("x", 2, P, ("rationale", "exit_plan")),
        ("x", 3, A, ("rationale", "contingency")),
        (CLOSE, None, P, ("rationale", "exit_plan", "closure_reason")),
        (NOT_DECIDED, None, Effect.NONE, ("rationale", "missing_from", "missing_by")),
    ],
)
def test_what_each_outcome_needs(
    outcome: str, rank: int | None, effect: Effect, asked: tuple[str, ...]
) -> None:
    assert needed(outcome, rank, effect) == asked


@pytest.mark.parametrize("missing", list(NEEDED))
def test_what_is_needed_and_not_given_is_named_by_its_field(missing: str) -> None:
    given: dict[str, object] = dict.fromkeys(NEEDED, "Said.")
    check_given(NEEDED, given)
    with pytest.raises(RuleBroken) as broken:
        check_given(NEEDED, given | {missing: ""})
    assert told(broken.value) == (f"decision.{missing}", NEEDED[missing], missing)


def test_a_confirmation_is_by_each_who_must_and_has_its_reason() -> None:
    both = frozenset(Confirmer)
    check_confirmed(frozenset(), frozenset(), "")
    check_confirmed(both, both, "Why.")
    for absent_one in Confirmer:
        with pytest.raises(RuleBroken) as broken:
            check_confirmed(both, both - {absent_one}, "Why.")
        found = (f"decision.{absent_one.value}", UNCONFIRMED[absent_one], "confirmed")
        assert told(broken.value) == found
    with pytest.raises(RuleBroken) as broken:
        check_confirmed(both, both, " ")
    assert told(broken.value) == ("decision.confirmed", WHY_CONFIRMED, "confirmed")


def told(broken: RuleBroken) -> tuple[str, str, str]:
    """The code of what was broken, its message, and the field beside which it stands."""
    return broken.code, str(broken), broken.field


# --- when --------------------------------------------------------------------------------------

SINCE = date(2026, 1, 5)
WEEKDAYS = st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True).map(tuple)


def test_the_daily_meeting_rests_at_weekends_and_on_bank_holidays() -> None:
    daily = Rhythm(Every.WEEK, (0, 1, 2, 3, 4), SINCE)
    assert next_on(daily, date(2026, 12, 24)) == date(2026, 12, 24)
    assert next_on(daily, date(2026, 12, 25)) == date(2026, 12, 29)
    assert next_on(daily, date(2025, 12, 1)) == SINCE


def test_a_meeting_every_six_weeks_counts_from_its_first_week() -> None:
    six = Rhythm(Every.WEEK, (2,), SINCE, weeks=6)
    assert next_on(six, SINCE) == date(2026, 1, 7)
    assert next_on(six, date(2026, 1, 8)) == date(2026, 2, 18)


def test_a_meeting_that_begins_in_mid_week_counts_from_the_monday_before() -> None:
    fortnightly = Rhythm(Every.WEEK, (0,), date(2026, 1, 8), weeks=2)
    assert next_on(fortnightly, date(2026, 1, 8)) == date(2026, 1, 19)


def test_a_monthly_meeting_may_be_on_the_first_of_the_month() -> None:
    assert next_on(Rhythm(Every.MONTH, (0,), SINCE), date(2026, 6, 1)) == date(2026, 6, 1)


def test_a_meeting_on_days_of_rest_alone_has_no_next_day() -> None:
    assert next_on(Rhythm(Every.WEEK, (5, 6), SINCE), SINCE) is None


def test_a_monthly_meeting_on_a_bank_holiday_moves_to_the_next_working_day() -> None:
    monthly = Rhythm(Every.MONTH, (0,), SINCE)
    assert next_on(monthly, date(2026, 5, 1)) == date(2026, 5, 5)
    assert not is_on(monthly, date(2026, 5, 11))


@given(WEEKDAYS, st.integers(1, 6), st.dates(SINCE, date(2027, 6, 1)))
def test_the_next_meeting_is_the_first_one_on_or_after_the_day(
    weekdays: tuple[int, ...], weeks: int, day: date
) -> None:
    rhythm = Rhythm(Every.WEEK, weekdays, SINCE, weeks)
    found = next_on(rhythm, day)
    assert found is not None
    assert found >= day
    assert is_working_day(found)
    assert is_on(rhythm, found)


# --- who is there ------------------------------------------------------------------------------


def test_the_quorum_says_which_kinds_of_agency_are_absent() -> None:
    assert absent(QUORUM, set(QUORUM)) == []
    assert absent(QUORUM, {"police", "charity"}) == ["social_care", "health"]
    assert absent((), set()) == []


AGENCIES = st.integers(1, 4)
NUMBERS = st.frozensets(st.integers(1, 3))
PRESENT = st.builds(Present, AGENCIES, st.booleans(), NUMBERS, NUMBERS)
MARKED = st.builds(
    Marked,
    st.none() | AGENCIES,
    st.sampled_from(["hub", "everybody", "named", "own"]),
    st.frozensets(AGENCIES),
)


@pytest.mark.parametrize(
    ("sees_all", "granted", "restricted", "knows"),
    [
        (True, False, False, True),
        (True, True, False, True),
        (False, True, False, True),
        (False, False, False, False),
        (True, True, True, False),
        (True, False, True, False),
        (False, True, True, False),
    ],
)
def test_an_agency_knows_of_a_child_that_is_granted_and_of_no_restricted_one(
    sees_all: bool, granted: bool, restricted: bool, knows: bool
) -> None:
    shown, hidden = frozenset({7} if granted else {8}), frozenset({7} if restricted else {8})
    assert Present(1, sees_all, shown, hidden).sees_child(7) is knows


@given(st.integers(1, 3), MARKED, st.lists(PRESENT, max_size=4))
def test_the_room_sees_nothing_that_one_agency_present_may_not_see(
    child: int, marked: Marked, present: list[Present]
) -> None:
    fits = fit_for_the_room(child, marked, present)
    each = [p.sees_child(child) and may_see(p, marked) for p in present]
    assert fits == (bool(each) and all(each))
    if fits or case_fits(child, present):
        assert child_fits(child, present)
    if case_fits(child, present):
        assert all(p.sees_all for p in present)


@given(st.integers(1, 3), MARKED, st.lists(PRESENT, min_size=1, max_size=3), PRESENT)
def test_whoever_joins_takes_lines_away_and_brings_none(
    child: int, marked: Marked, present: list[Present], late: Present
) -> None:
    if fit_for_the_room(child, marked, [*present, late]):
        assert fit_for_the_room(child, marked, present)


@pytest.mark.parametrize(
    ("seen_by", "named", "own", "sees_all", "may"),
    [
        ("everybody", (), False, False, False),
        ("everybody", (), False, True, True),
        ("hub", (), False, False, False),
        ("hub", (), False, True, True),
        ("named", (1,), False, False, False),
        ("named", (1,), False, True, True),
        ("named", (2,), False, True, False),
        ("own", (), False, True, False),
        ("own", (), True, False, True),
        ("own", (), True, True, True),
    ],
)
def test_a_marking_decides_what_an_agency_sees(
    seen_by: str, named: tuple[int, ...], own: bool, sees_all: bool, may: bool
) -> None:
    marked = Marked(1 if own else 9, seen_by, named)
    assert may_see(Present(1, sees_all, frozenset({1})), marked) is may
