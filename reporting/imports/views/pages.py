"""What the pages of imports show, as frozen dataclasses: the templates print them and ask nothing."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils.timezone import localtime

from hub.facts.models import Fact
from hub.site.paging import Paging, nearest_page, paging
from reporting.extracts.models import ImportConflict
from reporting.extracts.rules.identifying import IDENTIFYING
from reporting.extracts.rules.layout import FILE, Kind
from reporting.imports.models import ExtractUpload
from reporting.imports.rules import CAN_BE_CANCELLED, WORK, State

Stands = ImportConflict.Stands
FAULTS_ON_A_PAGE = 50
COUNTS = ("read", "new", "changed", "withdrawn", "unchanged", "refused", "held_back", "warnings")
WORDS = {
    State.UPLOADED: "Waiting to be checked",
    State.CHECKING: "Being checked",
    State.CHECKED: "Checked, not yet imported",
    State.FAULTY: "Refused: it has faults",
    State.CONFIRMED: "Waiting to be imported",
    State.IMPORTING: "Being imported",
    State.IMPORTED: "Imported",
    State.FAILED: "Failed: nothing was imported",
    State.CANCELLED: "Cancelled",
}
FIELDS = {
    "nhs_number": "NHS number",
    "upn": "UPN",
    "child_id": "Child",
    "victim_child_id": "Victim",
    "suspect_id": "Suspect",
    "missing_id": "Missing episode",
    "cse_tag": "CSE tag",
}
"""Columns whose names are no words."""
NOT_SHOWN = "Not shown"
ISO_DAY = re.compile(r"\b(?:19|20)\d\d-[01]\d-[0-3]\d$")
LEVELS = {"HIGH": "High", "MEDIUM": "Medium", "LOW": "Low", "NO_RISK": "No CSE risk"}


@dataclass(frozen=True)
class ImportRow:
    """One import of the list."""

    number: int
    file_name: str
    state: str
    uploaded_by: str
    uploaded_at: str


@dataclass(frozen=True)
class ImportsPage:
    """The list of imports, and how many conflicts wait."""

    number: int
    rows: list[ImportRow]
    paging: Paging
    conflicts: int


@dataclass(frozen=True)
class FileRow:
    """A file's line of the reconciliation: its name and its numbers, each with its heading."""

    file: str
    counts: list[tuple[str, str]]


@dataclass(frozen=True)
class HeadlineRow:
    """A headline figure before and after, and by how much it moves ("+3", or "none")."""

    name: str
    before: str
    after: str
    change: str


@dataclass(frozen=True)
class ImportPage:
    """Where one import stands, and what it did or would do. `seen` goes back with the confirmation."""

    number: int
    state: str
    title: str
    message: str
    particulars: list[tuple[str, str]]
    moving: bool
    waiting: bool
    step: str
    part_done: int
    files: list[FileRow]
    headline: list[HeadlineRow]
    notes: list[str]
    new_conflicts: int
    on_the_list: str
    changes_nothing: bool
    can_confirm: bool
    can_cancel: bool
    seen: str


@dataclass(frozen=True)
class FaultsPage:
    """A page of the list of faults and warnings."""

    number: int
    upload: int
    rows: list[list[str]]
    paging: Paging


@dataclass(frozen=True)
class ConflictRow:
    """One conflict of the work list."""

    number: int
    file: str
    key: str
    found_at: str


@dataclass(frozen=True)
class ConflictsPage:
    """The work list, or the settled ones."""

    number: int
    rows: list[ConflictRow]
    paging: Paging
    settled: bool


@dataclass(frozen=True)
class Side:
    """One field, as the hub and as the extract has it."""

    field: str
    hub: str
    extract: str
    differs: bool


@dataclass(frozen=True)
class ConflictPage:
    """A conflict side by side: who recorded which and when, and each field.

    `gone` says that the hub's version does not stand any more; `settled` by whom, how and when it was.
    `child_at`: the case by reference, where it is about a child. `withheld`: some values are not shown.
    """

    number: int
    file: str
    key: str
    found_at: str
    sides: list[Side]
    brought: list[Side]
    gone: bool
    settled: str
    reason: str
    child_at: str
    withheld: bool


