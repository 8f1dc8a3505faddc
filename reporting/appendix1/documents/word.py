"""The report as a Word document with real headings, repeated header rows and table descriptions."""

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from reporting.appendix1.rules.layout import Cell, Document, Line, Section, Table

FONT = "Arial"
BLUE, QUIET = RGBColor(0x1D, 0x4F, 0x7C), RGBColor(0x50, 0x5A, 0x5F)
PALE, GREY = "F0F4F8", "B1B4B6"
TEXT_WIDE = Cm(17)
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the date of every part in the file's zip: none of ours
SEVERAL, MANY = 8, 10  # columns from which labels are narrower, beyond which figures are smaller
TOGETHER = 16  # rows that are kept on one page


def drawn(report: Document) -> bytes:
    """Give the document's bytes."""
    page = docx.Document()
    _set_up(page, report)
    _cover(page, report)
    for section in report.sections:
        _section(page, section)
    page.add_heading("Definitions that hold for every table", 1)
    for term, meaning in report.terms:
        words = page.add_paragraph()
        words.add_run(f"{term}. ").bold = True
        words.add_run(meaning)
    return _saved(page)


def _set_up(page: Any, report: Document) -> None:
    """Set fonts, language, margins, header and footer, and the report's own dates."""
    for name, size in (("Normal", 10), ("Heading 1", 16), ("Heading 2", 12), ("Title", 24)):
        _font(page.styles[name], size, BLUE if name != "Normal" else None)
    _add(page.styles["Normal"].element.get_or_add_rPr(), "w:lang", {"w:val": "en-GB"})
    paper = page.sections[0]
    paper.page_width, paper.page_height = Cm(21), Cm(29.7)
    paper.left_margin = paper.right_margin = paper.top_margin = paper.bottom_margin = Cm(2)
    _running(paper.header.paragraphs[0], f"{report.marking}    {report.title}. {report.subtitle}")
    foot = paper.footer.paragraphs[0]
    _running(foot, f"{report.marking}    Page ")
    _add(foot._p, "w:fldSimple", {"w:instr": "PAGE"})
    made = datetime.combine(report.dated, time.min, UTC)
    about = page.core_properties
    about.title, about.subject = f"{report.title}: {report.subtitle}", report.marking
    about.author, about.comments, about.language = "CSE Hub", "", "en-GB"
    about.created, about.modified = made, made


def _font(style: Any, size: int, colour: RGBColor | None) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would win over ours
    if colour is not None:
        style.font.color.rgb = colour


