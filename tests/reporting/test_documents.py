"""Appendix 1 as documents: what the report says, they say; and they say what it means."""

import copy
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest

from reporting.appendix1.documents import document
from reporting.appendix1.rules.definitions import DEFINITIONS, OF_VERSION, TERMS
from reporting.appendix1.rules.labels import label, share
from reporting.appendix1.rules.layout import pages
from reporting.appendix1.rules.parameters import DEFINITIONS as VERSION
from reporting.disclosure.rules.publish import publish
from tests.reporting.document_text import (
    WORD,
    line_of,
    plain,
    sheets,
    table_named,
    text_of,
    word_cells,
)
from tests.reporting.random_full import GEOGRAPHY, random_full

KINDS = ("xlsx", "docx", "pdf")
# A spreadsheet would compute some of them, Word or Typst take others for their own marks.
ODD_NAMES = ("#panic() *b* $x$ \\ <w:t>&", '=HYPERLINK("x")', "+1+1", "@SUM(A1)")
Made = Callable[[str, str], bytes]
Said = Callable[[str, str], str]
WHY = "hiding small counts in it was not enough."


@pytest.fixture(scope="module")
def full() -> dict[str, Any]:
    return random_full(3, episodes=(300, 320))


@pytest.fixture(scope="module")
def published(full: dict[str, Any]) -> dict[str, Any]:
    return publish(full, geography=GEOGRAPHY)


@pytest.fixture(scope="module")
def made(full: dict[str, Any], published: dict[str, Any]) -> Made:
    """Give a report as a document of a kind, made once for all tests here."""
    reports = {
        "full": full,
        "published": published,
        "numbered": numbered(full),
        "with tables left out": with_tables_left_out(published),
    }
    return cache(lambda which, kind: document(reports[which], kind))


