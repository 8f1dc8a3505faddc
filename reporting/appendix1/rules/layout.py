"""The report laid out for reading: one neutral form, from which each document is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reporting.appendix1.rules.definitions import (
    DEFINITIONS,
    PUBLISHED_TERMS,
    TERMS,
    Definition,
)
from reporting.appendix1.rules.labels import (
    HIDDEN,
    label,
    long_day,
    moment,
    partnership_name,
    place_in,
    share,
    window,
    written,
)
from reporting.appendix1.rules.plan import (
    HEADLINES,
    SECTIONS,
    OneWay,
    SectionPlan,
    TwoWay,
    is_derived,
)

Count = int | float | str | None
LEFT_OUT = " is left out: "
HIDDEN_NOTE = "c stands for a count that is hidden so that nobody can be recognised."
ROW_NOTE = "Percentages are of the row's total."


@dataclass(frozen=True)
class Cell:
    """A figure as counted (`c` if hidden), as written, and its share of the whole, if it has one.

    `path` is where it stands in the report, if it counts cases and is not worked out from counts.
    """

    value: Count
    text: str
    share: str = ""
    path: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a table; `definition` only where each row is a figure of its own."""

    label: str
    cells: tuple[Cell, ...]
    definition: str = ""
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table with the unit and rule of its counts.

    `columns` heads the labels and each cell; `left_out` says why a table without lines is empty.
    """

    heading: str
    definition: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    two_way: bool = False
    note: str = ""
    left_out: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the report; `short` names it where there is little room."""

    title: str
    short: str
    tables: tuple[Table, ...]
    note: str = ""


@dataclass(frozen=True)
class Document:
    """The whole report. `dated` is the last day it speaks of: the same report, the same date."""

    title: str
    subtitle: str
    marking: str
    dated: date
    stamps: tuple[tuple[str, str], ...]
    headlines: tuple[tuple[str, Cell], ...]
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    terms: tuple[tuple[str, str], ...]