def _running(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(8), QUIET


def _cover(page: Any, report: Document) -> None:
    page.add_heading(report.title, 0)
    page.add_paragraph(report.subtitle).runs[0].font.size = Pt(13)
    page.add_paragraph().add_run(report.marking).bold = True
    page.add_heading("About this report", 1)
    stamps = tuple(Line(name, (Cell(text, text),)) for name, text in report.stamps)
    _table(page, Table("About this report", "", ("What", "This report"), stamps), left=True)
    for note in report.notes:
        _quiet(page, note)
    page.add_heading("Headline figures", 2)
    headlines = tuple(Line(name, (cell,)) for name, cell in report.headlines)
    _table(page, Table("Headline figures", "", ("Figure", "Number"), headlines))


def _section(page: Any, section: Section) -> None:
    page.add_heading(section.title, 1).paragraph_format.page_break_before = True
    if section.note:
        page.add_paragraph(section.note)
    for table in section.tables:
        page.add_heading(table.heading, 2)
        if table.definition:
            _quiet(page, table.definition).paragraph_format.keep_with_next = True
        if table.left_out:
            page.add_paragraph(table.left_out)
        else:
            _table(page, table)
        if table.note:
            _quiet(page, table.note)


def _quiet(page: Any, text: str) -> Any:
    paragraph = page.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(8.5), QUIET
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
    return paragraph


def _table(page: Any, table: Table, *, left: bool = False) -> None:
    """Draw a table; its header row repeats on each page, no row breaks across two."""
    shares = not table.two_way and any(cell.share for line in table.lines for cell in line.cells)
    heads = [*table.columns, *(["Share"] if shares else [])]
    grid = page.add_table(rows=0, cols=len(heads))
    grid.autofit = False
    _rule(grid)
    _describe(grid, table)
    _row(grid, heads, bold=True, left=left)
    _add(grid.rows[0]._tr.get_or_add_trPr(), "w:tblHeader", {"w:val": "true"})
    for line in table.lines:
        cells = [_written(cell, table.two_way) for cell in line.cells]
        cells += [line.cells[0].share] if shares else []
        label = f"{line.label}\n{line.definition}" if line.definition else line.label
        _row(grid, [label, *cells], bold=line.total, left=left)
    if len(table.lines) <= TOGETHER:
        _keep_together(grid)
    _widths(grid, _wide(len(heads), two_way=table.two_way))


def _rule(grid: Any) -> None:
    """Draw quiet lines between rows alone."""
    borders = OxmlElement("w:tblBorders")
    for side in ("w:top", "w:bottom", "w:insideH"):
        _add(borders, side, {"w:val": "single", "w:sz": "4", "w:color": GREY})
    grid._tbl.tblPr.append(borders)


def _keep_together(grid: Any) -> None:
    """Keep a short table on one page: each row with the next."""
    for row in grid.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _describe(grid: Any, table: Table) -> None:
    """Give the table its title and description, which a screen reader says before it."""
    settings = grid._tbl.tblPr
    _add(settings, "w:tblCaption", {"w:val": table.heading})
    _add(settings, "w:tblDescription", {"w:val": table.definition or table.heading})


def _written(cell: Cell, two_way: bool) -> str:
    """Write a figure; between rows and columns its percentage stands beneath it."""
    stacked = two_way and cell.share and cell.value
    return f"{cell.text}\n{cell.share.split(' ')[0]}" if stacked else cell.text


def _row(grid: Any, texts: list[str], *, bold: bool, left: bool) -> None:
    row = grid.add_row()
    _add(row._tr.get_or_add_trPr(), "w:cantSplit", {"w:val": "true"})
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        if place and not left:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        first, _, second = text.partition("\n")
        _runs(paragraph, first, second, bold=bold, small=len(texts) > MANY)
        if bold:
            shade = {"w:val": "clear", "w:color": "auto", "w:fill": PALE}
            _add(cell._tc.get_or_add_tcPr(), "w:shd", shade)


def _runs(paragraph: Any, first: str, second: str, *, bold: bool, small: bool) -> None:
    run = paragraph.add_run(first)
    run.bold, run.font.size = bold, Pt(7 if small else 9)
    if second:
        run.add_break()
        under = paragraph.add_run(second)
        under.font.size, under.font.color.rgb = Pt(6 if small else 8), QUIET


def _wide(columns: int, *, two_way: bool) -> list[int]:
    """Share out the page's width: labels first, figures evenly, a column of shares wider."""
    if not two_way:
        figures = [int(Cm(6))] if columns == 2 else [int(Cm(2.5)), int(Cm(4.5))]
    else:
        label = Cm(4.5) if columns < SEVERAL else Cm(3.2) if columns <= MANY else Cm(2)
        figures = [int((TEXT_WIDE - label) / (columns - 1))] * (columns - 1)
    return [int(TEXT_WIDE) - sum(figures), *figures]


def _widths(grid: Any, widths: list[int]) -> None:
    for column, wide in zip(grid.columns, widths, strict=True):
        column.width = wide
    for row in grid.rows:
        for cell, wide in zip(row.cells, widths, strict=True):
            cell.width = wide


def _add(parent: Any, name: str, attributes: dict[str, str]) -> None:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    parent.append(element)


def _saved(page: Any) -> bytes:
    """Save, with a fixed date on each part: python-docx stamps them with the moment of saving."""
    first, second = BytesIO(), BytesIO()
    page.save(first)
    with ZipFile(first) as made, ZipFile(second, "w", ZIP_DEFLATED) as fixed:
        for part in made.infolist():
            entry = ZipInfo(part.filename, EARLIEST)
            entry.compress_type = ZIP_DEFLATED
            fixed.writestr(entry, made.read(part))
    return second.getvalue()
