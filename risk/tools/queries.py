"""Which versions of tools a level can rest on."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from hub.accounts.models import User
from hub.errors import RuleBroken
from risk.tools.models import Tool, ToolVersion
from risk.tools.rules import Entry, Spell, check_rests_on, fits, in_words, spells_of

UNKNOWN = "This version is not in the list any more. Choose another, or leave it empty."
UNFIT = "This tool is for another kind of exploitation than this episode's. Choose another."
Dated = list[tuple[ToolVersion, Spell]]


def entry_of(row: ToolVersion) -> Entry:
    """Give what a row says."""
    return Entry(row.version, row.from_day, row.why)


def dated(rows: Iterable[ToolVersion]) -> Dated:
    """Give the standing rows of one tool in order, each with the days for which it holds."""
    ordered = sorted(rows, key=lambda row: row.from_day)
    return list(zip(ordered, spells_of(map(entry_of, ordered)), strict=True))


def by_tool(user: User) -> dict[Tool, Dated]:
    """Give each tool that the person may see with its versions."""
    rows: dict[int, list[ToolVersion]] = defaultdict(list)
    standing = ToolVersion.objects.visible_to(user).known()
    for row in standing.select_related("recorded_by"):
        rows[row.tool_id].append(row)
    tools = Tool.objects.visible_to(user).order_by("name")
    return {tool: dated(rows[tool.pk]) for tool in tools}


def choices_for(user: User, feared: Collection[str]) -> list[tuple[str, str]]:
    """Give the versions to choose from for an episode, of each tool the latest first."""
    return [
        (f"{row.pk}", in_words(tool.name, spell))
        for tool, versions in by_tool(user).items()
        if fits(tool.kinds, feared)
        for row, spell in reversed(versions)
        if row.version
    ]


def rests_on(
    number: int | None, *, partnership_id: int, on: date, feared: Collection[str]
) -> ToolVersion | None:
    """Give the version on which a level of that day rests; None for none.

    Raises RuleBroken for one that is unknown or superseded on that day, and of a tool for other kinds.
    """
    if number is None:
        return None
    standing = ToolVersion.objects.known().filter(partnership_id=partnership_id)
    chosen = standing.filter(pk=number).exclude(version="").select_related("tool").first()
    if chosen is None:
        raise RuleBroken("tool.unknown", UNKNOWN, "tool")
    if not fits(chosen.tool.kinds, feared):
        raise RuleBroken("tool.unfit", UNFIT, "tool")
    spells = {row.pk: spell for row, spell in dated(standing.filter(tool=chosen.tool_id))}
    check_rests_on(spells[chosen.pk], on)
    return chosen
