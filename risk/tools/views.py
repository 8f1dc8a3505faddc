"""The partnership's assessment tools: the list with its versions, and what the manager changes in it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.codes.rules import code_list
from hub.days.rules import london_date
from hub.errors import Conflict
from hub.facts.actions import MEANWHILE
from hub.recording.http import Sheet, Stored, record_by_form
from hub.templatetags.hub import day
from partners.partnerships.models import Partnership
from referrals.caseload.queries import address_of, counted
from referrals.caseload.rules import AT_RISK, Filters, View
from risk.tools.actions import add_tool, add_version, end_tool, take_back_version
from risk.tools.forms import EndToolForm, TakeBackVersionForm, ToolForm, VersionForm
from risk.tools.models import Tool, ToolVersion
from risk.tools.queries import Dated, by_tool

METHODS = ["GET", "HEAD", "POST"]
SUPERSEDES = (
    "From its day on a level can rest on this version alone. Levels of earlier days keep the version that was"
    " in use then."
)
ENDS = "Levels from that day on cannot rest on it; those that do already stay as they are."
BACK = (
    "The version before it is in use again. A level that rests on this one keeps it in its history."
)


@dataclass(frozen=True)
class VersionLine:
    """An entry of a tool: the version, its first and last day, who entered it; `why` where it ended."""

    version: str
    from_day: date
    last_day: date | None
    why: str
    by: str
    state: str
    take_back_at: str


@dataclass(frozen=True)
class ToolPart:
    """A tool with what was entered of it, the latest first; `end_at` is empty where it is not in use.

    `behind` counts the open cases at risk whose level was set before `since`, the first day of the version in
    use; `behind_at` lists them.
    """

    name: str
    kinds: str
    lines: list[VersionLine]
    version_at: str
    end_at: str
    for_all: bool = True
    since: date | None = None
    behind: int = 0
    behind_at: str = ""


@require_safe
def tools(request: HttpRequest) -> HttpResponse:
    """List the tools; nothing here is of a child, so it is not on the trail."""
    user = signed_in(request)
    require(user, Permission.PARTNERSHIP_SETTINGS)
    today = london_date(timezone.now())
    parts = [_part(tool, versions, today) for tool, versions in by_tool(user).items()]
    return render(request, "tools/list.html", {"parts": _with_cases_behind(parts, user, today)})


def _with_cases_behind(parts: list[ToolPart], user: User, today: date) -> list[ToolPart]:
    """Lead from each newer version to the cases to reassess; nothing converts by itself.

    They are counted where the tool is for every kind: the caseload does not tell the kinds apart.
    """
    asked = {
        f"part_{number}": Filters(level=AT_RISK, set_before=part.since)
        for number, part in enumerate(parts)
        if part.since
    }
    counts = counted(user, asked, today) if asked else {}
    return [_behind(part, counts, asked, f"part_{n}") for n, part in enumerate(parts)]


def _behind(
    part: ToolPart, counts: dict[str, int], asked: dict[str, Filters], name: str
) -> ToolPart:
    if not counts.get(name):
        return part
    address = address_of(View(asked[name], sort="level"))
    return replace(part, behind=counts[name], behind_at=address)


def _part(tool: Tool, versions: Dated, today: date) -> ToolPart:
    used = [row for row, spell in versions if _state(row, spell.to_day, today) == "In use"]
    labels = {code: entry.label for code, entry in code_list("exploitation_types").items()}
    return ToolPart(
        name=tool.name,
        kinds=", ".join(labels[code] for code in tool.kinds) or "Every kind of exploitation",
        lines=[_line(row, spell.to_day, today) for row, spell in reversed(versions)],
        version_at=reverse("risk-tool-version-new", args=[tool.pk]),
        end_at=reverse("risk-tool-end", args=[tool.pk]) if used else "",
        for_all=not tool.kinds,
        since=used[-1].from_day if used and _replaced(used[-1], versions) else None,
    )


def _replaced(used: ToolVersion, versions: Dated) -> bool:
    """Say whether another version of the tool came before."""
    return any(row.version and row.from_day < used.from_day for row, _spell in versions)


def _line(row: ToolVersion, to_day: date | None, today: date) -> VersionLine:
    return VersionLine(
        version=row.version,
        from_day=row.from_day,
        last_day=to_day - timedelta(days=1) if to_day else None,
        why=row.why,
        by=row.recorded_by.name if row.recorded_by else "",
        state=_state(row, to_day, today),
        take_back_at=reverse("risk-tool-version-take-back", args=[row.pk]),
    )


def _state(row: ToolVersion, to_day: date | None, today: date) -> str:
    if row.from_day > today:
        return "To come"
    if not row.version:
        return "Not in use" if to_day is None or to_day > today else "Over"
    return "In use" if to_day is None or to_day > today else "Superseded"


@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a tool."""
    user = signed_in(request)
    own = _own(user)

    def act(form: ToolForm) -> str:
        typed = form.cleaned_data
        add_tool(
            partnership=own, name=typed["name"], kinds=typed["kinds"], first=form.entry, by=user
        )
        return reverse("risk-tools")

    sheet = _sheet("New assessment tool", "Enter the tool", SUPERSEDES)
    return record_by_form(request, form=ToolForm, sheet=sheet, stored=Stored, act=act)


