"""The report as a spreadsheet: a cover, a sheet for each section, the definitions.

Figures are numbers; everything else is written as a string, so that no name can be run as a formula.
"""

from collections.abc import Iterable
from datetime import datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from reporting.appendix1.rules.layout import Document, Line, Section, Table

LABELS_WIDE, FIGURES_WIDE, TERMS_WIDE = 46, 13, 110  # characters
SPREAD = 8  # columns over which a sentence is spread
SPREAD_WIDE = LABELS_WIDE + (SPREAD - 1) * FIGURES_WIDE
SHARE_HEAD = "Share of the row's total"
LINE_HIGH = 15  # points
BLUE, PALE, QUIET = "#1d4f7c", "#f0f4f8", "#505a5f"
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": BLUE},
    "marking": {"bold": True},
    "heading": {"bold": True, "font_size": 12, "font_color": BLUE},
    "head": {"bold": True, "bg_color": PALE, "bottom": 2, "text_wrap": True, "valign": "vcenter"},
    "figure_head": {
        "bold": True, "bg_color": PALE, "bottom": 2, "text_wrap": True, "align": "right",
        "valign": "vcenter",
    },
    "text": {"valign": "top", "text_wrap": True},
    "quiet": {"valign": "top", "text_wrap": True, "font_color": QUIET, "indent": 1},
    "figure": {"valign": "top", "align": "right", "num_format": "#,##0.###"},
    "total": {"bold": True, "bg_color": PALE, "align": "right", "num_format": "#,##0.###"},
    "total_text": {"bold": True, "bg_color": PALE},
}  # fmt: skip