def imports_page(found: "Page[ExtractUpload]", conflicts: int) -> ImportsPage:
    """Build the list of imports."""
    rows = [
        ImportRow(
            upload.pk,
            upload.file_name,
            WORDS[State(upload.state)],
            upload.uploaded_by.name,
            _moment(upload.uploaded_at),
        )
        for upload in found
    ]
    things = "import" if found.paginator.count == 1 else "imports"
    return ImportsPage(found.number, rows, paging(found, things), conflicts)


def import_page(upload: ExtractUpload) -> ImportPage:
    """Build the page of one import, in whatever state it is."""
    result: dict[str, Any] = upload.result or {"files": [], "headline": [], "notes": []}
    files = [_file(counts) for counts in result["files"]]
    does = any(
        counts[name] for counts in result["files"] for name in ("new", "changed", "withdrawn")
    )
    lists = result.get("new_conflicts", 0)
    checked = upload.state == State.CHECKED
    return ImportPage(
        number=upload.pk,
        state=upload.state,
        title=WORDS[State(upload.state)],
        message=upload.message,
        particulars=_particulars(upload),
        moving=upload.moving,
        waiting=upload.state in WORK,
        step=upload.step,
        part_done=upload.part_done,
        files=files,
        headline=[_headline(*figure) for figure in result["headline"]],
        notes=result["notes"],
        new_conflicts=lists,
        on_the_list=_on_the_list(upload),
        changes_nothing=bool(files) and not does,
        can_confirm=checked and bool(does or lists),
        can_cancel=upload.state in CAN_BE_CANCELLED,
        seen=upload.state_since.isoformat(),
    )


