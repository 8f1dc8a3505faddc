"""Which entries of a tool can stand, and which version a level can rest on."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from hub.errors import RuleBroken
from risk.tools.rules import (
    FARTHEST,
    NO_VERSION,
    NO_WHY,
    Entry,
    Spell,
    check_ending,
    check_entry,
    check_rests_on,
    fits,
    in_words,
    spells_of,
)

FIRST, SECOND, TODAY = date(2014, 5, 1), date(2016, 4, 1), date(2026, 3, 2)
ONE, TWO = Entry("1", FIRST), Entry("2", SECOND)
GONE = Entry("", date(2020, 1, 1), "Another took its place.")
OLD, LATEST = spells_of([TWO, ONE])
DAY = timedelta(days=1)
IN_FORCE = "Use the version in force on the level's day."
CHOOSE = "Choose the version that was in use, or leave it empty."


def fault(entry: Entry, *standing: Entry) -> tuple[str, str, str] | None:
    try:
        check_entry(entry, standing=standing, today=TODAY)
    except RuleBroken as broken:
        return broken.code, broken.field, str(broken)
    return None


def ending(entry: Entry, *standing: Entry) -> tuple[str, str, str] | None:
    try:
        check_ending(entry, standing=standing)
    except RuleBroken as broken:
        return broken.code, broken.field, str(broken)
    return None


def resting(spell: Spell, on: date) -> tuple[str, str, str] | None:
    try:
        check_rests_on(spell, on)
    except RuleBroken as broken:
        return broken.code, broken.field, str(broken)
    return None


def test_each_version_holds_until_the_next_and_knows_what_took_its_place() -> None:
    assert spells_of([GONE, TWO, ONE]) == [
        Spell("1", FIRST, SECOND, "2"),
        Spell("2", SECOND, GONE.from_day, ""),
        Spell("", GONE.from_day, None, ""),
    ]
    assert spells_of([]) == []


def test_a_version_beside_others_is_free_to_stand() -> None:
    assert fault(TWO) is None
    assert fault(TWO, ONE) is None
    assert fault(ONE, TWO) is None
    assert fault(Entry("3", TODAY + FARTHEST), ONE, TWO) is None
    assert fault(GONE, TWO, ONE) is None
    assert fault(Entry("", GONE.from_day + DAY, "Once more."), TWO, GONE) is None


def test_what_cannot_stand_is_said_beside_its_field() -> None:
    assert fault(Entry(" ", SECOND)) == ("tool.version", "version", NO_VERSION)
    far = "The day lies more than a year ahead. Enter the version when it is nearer."
    assert fault(Entry("3", TODAY + FARTHEST + DAY)) == ("tool.ahead", "from_day", far)
    taken = "Something is entered from this day already. Take that back first, or give another day."
    assert fault(Entry("3", SECOND), ONE, TWO) == ("tool.day_taken", "from_day", taken)
    same = "This version is entered already. A new version has a name of its own."
    assert fault(Entry(" 2B ", TODAY), ONE, Entry("2b", SECOND)) == (
        "tool.version_taken",
        "version",
        same,
    )


def test_a_tool_ends_with_a_reason_while_it_is_in_use() -> None:
    assert ending(GONE, ONE) is None
    assert ending(GONE, TWO, ONE) is None
    assert ending(Entry("", FIRST, "Never used."), ONE) is None
    assert ending(Entry("", TODAY, "  "), ONE) == ("tool.why", "reason", NO_WHY)
    unused = (
        "tool.not_used",
        "from_day",
        "The tool is not in use on this day. Give a day on which it is.",
    )
    assert ending(Entry("", FIRST - DAY, "Old."), ONE, TWO) == unused
    assert ending(Entry("", TODAY, "Old."), ONE, GONE) == unused
    assert ending(Entry("", TODAY, "Old.")) == unused


def test_a_level_rests_on_the_version_of_its_day_and_no_other() -> None:
    assert resting(OLD, FIRST) is None
    assert resting(OLD, SECOND - DAY) is None
    assert resting(LATEST, SECOND) is None
    assert resting(LATEST, TODAY) is None
    assert resting(OLD, SECOND) == (
        "tool.superseded",
        "tool",
        f"Version 1 is superseded: version 2 replaced it on 1 April 2016. {IN_FORCE}",
    )
    assert resting(spells_of([ONE, GONE])[0], TODAY) == (
        "tool.superseded",
        "tool",
        f"Version 1 is superseded: it ended on 1 January 2020. {IN_FORCE}",
    )
    assert resting(LATEST, SECOND - DAY) == (
        "tool.not_yet",
        "tool",
        f"Version 2 is used from 1 April 2016 on, after the level's day. {CHOOSE}",
    )


def test_at_most_one_version_of_a_tool_is_in_use_on_a_day() -> None:
    for days in permutations((0, 3, 4, 9), 3):
        spells = spells_of(Entry(f"{day}", FIRST + timedelta(day)) for day in days)
        for on in range(12):
            used = [spell for spell in spells if resting(spell, FIRST + timedelta(on)) is None]
            assert [spell.version for spell in used] == [
                f"{day}"
                for day in [max((d for d in days if d <= on), default=None)]
                if day is not None
            ]


@pytest.mark.parametrize(
    ("kinds", "feared", "fit"),
    [
        ([], [], True),
        ([], ["CCE"], True),
        (["CSE"], ["CSE", "CCE"], True),
        (["CSE"], ["CCE"], False),
        (["CSE"], [], True),
        (["CCE"], [], False),
    ],
)
def test_a_tool_is_for_its_kinds_and_an_episode_without_counts_as_cse(
    kinds: list[str], feared: list[str], fit: bool
) -> None:
    assert fits(kinds, feared) is fit


def test_a_version_is_named_with_its_days() -> None:
    assert in_words("Screening", OLD) == (
        "Screening, version 1 (from 1 May 2014, until 31 March 2016)"
    )
    assert in_words("Screening", LATEST) == "Screening, version 2 (from 1 April 2016)"