class Sheet:
    """One worksheet, written from the top down; strings stay strings whatever they begin with."""

    def __init__(self, book: Any, name: str, styles: dict[str, Any], marking: str) -> None:
        self.styles = styles
        self.sheet = book.add_worksheet(name)
        self.at = 0
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_header(f"&L&A&R{marking}")
        self.sheet.set_footer(f"&L{marking}&RPage &P of &N")

    def put(self, column: int, value: Any, style: str) -> None:
        """Write one cell of the current row."""
        if isinstance(value, int | float):
            self.sheet.write_number(self.at, column, value, self.styles[style])
        elif value:
            self.sheet.write_string(self.at, column, value, self.styles[style])
        else:
            self.sheet.write_blank(self.at, column, None, self.styles[style])

    def line(self, values: Iterable[tuple[Any, str]]) -> None:
        """Write cells from the left, each with its style, and go on to the next row."""
        for column, (value, style) in enumerate(values):
            long_label = column == 0 and style == "text" and len(value) > LABELS_WIDE
            if long_label or (style == "figure_head" and len(value) > FIGURES_WIDE):
                self.high(2)
            self.put(column, value, style)
        self.at += 1

    def high(self, lines: int) -> None:
        """Make the current row so many lines high: not every program does it by itself."""
        self.sheet.set_row(self.at, LINE_HIGH * lines)

    def sentence(self, text: str, style: str, *, first: int = 0, last: int = SPREAD - 1) -> None:
        """Spread a sentence over columns of the current row, as high as it needs."""
        wide = SPREAD_WIDE if first == 0 else (last - first + 1) * FIGURES_WIDE
        self.high(1 + len(text) // wide)
        self.sheet.merge_range(self.at, first, self.at, last, "", self.styles[style])
        self.put(first, text, style)


def drawn(report: Document) -> bytes:
    """Give the spreadsheet's bytes."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    made = datetime.combine(report.dated, time.min)  # a date of the report, no moment
    book.set_properties(
        {"title": f"{report.title}: {report.subtitle}", "subject": report.marking, "created": made}
    )
    styles = {name: book.add_format(style) for name, style in STYLES.items()}
    _cover(Sheet(book, "Cover", styles, report.marking), report)
    for section in report.sections:
        _section(Sheet(book, section.short, styles, report.marking), section, report.marking)
    _terms(Sheet(book, "Definitions", styles, report.marking), report)
    book.close()
    return file.getvalue()


def _cover(sheet: Sheet, report: Document) -> None:
    sheet.sheet.set_column(0, 0, 34)
    sheet.sheet.set_column(1, 1, 60)
    sheet.line([(report.title, "title")])
    sheet.line([(report.subtitle, "heading")])
    sheet.line([(report.marking, "marking")])
    sheet.sheet.freeze_panes(sheet.at, 0)
    sheet.at += 1
    sheet.line([("This report", "head"), ("", "head")])
    for name, stamp in report.stamps:
        sheet.line([(name, "text"), (stamp, "text")])
    sheet.at += 1
    sheet.line([("Headline", "head"), ("Number", "figure_head")])
    for name, cell in report.headlines:
        sheet.line([(name, "text"), (_value(cell.value, cell.text), "figure")])
    sheet.at += 1
    for note in report.notes:
        sheet.line([("Note", "text"), (note, "text")])


def _section(sheet: Sheet, section: Section, marking: str) -> None:
    sheet.sheet.set_column(0, 0, LABELS_WIDE)
    sheet.sheet.set_column(1, 40, FIGURES_WIDE)
    sheet.sheet.set_column(2, 2, 20)  # shares stand here where there is one figure a row
    sheet.line([(section.title, "title")])
    sheet.line([(marking, "marking")])
    sheet.sheet.freeze_panes(sheet.at, 1)
    if section.note:
        sheet.line([(section.note, "text")])
    for table in section.tables:
        sheet.at += 1
        _table(sheet, table)


def _table(sheet: Sheet, table: Table) -> None:
    sheet.line([(table.heading, "heading")])
    for sentence in filter(None, (table.definition, table.left_out)):
        sheet.sentence(sentence, "quiet" if sentence == table.definition else "text")
        sheet.at += 1
    if table.lines:
        _heads(sheet, table)
    for line in table.lines:
        _line(sheet, table, line)
    if table.two_way and _shared(table):
        _shares(sheet, table)
    if table.note:
        sheet.sentence(table.note, "quiet")
        sheet.at += 1


def _shared(table: Table) -> bool:
    return any(cell.share for line in table.lines for cell in line.cells)


def _heads(sheet: Sheet, table: Table) -> None:
    first, *figures = table.columns
    shares = ["Share"] if _shared(table) and not table.two_way else []
    defined = ["Definition"] if any(line.definition for line in table.lines) else []
    heads = [(head, "figure_head") for head in (*figures, *shares)]
    sheet.line([(first, "head"), *heads, *((head, "head") for head in defined)])


def _line(sheet: Sheet, table: Table, line: Line) -> None:
    figure, text = ("total", "total_text") if line.total else ("figure", "text")
    shares = [line.cells[0].share] if _shared(table) and not table.two_way else []
    values = [*(_value(cell.value, cell.text) for cell in line.cells), *shares]
    if line.definition:
        sheet.sentence(line.definition, "quiet", first=1 + len(values), last=len(values) + SPREAD)
    sheet.line([(line.label, text), *((value, figure) for value in values)])


def _shares(sheet: Sheet, table: Table) -> None:
    """Repeat the rows of a two-way table with their percentages, the row's total as the base."""
    sheet.line([(SHARE_HEAD, "head"), *((head, "figure_head") for head in table.columns[1:])])
    for line in table.lines:
        if any(cell.share for cell in line.cells):
            *parts, whole = line.cells
            percents = [(cell.share.partition(" ")[0], "figure") for cell in parts]
            sheet.line([(line.label, "text"), *percents, (f"of {whole.text}", "figure")])


def _value(value: Any, text: str) -> Any:
    """Give a number as a number, and what stands in the place of one as its words."""
    return value if isinstance(value, int | float) else text


def _terms(sheet: Sheet, report: Document) -> None:
    sheet.sheet.set_column(0, 0, 24)
    sheet.sheet.set_column(1, 1, LABELS_WIDE)
    sheet.sheet.set_column(2, 2, TERMS_WIDE)
    sheet.line([("Section", "head"), ("Term", "head"), ("Definition", "head")])
    sheet.sheet.freeze_panes(sheet.at, 0)
    general = [("Every table", term, meaning) for term, meaning in report.terms]
    special = [(s.short, name, meaning) for s in report.sections for name, meaning in _defined(s)]
    for section, name, meaning in general + special:
        sheet.high(1 + max(len(meaning) // TERMS_WIDE, len(name) // LABELS_WIDE))
        sheet.line([(section, "text"), (name, "text"), (meaning, "text")])


def _defined(section: Section) -> Iterable[tuple[str, str]]:
    for table in section.tables:
        if table.definition:
            yield table.heading, table.definition
        yield from ((line.label, line.definition) for line in table.lines if line.definition)
