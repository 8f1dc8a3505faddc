"""Which version of a fact took the place of which, whatever was corrected, moved or withdrawn."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from risk.casefile.rules import Version, heirs, last_of

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
MARCH, APRIL = ("2026-03-01", 1), ("2026-04-01", 1)


def hour(number: int) -> datetime:
    return BEGAN + timedelta(hours=number)


def test_a_correction_is_the_heir_of_what_it_corrects() -> None:
    old, new = Version(1, MARCH, hour(0), hour(1)), Version(2, MARCH, hour(1), corrects=True)
    assert heirs([new, old]) == {1: 2}


def test_a_correction_of_the_key_itself_is_an_heir_too() -> None:
    old, new = Version(1, MARCH, hour(0), hour(1)), Version(2, APRIL, hour(1), corrects=True)
    assert heirs([old, new]) == {1: 2}


def test_what_was_withdrawn_has_no_heir_though_something_new_came_at_that_moment() -> None:
    assert heirs([Version(1, MARCH, hour(0), hour(1)), Version(2, APRIL, hour(1))]) == {}


def test_of_an_import_each_key_has_its_own_heir_and_nothing_inherits_itself() -> None:
    rows = [
        Version(1, MARCH, hour(0), hour(1)),
        Version(2, APRIL, hour(0), hour(1)),
        Version(3, APRIL, hour(1), hour(1)),
        Version(4, MARCH, hour(1), hour(1)),
        Version(5, MARCH, hour(1)),
    ]
    assert heirs(rows) == {1: 4, 2: 3, 4: 5}
    assert last_of(1, heirs(rows)) == 5


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["correct", "move", "withdraw"]))))
def test_any_history_of_corrections_is_told_apart(deeds: list[tuple[int, str]]) -> None:
    rows = {number: Version(number, (number, 1), hour(0)) for number in range(5)}
    line = {number: number for number in rows}  # the fact of each version
    standing = {number: number for number in rows}
    for at, (fact, deed) in enumerate(deeds, 1):
        if fact not in standing:
            continue
        old = rows[standing.pop(fact)]
        rows[old.number] = Version(old.number, old.key, old.known_from, hour(at), old.corrects)
        if deed != "withdraw":
            number = len(rows)
            key = old.key if deed == "correct" else (number, 1)
            rows[number] = Version(number, key, hour(at), corrects=True)
            line[number], standing[fact] = fact, number
    heir = heirs(rows.values())
    for number, fact in line.items():
        last = last_of(number, heir)
        assert line[last] == fact
        assert (rows[last].superseded_at is None) == (fact in standing)
        assert fact not in standing or last == standing[fact]