def _particulars(upload: ExtractUpload) -> list[tuple[str, str]]:
    rows = [
        ("File", f"{upload.file_name} ({_size(upload.size)})"),
        ("SHA-256", upload.sha256),
        ("Bad rows", "Left out, the rest imported" if upload.skip_bad_rows else "Refuse the file"),
        ("Uploaded", f"{_moment(upload.uploaded_at)} by {upload.uploaded_by.name}"),
    ]
    if upload.confirmed_by and upload.confirmed_at:
        rows.append(("Confirmed", f"{_moment(upload.confirmed_at)} by {upload.confirmed_by.name}"))
    if not upload.moving and upload.state != State.CHECKED:
        rows.append(("Ended", _moment(upload.state_since)))
    return rows


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{max(1, size // 1000):,} kB"


def _moment(moment: datetime) -> str:
    here = localtime(moment)
    return f"{here.day} {here:%b %Y}, {here:%H:%M}"


def _file(counts: dict[str, Any]) -> FileRow:
    return FileRow(
        counts["file"],
        [(name.replace("_", " ").capitalize(), f"{counts[name]:,}") for name in COUNTS],
    )


def _headline(name: str, before: int, after: int) -> HeadlineRow:
    what, _comma, level = name.partition(", ")
    shown = f"{what}, {LEVELS.get(level, level)}" if level else what
    change = f"{after - before:+,}" if after != before else "none"
    return HeadlineRow(shown[0].upper() + shown[1:], f"{before:,}", f"{after:,}", change)


def _on_the_list(upload: ExtractUpload) -> str:
    """Say what the list of faults and warnings holds; nothing where there is none (any more)."""
    if not upload.faults_in:
        return ""
    kinds = (("fault", upload.fault_count), ("warning", upload.warning_count))
    return " and ".join(_many(count, kind) for kind, count in kinds if count)


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def faults_page(upload: ExtractUpload, lists: Iterable[str], number: str) -> FaultsPage:
    """Build a page of the list from its file, reading no further than the page."""
    total = upload.fault_count + upload.warning_count
    page = nearest_page(range(total), FAULTS_ON_A_PAGE, number)
    first = (page.number - 1) * FAULTS_ON_A_PAGE + 1  # the first line is the heading
    rows = [
        [kind.capitalize(), *cells]
        for kind, *cells in islice(csv.reader(lists), first, first + FAULTS_ON_A_PAGE)
    ]
    return FaultsPage(page.number, upload.pk, rows, paging(page, "faults and warnings"))


def conflicts_page(found: "Page[ImportConflict]", *, settled: bool) -> ConflictsPage:
    """Build the list of conflicts."""
    rows = [
        ConflictRow(
            conflict.pk, f"{conflict.table}.csv", _key(conflict), _moment(conflict.found_at)
        )
        for conflict in found
    ]
    one = found.paginator.count == 1
    things = f"{'settled ' if settled else ''}{'conflict' if one else 'conflicts'}"
    query = "settled=1" if settled else ""
    return ConflictsPage(found.number, rows, paging(found, things, query), settled)


def offers(conflict: ImportConflict) -> list[tuple[str, str]]:
    """Give what may stand: the extract's value only against a version of the hub's that still stands.

    Of a settled one all of it: a form that is sent twice is understood, and led where it led before.
    """
    hub = conflict.hub_version()
    moot = hub is None or conflict.said_by(hub) == conflict.in_extract
    if moot and not conflict.settled_at:
        return [(Stands.HUB, "What is recorded now stands: this needs nothing more")]
    several = hub is not None and conflict.fact.side_by_side
    both = [(Stands.BOTH, "Both stand, side by side")] if several else []
    return [
        (Stands.HUB, "The hub's record stands, and the extract's value is left aside"),
        (Stands.EXTRACT, "The extract's value stands: it is recorded now, in my name"),
        *both,
    ]


def conflict_page(conflict: ImportConflict, *, named: bool) -> ConflictPage:
    """Build the page that lays the hub's record and the extract's row side by side.

    Until it is settled the hub's side is what the hub says now; afterwards, what was judged. What says who
    somebody is stands there only where the child is `named` to the person; whether it differs, always.
    """
    now = None if conflict.settled_at else conflict.hub_version()
    hub = now or conflict.listed_version
    in_hub = conflict.said_by(now) if now else conflict.in_hub
    return ConflictPage(
        number=conflict.pk,
        file=f"{conflict.table}.csv",
        key=_key(conflict),
        found_at=_moment(conflict.found_at),
        sides=[
            _side(conflict, column.name, in_hub, named=named)
            for column in FILE[conflict.table].columns
            if column.name in conflict.in_extract
        ],
        brought=_brought(conflict, hub),
        gone=not conflict.settled_at and conflict.fact_id is not None and now is None,
        settled=_settled(conflict),
        reason=conflict.settlement.reason if hasattr(conflict, "settlement") else "",
        child_at=reverse("risk-reference-case", args=[conflict.child_id])
        if conflict.child_id
        else "",
        withheld=not named and not IDENTIFYING.isdisjoint(conflict.in_extract),
    )


def _brought(conflict: ImportConflict, hub: Fact | None) -> list[Side]:
    """Say who recorded which version, and when."""
    by = conflict.imported_by or (conflict.source.by if conflict.source else None)
    label = conflict.label or (conflict.source.label if conflict.source else "")
    import_of = ", ".join(filter(None, (by.name if by else "", label)))
    who = hub.recorded_by.name if hub and hub.recorded_by else ""
    when = _moment(hub.known_from) if hub else ""
    return [
        Side("Recorded or imported by", who, import_of, False),
        Side("When", when, _moment(conflict.found_at), False),
    ]


def _settled(conflict: ImportConflict) -> str:
    if not conflict.settled_at:
        return ""
    stands = Stands(conflict.stands or Stands.HUB)
    what = f"{stands.label} {'stand' if stands == Stands.BOTH else 'stands'}"
    who = f"{conflict.settlement.settled_by.name}, " if hasattr(conflict, "settlement") else ""
    return f"{what}: settled by {who}{_moment(conflict.settled_at)}."


def _key(conflict: ImportConflict) -> str:
    """Write its key with days as people read them."""
    return ISO_DAY.sub(lambda found: _shown(found[0], Kind.DATE), conflict.key)


def _side(conflict: ImportConflict, field: str, in_hub: dict[str, Any], *, named: bool) -> Side:
    kind = FILE[conflict.table].column(field).kind
    hub = _shown(in_hub.get(field), kind)
    extract = _shown(conflict.in_extract.get(field), kind)
    name = FIELDS.get(field) or field.replace("_", " ").capitalize()
    if field in IDENTIFYING and not named:
        return Side(name, NOT_SHOWN, NOT_SHOWN, hub != extract)
    return Side(name, hub, extract, hub != extract)


def _shown(value: Any, kind: Kind) -> str:
    """Write a value as people read it."""
    if value is None or value in ("", []):
        return "Not recorded"
    if kind is Kind.FLAG:
        return "Yes" if value else "No"
    if kind is Kind.DATE:
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    if kind is Kind.MOMENT:
        return _moment(datetime.fromisoformat(value))
    if kind is Kind.TYPES:
        return ", ".join(value)
    return LEVELS.get(str(value), str(value))