class Reader:
    """Finds figures in a report of either form, and why one is not there."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self.report = report
        self.published = report["parameters"]["disclosure"] != "full"
        pairs = (sentence.partition(LEFT_OUT) for sentence in report.get("left_out", ()))
        self.reasons = {table: why for table, _, why in pairs}

    def at(self, dotted: str, *rest: str) -> Any:
        """Give what stands at a path; None where it, or something above it, is left out."""
        found: Any = self.report
        for step in (*dotted.split("."), *rest):
            found = None if found is None else found[step]
        return found

    def cell(self, value: Count, share_of_whole: str = "", *, key: str = "") -> Cell:
        """Give a figure as a cell; `key` is its path in the report."""
        gone = value is None and (key in self.reasons or key.partition(".")[0] in self.reasons)
        path = "" if is_derived(key) else key
        return Cell(value, "left out" if gone else written(value), share_of_whole, path)


def pages(report: Mapping[str, Any]) -> Document:
    """Lay out a report, `full` or `published`, as the Appendix 1 definitions fix its JSON."""
    reader = Reader(report)
    asked = report["parameters"]
    names = " and ".join(partnership_name(code) for code in asked["partnerships"])
    year = window(asked["year_start"], asked["year_end"])
    return Document(
        title="Appendix 1: data and statistics",
        subtitle=f"{names}, {year}",
        marking="Published" if reader.published else "OFFICIAL-SENSITIVE",
        dated=_last_day(asked),
        stamps=_stamps(asked, names, year),
        headlines=tuple((name, reader.cell(reader.at(key), key=key)) for key, name in HEADLINES),
        notes=_notes(reader),
        sections=tuple(_section(reader, plan) for plan in SECTIONS),
        terms=(*TERMS, *PUBLISHED_TERMS) if reader.published else TERMS,
    )


def _last_day(asked: Mapping[str, Any]) -> date:
    names = ("year_end", "snapshot", "movement_to", "suspects_to")
    return max(date.fromisoformat(asked[name]) for name in names if asked[name])


def _stamps(asked: Mapping[str, Any], names: str, year: str) -> tuple[tuple[str, str], ...]:
    second = asked["movement_to"]
    full = asked["disclosure"] == "full"
    return (
        ("Partnership", names),
        ("Exploitation types", ", ".join(asked["types"])),
        ("Year", year),
        ("Snapshot", long_day(asked["snapshot"])),
        ("Second day, for movement", long_day(second) if second else "Not asked for"),
        ("Suspects", window(asked["suspects_from"], asked["suspects_to"])),
        ("Known at", moment(asked["known_at"])),
        ("Disclosure", "Full: small counts shown" if full else "Published: small counts hidden"),
        ("Definitions", f"Version {asked['definitions']}"),
    )


def _notes(reader: Reader) -> tuple[str, ...]:
    if not reader.published:
        return ("Small counts are shown: for holders of the analyst's right only.",)
    gone = (f"{_heading(key)}: left out. {_capital(why)}" for key, why in reader.reasons.items())
    return (HIDDEN_NOTE, *gone)


def _heading(key: str) -> str:
    """Name a table or figure with its section: two sections have figures of one name."""
    section = next((plan.short for plan in SECTIONS if plan.key == key.partition(".")[0]), "")
    named = DEFINITIONS.get(key)
    return f"{section}, {named.heading}" if named else section or key


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _section(reader: Reader, plan: SectionPlan) -> Section:
    days = {name: long_day(day) for name, day in _days(reader).items()}
    if reader.at(plan.key) is None:
        title = plan.title.partition(":")[0]
        return Section(title, plan.short, (), note=plan.absent)
    tables = [_figures(reader, plan), *(_table(reader, table) for table in plan.tables)]
    if plan.key == "strategic":
        tables.insert(1, _quarters(reader))
    return Section(plan.title.format(**days), plan.short, tuple(tables))


def _table(reader: Reader, plan: OneWay | TwoWay) -> Table:
    return _one_way(reader, plan) if isinstance(plan, OneWay) else _two_way(reader, plan)


def _days(reader: Reader) -> dict[str, str]:
    asked = reader.report["parameters"]
    names = ("year_start", "year_end", "snapshot", "movement_to", "suspects_from", "suspects_to")
    return {name: asked[name] for name in names if asked[name]}


def _figures(reader: Reader, plan: SectionPlan) -> Table:
    """The section's single figures, each with its own definition."""
    lines = tuple(_figure(reader, f"{plan.key}.{name}", of) for name, of in plan.figures)
    return Table(
        heading="Key figures",
        definition="",
        columns=("Figure", "Number"),
        lines=lines,
        note=_note(lines),
    )


def _figure(reader: Reader, key: str, of: str) -> Line:
    value, named = reader.at(key), DEFINITIONS[key]
    given = share(value, reader.at(of) if of else None, published=reader.published)
    return Line(named.heading, (reader.cell(value, given, key=key),), named.printed)


def _one_way(reader: Reader, plan: OneWay) -> Table:
    """A table of one column, with the total it shares out where it has one."""
    named, counts = DEFINITIONS[plan.key], reader.at(plan.key)
    if counts is None:
        return _left_out(reader, plan.key, named)
    whole = reader.at(plan.whole) if plan.whole else None
    lines = [
        Line(
            label(code, plan.codes, published=reader.published),
            (reader.cell(count, _share_of(reader, counts, code, whole), key=f"{plan.key}.{code}"),),
        )
        for code, count in sorted(counts.items(), key=lambda pair: place_in(plan.codes, pair[0]))
    ]
    if plan.whole:
        lines.append(Line("Total", (reader.cell(whole, key=plan.whole),), total=True))
    columns = (plan.head, "Age" if plan.key.endswith("peak_age") else "Number")
    return Table(named.heading, named.printed, columns, tuple(lines), note=_note(lines))


def _share_of(reader: Reader, counts: Mapping[str, Count], code: str, whole: Count) -> str:
    others = [count for other, count in counts.items() if other != code]
    return share(counts[code], whole, others, published=reader.published)