@pytest.fixture(scope="module")
def said(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Said:
    """Give all the words of such a document."""
    folder = tmp_path_factory.mktemp("documents")
    return cache(lambda which, kind: text_of(kind, made(which, kind), folder))


def leaves(
    node: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every figure of a report with its path, parameters and sentences aside."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for step, below in pairs:
        if step in ("parameters", "left_out"):
            continue
        if isinstance(below, dict | list):
            yield from leaves(below, (*path, step))
        else:
            yield (*path, step), below


def numbered(report: dict[str, Any]) -> dict[str, Any]:
    """The report as known on a day, with a different number for each count, so that each can be found."""
    report = copy.deepcopy(report)
    report["parameters"]["known_at"] = "2016-04-05T09:00:00+01:00"
    for number, (path, _value) in enumerate(list(leaves(report)), start=2001):
        replace(report, path, number)
    return report


def replace(report: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    node: Any = report
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value


def with_tables_left_out(published: dict[str, Any]) -> dict[str, Any]:
    """What is published where hiding small counts was not enough; no second day was asked for."""
    report = {**copy.deepcopy(published), "movement": None}
    report["parameters"]["movement_to"] = None
    gone = ("tactical.by_ward_and_level", "strategic.previous_year.new_by_quarter")
    report["tactical"]["by_ward_and_level"] = None
    report["strategic"]["previous_year"]["new_by_quarter"] = None
    report["tactical"]["aged_18_or_over"] = None
    report["left_out"] = [
        f"{key} is left out: {WHY}" for key in (*gone, "tactical.aged_18_or_over")
    ]
    return report


def emptied(report: dict[str, Any]) -> dict[str, Any]:
    """The report of a hub in which nothing happened."""
    report = copy.deepcopy(report)
    for path, _value in list(leaves(report)):
        replace(report, path, None if "peak_age" in path or "change_in_new_percent" in path else 0)
    report["strategic"]["new_by_age_and_gender"] = {"F": {}, "M": {}, "U": {}}
    for section, table in (
        ("strategic", "new_by_referral_source"),
        ("strategic", "closed_by_reason"),
        ("tactical", "by_constituency"),
        ("tactical", "by_ward_and_level"),
        ("crimes", "by_outcome"),
        ("crimes", "by_number_of_suspects"),
        ("crimes", "victim_age_by_offender_age_band"),
    ):
        report[section][table] = {}
    return report


# --- what the documents say ---------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_every_count_of_the_report_stands_in_each_document(
    full: dict[str, Any], said: Said, kind: str
) -> None:
    report, text = numbered(full), said("numbered", kind)
    found = set(re.findall(r"=?[\d,]+", text))
    missing = [
        path for path, n in leaves(report) if (f"={n}" if kind == "xlsx" else f"{n:,}") not in found
    ]
    assert not missing


def test_a_figure_stands_in_its_own_row_and_column(full: dict[str, Any], made: Made) -> None:
    report = numbered(full)
    wards = report["tactical"]["by_ward_and_level"]
    ward, levels = next((ward, row) for ward, row in wards.items() if ward in GEOGRAPHY)
    movement = report["movement"]["matrix"]["HIGH"]
    rows = sheets(made("numbered", "xlsx"))
    assert [
        ward,
        *(f"={levels[x]}" for x in ("HIGH", "MEDIUM", "LOW", "NO_RISK", "NOT_SET", "total")),
    ] in [row[:7] for row in rows["Open cases"]]
    columns = ("HIGH", "MEDIUM", "LOW", "NO_RISK", "NOT_SET", "CLOSED")
    assert ["High", *(f"={movement[x]}" for x in columns)] in [
        row[:7] for row in rows["Movement of risk levels"]
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_hidden_counts_stay_hidden_and_the_note_says_so(
    published: dict[str, Any], said: Said, kind: str
) -> None:
    laid_out = pages(published)
    assert any(value == "c" for _path, value in leaves(published))
    for path, value in leaves(published):
        if value == "c" and path[1] == "by_ethnic_group" and path[0] == "tactical":
            table = table_named(laid_out, "Ethnic group")
            assert line_of(table, label(str(path[2]))) == ["c"]
    text = said("published", kind)
    assert "c stands for a count that is hidden" in text
    assert "Counts of 1 to 5 are shown as c" in text


def test_the_documents_have_as_many_hidden_cells_as_the_layout(
    published: dict[str, Any], made: Made
) -> None:
    laid_out = pages(published)
    cells = [
        cell.value
        for section in laid_out.sections
        for table in section.tables
        for line in table.lines
        for cell in line.cells
    ]
    rows = sheets(made("published", "xlsx")).values()
    assert cells.count("c") >= sum(value == "c" for _path, value in leaves(published))
    assert word_cells(made("published", "docx")).count("c") == cells.count("c")
    assert sum(row.count("c") for sheet in rows for row in sheet) == cells.count("c")


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_left_out_is_said_to_be_left_out(
    published: dict[str, Any], said: Said, kind: str
) -> None:
    report, text = with_tables_left_out(published), said("with tables left out", kind)
    assert f"Left out: {WHY}" in text
    assert "Open cases, Ward and risk level: left out. Hiding small counts" in text
    assert line_of(table_named(pages(report), "Key figures", "Open cases"), "Aged 18 or over") == [
        "left out"
    ]


def test_the_movement_left_out_is_not_taken_for_one_never_asked_for(
    published: dict[str, Any],
) -> None:
    report = copy.deepcopy(published)
    for move in ("unchanged", "decreased", "increased", "not_comparable"):
        report["movement"][move] = None
    report["left_out"] = [f"movement is left out: {WHY}"]
    laid_out = pages(report)
    figures = table_named(laid_out, "Key figures", "Movement")
    assert {cell.text for line in figures.lines for cell in line.cells} == {"left out"}
    assert f"Movement of risk levels: left out. {WHY.capitalize()}" in laid_out.notes


@pytest.mark.parametrize("kind", KINDS)
def test_every_definition_is_printed(said: Said, kind: str) -> None:
    # A narrow column of a PDF breaks "sexual-offences" behind its hyphen.
    text = said("full", kind).replace("- ", "-")
    sentences = [d.sentence for key, d in DEFINITIONS.items() if "previous_year.new_by" not in key]
    meanings = [*sentences, *(meaning for _term, meaning in TERMS)]
    assert [said for said in meanings if plain(said).replace("- ", "-") not in text] == []


def test_each_table_and_figure_has_a_definition_of_this_version(full: dict[str, Any]) -> None:
    keys = {f"{section}.{key}" for section in list(full)[1:] for key in full[section]}
    keys |= {f"strategic.previous_year.{key}" for key in full["strategic"]["previous_year"]}
    assert set(DEFINITIONS) == keys - {"strategic.previous_year"}
    assert VERSION == OF_VERSION


def test_no_sentence_says_that_a_closing_lowered_a_risk() -> None:
    meanings = [d.sentence for d in DEFINITIONS.values()] + [meaning for _term, meaning in TERMS]
    for sentence in re.split(r"(?<=[.:;]) ", " ".join(meanings)):
        closing = re.search(r"\bclos(ed|ing|ure)", sentence)
        assert not (closing and re.search(r"lower|reduc|mitigat|improv|safer", sentence)), sentence


@pytest.mark.parametrize("kind", KINDS)
def test_each_document_carries_its_marking_and_stamps(said: Said, kind: str) -> None:
    for stamp in (
        "OFFICIAL-SENSITIVE",
        "Bradford",
        "29 March 2016",
        "5 April 2016, 09:00",
        "Version 1",
    ):
        assert stamp in said("numbered", kind)
    open_text = said("published", kind)
    assert "OFFICIAL-SENSITIVE" not in open_text
    assert "As known when made" in open_text


@pytest.mark.parametrize("kind", KINDS)
def test_a_hub_in_which_nothing_happened_has_its_report(
    full: dict[str, Any], kind: str, tmp_path: Path
) -> None:
    text = text_of(kind, document(emptied(full), kind), tmp_path)
    assert "Change in new episodes, %" in text
    assert "none" in text


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_second_day_the_movement_says_that_none_was_asked_for(
    said: Said, kind: str
) -> None:
    text = said("with tables left out", kind)
    assert "No second day was asked for, so no movement is counted." in text
    assert "Not asked for" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_looks_like_a_formula_or_markup_is_text(
    full: dict[str, Any], kind: str, tmp_path: Path
) -> None:
    report = copy.deepcopy(full)
    wards = report["tactical"]["by_ward_and_level"]
    for name in ODD_NAMES:
        wards[name] = wards.pop(next(iter(wards)))
    content = document(report, kind)
    text = text_of(kind, content, tmp_path)
    assert [name for name in ODD_NAMES if name not in text] == []
    if kind == "xlsx":
        file = zipfile.ZipFile(io.BytesIO(content))
        parts = [file.read(part) for part in file.namelist() if "worksheets/sheet" in part]
        assert not any(b"<f>" in part or b"hyperlink" in part.lower() for part in parts)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_report_gives_the_same_bytes(full: dict[str, Any], made: Made, kind: str) -> None:
    content = made("full", kind)
    assert content == document(copy.deepcopy(full), kind)
    if kind != "pdf":
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
        assert {entry.date_time[:3] for entry in entries} == {(1980, 1, 1)}
        core = zipfile.ZipFile(io.BytesIO(content)).read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2016-08-01T"}
    else:
        assert set(re.findall(rb"Date\(D:(\d{8})", content)) == {b"20160801"}


# --- accessibility --------------------------------------------------------------------------------


def test_the_pdf_declares_its_standard_title_and_language(made: Made) -> None:
    content = made("full", "pdf")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b"Appendix 1: data and statistics: Bradford" in content
    assert b"<rdf:li>en-GB</rdf:li>" in content
    assert b"OpenSans" in content


def test_word_headings_descend_by_one_and_tables_have_header_rows(made: Made) -> None:
    read = docx.Document(io.BytesIO(made("full", "docx")))
    names = [str(paragraph.style and paragraph.style.name) for paragraph in read.paragraphs]
    styles = [name for name in names if name.startswith(("Heading", "Title"))]
    assert styles[0] == "Title"
    assert set(styles[1:]) == {"Heading 1", "Heading 2"}
    assert styles[1] == "Heading 1"
    for table in read.tables:
        assert table.rows[0]._tr.find(f"{WORD}trPr/{WORD}tblHeader") is not None
        assert table._tbl.tblPr.find(f"{WORD}tblDescription").get(f"{WORD}val")


def test_the_spreadsheet_has_a_cover_a_sheet_for_each_section_and_frozen_heads(
    made: Made,
) -> None:
    content = made("full", "xlsx")
    assert list(sheets(content)) == [
        "Cover", "Strategic overview", "Open cases", "Movement of risk levels", "Crimes", "Missing",
        "Suspect management", "Definitions",
    ]  # fmt: skip
    file = zipfile.ZipFile(io.BytesIO(content))
    assert all(b"<pane" in file.read(f"xl/worksheets/sheet{place}.xml") for place in range(1, 9))


# --- shares, labels -------------------------------------------------------------------------------


def test_a_share_has_one_decimal_and_its_base_half_away_from_zero() -> None:
    assert share(27, 37) == "73.0% (27 of 37)"
    assert share(1, 16) == "6.3% (1 of 16)"  # 6.25
    assert share(1, 2000) == "0.1% (1 of 2,000)"  # 0.05
    assert share(0, 0) == ""


def test_a_published_share_never_tells_what_is_hidden() -> None:
    assert share("c", 37, published=True) == ""
    assert share(30, "c", published=True) == ""
    assert share(35, 37, [2], published=True) == ""
    assert share(35, 37, [2]) != ""
    assert share(20, 37, ["c", "c"], published=True) == ""
    assert share(20, 37, ["c", 0], published=True) == ""
    assert share(20, 37, ["c", 10], published=True) == "54.1% (20 of 37)"


def test_published_rows_show_a_percentage_only_beside_shown_parts(
    published: dict[str, Any],
) -> None:
    for section in pages(published).sections:
        for table in section.tables:
            for line in table.lines:
                assert all(cell.value != "c" for cell in line.cells if cell.share)


def test_labels_are_the_practitioners_words() -> None:
    assert [label(code) for code in ("HIGH", "NO_RISK", "OUT_OF_AREA", "25_35")] == [
        "High", "No CSE risk", "Out of area", "25 to 35",
    ]  # fmt: skip
    assert label("NO_RISK", published=True) == "No CSE risk or not set"
    assert label("MOVED", "closure_reasons") == "Moved out of the district"
    assert label("6", "referral_sources") == "Police (6)"
    assert label("NEW", "crime_outcomes") == "Under investigation (NEW)"


def test_what_is_no_ward_stands_after_the_wards(full: dict[str, Any]) -> None:
    names = [line.label for line in table_named(pages(full), "Ward and risk level").lines]
    apart = [name for name in names if name in ("Out of area", "Confidential", "Not recorded")]
    assert apart
    assert names[-1 - len(apart) :] == [*apart, "Total"]
