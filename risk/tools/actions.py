"""Keeping the assessment tools: adding one, a newer version of it, its end, taking an entry back."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.codes.rules import code_list
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.facts.actions import withdraw
from hub.facts.moments import write_moment
from partners.partnerships.models import Partnership
from risk.tools.models import Tool, ToolVersion
from risk.tools.queries import entry_of
from risk.tools.rules import NO_NAME, NO_VERSION, Entry, check_ending, check_entry

THERE = "There is a tool of this name already. Enter a new version of it, or choose another name."
NO_KIND = "Choose kinds of exploitation that are in the list."


@transaction.atomic
def add_tool(
    *, partnership: Partnership, name: str, kinds: Collection[str], first: Entry, by: User
) -> Tool:
    """Enter a tool with the version that is used from a day; without kinds it is for all of them.

    Raises NotAllowed; RuleBroken for a name that is missing or taken, an unknown kind, a version or day that
    cannot be.
    """
    require(by, Permission.PARTNERSHIP_SETTINGS, partnership)
    write_moment(partnership.pk)
    name = name.strip()
    if not name:
        raise RuleBroken("tool.name", NO_NAME, "name")
    if Tool.objects.filter(partnership=partnership, name__iexact=name).exists():
        raise RuleBroken("tool.there", THERE, "name")
    if not set(kinds) <= set(code_list("exploitation_types")):
        raise RuleBroken("tool.kinds", NO_KIND, "kinds")
    tool = Tool.objects.create(partnership=partnership, name=name, kinds=sorted(set(kinds)))
    add_version(tool=tool, entry=first, by=by)
    return tool


@transaction.atomic
def add_version(*, tool: Tool, entry: Entry, by: User) -> ToolVersion:
    """Enter a version, used from its day on instead of the one before.

    Raises NotAllowed; RuleBroken without a version, for one that is there, and for a day that cannot be.
    """
    require(by, Permission.PARTNERSHIP_SETTINGS, tool)
    if not entry.version.strip():
        raise RuleBroken("tool.version", NO_VERSION, "version")
    return _enter("tool.version_added", tool, Entry(entry.version.strip(), entry.from_day), by)


@transaction.atomic
def end_tool(*, tool: Tool, from_day: date, reason: str, by: User) -> ToolVersion:
    """Say that a tool is used no more from a day on; a later version brings it back.

    Raises NotAllowed; RuleBroken without a reason, and for a day on which it is not in use.
    """
    require(by, Permission.PARTNERSHIP_SETTINGS, tool)
    write_moment(tool.partnership_id)  # its lock: what is checked stands until it is entered
    entry = Entry("", from_day, reason.strip())
    check_ending(entry, standing=_standing(tool))
    return _enter("tool.ended", tool, entry, by)


@transaction.atomic
def take_back_version(*, version: ToolVersion, reason: str, by: User) -> None:
    """Take back what was entered by mistake; the one before it is in use again. Levels keep what they say.

    Raises NotAllowed, RuleBroken without a reason, Conflict where it stands no longer.
    """
    require(by, Permission.PARTNERSHIP_SETTINGS, version)
    now = write_moment(version.partnership_id)
    withdraw(fact=version, now=now, by=by, reason=reason)
    record(
        event="tool.version_taken_back",
        verb=Verb.ALTERATION,
        what="tool",
        reference=f"{version.tool_id}",
        at=now,
        by=by,
        partnership_id=version.partnership_id,
        before=_said(version),
        reason=reason.strip(),
    )


def _standing(tool: Tool) -> list[Entry]:
    return [entry_of(row) for row in ToolVersion.objects.known().filter(tool=tool)]


def _enter(event: str, tool: Tool, entry: Entry, by: User) -> ToolVersion:
    now = write_moment(tool.partnership_id)
    check_entry(entry, standing=_standing(tool), today=london_date(now))
    made = ToolVersion.objects.create(
        partnership_id=tool.partnership_id,
        tool=tool,
        version=entry.version,
        from_day=entry.from_day,
        why=entry.why,
        known_from=now,
        recorded_by=by,
    )
    record(
        event=event,
        verb=Verb.COLLECTION,
        what="tool",
        reference=f"{tool.pk}",
        at=now,
        by=by,
        partnership_id=tool.partnership_id,
        after={"tool": tool.name, "kinds": tool.kinds, **_said(made)},
        reason=entry.why,
    )
    return made


def _said(row: ToolVersion) -> dict[str, object]:
    return {"version": row.version, "from_day": row.from_day.isoformat()}