def _two_way(reader: Reader, plan: TwoWay) -> Table:
    """A table of rows and columns, each row with its total and its shares of that."""
    named, rows = DEFINITIONS[plan.key], reader.at(plan.key)
    if rows is None:
        return _left_out(reader, plan.key, named)
    columns = _columns(rows)
    order = sorted(rows, key=lambda name: place_in("", name))
    lines = [_row(reader, plan, name, rows[name], columns) for name in order]
    foot = reader.at(plan.foot) if plan.foot else None
    if foot is not None:
        sums = [reader.cell(foot.get(c, 0), key=f"{plan.foot}.{c}") for c in columns]
        whole = reader.cell(reader.at(plan.foot_total), key=plan.foot_total)
        lines.append(Line("Total", (*sums, whole), total=True))
    heads = (label(column, published=reader.published) for column in columns)
    return Table(
        named.heading,
        named.printed,
        (plan.head, *heads, "Total"),
        tuple(lines),
        two_way=True,
        note=_note(lines, ROW_NOTE),
    )


def _columns(rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Give the columns of any row, ages in their order; the total stands apart."""
    found = list(dict.fromkeys(column for row in rows.values() for column in row))
    found = [column for column in found if column != "total"]
    return sorted(found, key=int) if all(column.isdigit() for column in found) else found


def _row(
    reader: Reader, plan: TwoWay, name: str, row: Mapping[str, Any], columns: list[str]
) -> Line:
    counts = {column: row.get(column, 0) for column in columns}
    total = _row_total(reader, plan, name, row)
    cells = (
        reader.cell(
            counts[c], _share_of(reader, counts, c, total.value), key=f"{plan.key}.{name}.{c}"
        )
        for c in columns
    )
    return Line(label(name, published=reader.published), (*cells, total))


def _row_total(reader: Reader, plan: TwoWay, name: str, row: Mapping[str, Any]) -> Cell:
    """The row's total where the report gives it, else the sum of counts that are all shown."""
    if row.get("total") is not None:
        return reader.cell(row["total"], key=f"{plan.key}.{name}.total")
    given = reader.at(plan.totals, name) if plan.totals else None
    if given is not None:
        return reader.cell(given, key=f"{plan.totals}.{name}")
    return reader.cell(HIDDEN if HIDDEN in row.values() else sum(row.values()))


def _quarters(reader: Reader) -> Table:
    """The year's quarters above those of the year before, each with its total."""
    key = "strategic.new_by_quarter"
    start = date.fromisoformat(reader.report["parameters"]["year_start"])
    both = ((start.year, "strategic"), (start.year - 1, "strategic.previous_year"))
    lines = [_year(reader, f"Year from {start:%B} {year}", where) for year, where in both]
    months = [date(2000, (start.month + offset - 1) % 12 + 1, 1) for offset in range(12)]
    heads = (f"{months[i]:%b} to {months[i + 2]:%b}" for i in (0, 3, 6, 9))
    named = DEFINITIONS[key]
    columns = ("Year", *heads, "Total")
    note = _note(lines, ROW_NOTE)
    return Table(named.heading, named.printed, columns, tuple(lines), two_way=True, note=note)


def _year(reader: Reader, name: str, where: str) -> Line:
    total = reader.cell(reader.at(f"{where}.new"), key=f"{where}.new")
    quarters: list[Count] | None = reader.at(f"{where}.new_by_quarter")
    if quarters is None:
        return Line(name, (*(Cell(None, "left out") for _ in range(4)), total))
    counts = {str(place): count for place, count in enumerate(quarters)}
    cells = (
        reader.cell(
            counts[q], _share_of(reader, counts, q, total.value), key=f"{where}.new_by_quarter.{q}"
        )
        for q in counts
    )
    return Line(name, (*cells, total))


def _left_out(reader: Reader, key: str, named: Definition) -> Table:
    why = reader.reasons.get(key, "the report does not give it.")
    return Table(named.heading, named.printed, (), (), left_out=f"Left out: {why}")


def _note(lines: list[Line] | tuple[Line, ...], always: str = "") -> str:
    """What a reader needs beneath a table: what c means, and what percentages are of."""
    hidden = any(cell.value == HIDDEN for line in lines for cell in line.cells)
    shared = any(cell.share for line in lines for cell in line.cells)
    said = (always if shared else "", HIDDEN_NOTE if hidden else "")
    return " ".join(part for part in said if part)
