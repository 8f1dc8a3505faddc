"""Reading the Appendix 1 documents back: what stands in a spreadsheet, a Word document, a PDF."""

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
from pypdf import PdfReader

from reporting.appendix1.rules.layout import Document, Table

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """The cells of each sheet, row by row; numbers as `=123`, so that a string is told from one."""
    file = zipfile.ZipFile(io.BytesIO(content))
    shared = [
        "".join(t.text or "" for t in item.iter(f"{MAIN}t"))
        for item in parsed(file, "sharedStrings")
    ]
    names = [sheet.get("name", "") for sheet in parsed(file, "workbook").iter(f"{MAIN}sheet")]
    return {
        name: [
            [cell_of(cell, shared) for cell in row]
            for row in parsed(file, f"worksheets/sheet{place}").iter(f"{MAIN}row")
        ]
        for place, name in enumerate(names, start=1)
    }


def parsed(file: zipfile.ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(file.read(f"xl/{part}.xml"))  # noqa: S314  # a file of our own


def cell_of(cell: ElementTree.Element, shared: list[str]) -> str:
    value = cell.findtext(f"{MAIN}v") or ""
    if cell.get("t") == "s":
        return shared[int(value)]
    return f"={value}" if value else ""


def word_cells(content: bytes) -> list[str]:
    return [
        cell.text
        for table in docx.Document(io.BytesIO(content)).tables
        for row in table.rows
        for cell in row.cells
    ]


def text_of(kind: str, content: bytes, folder: Path) -> str:
    """Everything a reader reads, with single spaces."""
    if kind == "xlsx":
        cells = [cell for rows in sheets(content).values() for row in rows for cell in row]
        return plain(" ".join(cells))
    if kind == "docx":
        read = docx.Document(io.BytesIO(content))
        words = [paragraph.text for paragraph in read.paragraphs]
        return plain(
            " ".join([*words, *word_cells(content), read.sections[0].header.paragraphs[0].text])
        )
    return plain(words_of_pdf(content))


def words_of_pdf(content: bytes) -> str:
    """What a reader reads on the pages of a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def table_named(laid_out: Document, heading: str, section: str = "") -> Table:
    return next(
        table
        for part in laid_out.sections
        for table in part.tables
        if table.heading == heading and section in part.short
    )


def line_of(table: Table, name: str) -> list[str]:
    return next([cell.text for cell in line.cells] for line in table.lines if line.label == name)
