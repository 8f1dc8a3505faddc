"""The assessment tools of a partnership: which version is used when, and which a level may rest on.

"The latest template must be used" (Bradford's serious case review, Appendix 5, recommendation 1; the hub's
report of 2016, 2.14): a version that another replaced is refused from that other's first day on.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from hub.errors import RuleBroken

NO_NAME = "Enter the tool's name."
NO_VERSION = "Enter the version, as it stands on the form."
NO_WHY = "Write why the tool is used no more."
FARTHEST = timedelta(days=366)
USUAL_KIND = "CSE"


@dataclass(frozen=True)
class Entry:
    """What is entered of a tool: the version used from a day, or (without one) that it is used no more."""

    version: str
    from_day: date
    why: str = ""


@dataclass(frozen=True)
class Spell:
    """A version of a tool, from its first day to the day from which it is not used, that day excluded."""

    version: str
    from_day: date
    to_day: date | None
    next_version: str = ""


def spells_of(entries: Iterable[Entry]) -> list[Spell]:
    """Give a tool's entries in order, each with what came after it."""
    rows = sorted(entries, key=lambda entry: entry.from_day)
    after = rows[1:]
    return [
        Spell(
            entry.version,
            entry.from_day,
            later.from_day if later else None,
            later.version if later else "",
        )
        for entry, later in zip_longest(rows, after)
    ]


def check_entry(entry: Entry, *, standing: Sequence[Entry], today: date) -> None:
    """Raise RuleBroken for an entry that cannot stand beside those that do."""
    if not entry.version.strip() and not entry.why.strip():
        raise RuleBroken("tool.version", NO_VERSION, "version")
    if entry.from_day > today + FARTHEST:
        message = "The day lies more than a year ahead. Enter the version when it is nearer."
        raise RuleBroken("tool.ahead", message, "from_day")
    if any(entry.from_day == other.from_day for other in standing):
        message = (
            "Something is entered from this day already. Take that back first, or give another day."
        )
        raise RuleBroken("tool.day_taken", message, "from_day")
    if entry.version and _folded(entry) in map(_folded, standing):
        message = "This version is entered already. A new version has a name of its own."
        raise RuleBroken("tool.version_taken", message, "version")


def _folded(entry: Entry) -> str:
    return entry.version.strip().casefold()


def check_ending(entry: Entry, *, standing: Sequence[Entry]) -> None:
    """Raise RuleBroken for an end without a reason, or of a tool that is not in use on that day."""
    if not entry.why.strip():
        raise RuleBroken("tool.why", NO_WHY, "reason")
    before = [spell for spell in spells_of(standing) if spell.from_day <= entry.from_day]
    if not before or not before[-1].version:
        message = "The tool is not in use on this day. Give a day on which it is."
        raise RuleBroken("tool.not_used", message, "from_day")


def check_rests_on(spell: Spell, on: date) -> None:
    """Raise RuleBroken for a level on a day on which that version was not the one in use."""
    if on < spell.from_day:
        message = (
            f"Version {spell.version} is used from {_said(spell.from_day)} on, after the level's day. "
            "Choose the version that was in use, or leave it empty."
        )
        raise RuleBroken("tool.not_yet", message, "tool")
    if spell.to_day is not None and on >= spell.to_day:
        instead = f"version {spell.next_version} replaced it" if spell.next_version else "it ended"
        message = (
            f"Version {spell.version} is superseded: {instead} on {_said(spell.to_day)}. "
            "Use the version in force on the level's day."
        )
        raise RuleBroken("tool.superseded", message, "tool")


def fits(kinds: Collection[str], feared: Collection[str]) -> bool:
    """Say whether a tool is for what is feared; one without kinds is for all, an episode without for CSE."""
    return not kinds or not set(kinds).isdisjoint(feared or (USUAL_KIND,))


def in_words(tool: str, spell: Spell) -> str:
    """Name a version with its days, for a list to choose from."""
    days = f"from {_said(spell.from_day)}"
    if spell.to_day is not None:
        days += f", until {_said(spell.to_day - timedelta(days=1))}"
    return f"{tool}, version {spell.version} ({days})"


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