@require_http_methods(METHODS)
def version_new(request: HttpRequest, number: int) -> HttpResponse:
    """Enter a newer version of a tool."""
    user = signed_in(request)
    tool = _tool(user, number)

    def act(form: VersionForm) -> str:
        add_version(tool=tool, entry=form.entry, by=user)
        return reverse("risk-tools")

    sheet = _sheet(f"New version of {tool.name}", "Enter the version", SUPERSEDES)
    return record_by_form(
        request, form=VersionForm, sheet=sheet, stored=lambda: _seen(user, tool), act=act
    )


@require_http_methods(METHODS)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a tool is used no more."""
    user = signed_in(request)
    tool = _tool(user, number)

    def act(form: EndToolForm) -> str:
        typed = form.cleaned_data
        end_tool(tool=tool, from_day=typed["from_day"], reason=typed["reason"], by=user)
        return reverse("risk-tools")

    sheet = _sheet(f"Withdraw {tool.name}", "Withdraw the tool", ENDS)
    return record_by_form(
        request, form=EndToolForm, sheet=sheet, stored=lambda: _seen(user, tool), act=act
    )


@require_http_methods(METHODS)
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take back what was entered of a tool by mistake."""
    user = signed_in(request)
    _own(user)
    row = _row(user, number)
    if row is None:
        raise Http404

    def act(form: TakeBackVersionForm) -> str:
        standing = _row(user, number)
        if standing is None or standing.superseded_at is not None:
            raise Conflict(MEANWHILE)
        take_back_version(version=standing, reason=form.cleaned_data["reason"], by=user)
        return reverse("risk-tools")

    what = f"version {row.version}" if row.version else "the end"
    heading = f"Take back {what} of {row.tool.name}, from {day(row.from_day)}"
    return record_by_form(
        request,
        form=TakeBackVersionForm,
        sheet=_sheet(heading, "Take it back", BACK),
        stored=Stored,
        act=act,
    )


def _own(user: User) -> Partnership:
    require(user, Permission.PARTNERSHIP_SETTINGS)
    return Partnership.objects.visible_to(user).order_by("pk")[:1].get()


def _tool(user: User, number: int) -> Tool:
    _own(user)
    found = Tool.objects.visible_to(user).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _row(user: User, number: int) -> ToolVersion | None:
    rows = ToolVersion.objects.visible_to(user).filter(pk=number)
    return rows.select_related("tool").first()


def _seen(user: User, tool: Tool) -> Stored:
    """Give the token of what stands of a tool: whoever saw other versions is told."""
    rows = ToolVersion.objects.visible_to(user).known().filter(tool=tool).order_by("pk")
    numbers = ",".join(f"{row}" for row in rows.values_list("pk", flat=True))
    return Stored({}, sha256(numbers.encode()).hexdigest())


def _sheet(heading: str, button: str, lead: str) -> Sheet:
    back = reverse("risk-tools")
    return Sheet(heading, heading, button, back, "The tools are changed.", lead=lead)
