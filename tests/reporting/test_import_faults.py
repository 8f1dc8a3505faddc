"""A bad extract: every fault is named by file, line and column, and nothing at all is written."""

import csv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hub.facts.models import FactSource
from partners.partnerships.models import Partnership
from referrals.children.models import Address, Child
from referrals.children.rules.check_digits import nhs_number_checks, upn_checks
from reporting.extracts.actions import ExtractRefused, NotAnExtract
from reporting.extracts.rules.facts import FACTS, IDENTITIES
from reporting.extracts.rules.outcome import Fault, formula_safe
from risk.levels.models import RiskLevel
from tests.reporting.importing import (
    CRIME,
    E1,
    JODIE,
    Heard,
    counts,
    import_files,
    level,
    take,
    write_extract,
)

pytestmark = pytest.mark.django_db

MARGO = {**JODIE, "child_id": "C2", "forenames": "Margo"}
E2 = {**E1, "episode_id": "E2", "child_id": "C2"}


def nothing_written() -> bool:
    """No table of records has a row, and not even the partnership was made."""
    with connection.cursor() as cursor:
        for table in [*IDENTITIES.values(), *(fact.table for fact in FACTS)]:
            cursor.execute(f"SELECT count(*) FROM {table}")
            if cursor.fetchone() != (0,):
                return False
    return not FactSource.objects.exists() and not Partnership.objects.exists()


def faults_of(folder: Path, **files: Any) -> list[str]:
    """Import what must be refused, and give its faults."""
    heard = Heard()
    write_extract(folder, **files)
    with pytest.raises(ExtractRefused):
        take(folder, listener=heard)
    assert nothing_written()
    return heard.faults


NO_TIMESTAMP = "is not a timestamp (YYYY-MM-DDTHH:MM, with or without an offset)"


# The file, the row of a new thing in it, and what is said of its cell.
BAD_CELLS: list[tuple[str, dict[str, str], str]] = [
    ("children", {"date_of_birth": "31/02/2001"},
     "date_of_birth: is not a date (YYYY-MM-DD or DD/MM/YYYY) (31/02/2001)"),
    ("children", {"date_of_birth": "2001-5-3"},
     "date_of_birth: is not a date (YYYY-MM-DD or DD/MM/YYYY) (2001-5-3)"),
    ("children", {"child_id": "C1", "date_of_birth": "2015-04-03"},
     "date_of_birth: lies after the first referral, 2015-04-02 (2015-04-03)"),
    ("children", {"gender": "X"}, "gender: is none of F, M, U (X)"),
    ("children", {"ethnicity": "W1"}, "ethnicity: is not in the code list (W1)"),
    ("children", {"surname": " "}, "surname: is empty"),
    ("children", {"forenames": "x" * 121},
     f"forenames: is longer than 120 characters ({'x' * 80}...)"),
    ("children", {"nhs_number": "12345"}, "nhs_number: is not an NHS number of ten digits (12345)"),
    ("children", {"upn": "123"}, "upn: is not a UPN (a letter, eleven digits, a digit or letter) (123)"),
    ("children", {"learning_disability": "yes"}, "learning_disability: is neither Y nor N (yes)"),
    ("children", {"child_id": "N5"}, "child_id: is given already on line 5 (N5)"),
    ("episodes", {"child_id": "C9"}, "child_id: is not in children.csv (C9)"),
    ("episodes", {"closed_on": "2015-04-01"}, "closed_on: lies before referred_on (2015-04-01)"),
    ("episodes", {"exploitation_types": "CSE,CCE"},
     "exploitation_types: is not a list of types such as CSE;CCE (CSE,CCE)"),
    ("episodes", {"referral_source": "ZZ"}, "referral_source: is not in the code list (ZZ)"),
    ("addresses", {"to_date": "30/04/2015"}, "to_date: lies before from_date (30/04/2015)"),
    ("addresses", {"ward": "Tong"}, "ward: is not a ward's GSS code (Tong)"),
    ("risk_levels", {"level": "high"}, "level: is none of HIGH, MEDIUM, LOW, NO_RISK (high)"),
    ("risk_levels", {"recorded_at": "2015-05-01T25:00"},
     f"recorded_at: {NO_TIMESTAMP} (2015-05-01T25:00)"),
    ("crimes", {"cse_tag": ""}, "cse_tag: is empty"),
    ("crimes", {"victim_child_id": "C9"}, "victim_child_id: is not in children.csv (C9)"),
]  # fmt: skip
OWN_ID = {"children": "child_id", "episodes": "episode_id", "crimes": "crime_ref"}
GOOD: dict[str, dict[str, str]] = {
    "children": JODIE,
    "episodes": E1,
    "addresses": {"child_id": "C1", "from_date": "2015-05-01"},
    "risk_levels": level("2015-05-01", "LOW"),
    "crimes": CRIME,
}


def test_each_bad_cell_is_named(tmp_path: Path) -> None:
    files: dict[str, list[dict[str, str]]] = {"episodes": [E1]}
    expected = []
    for file, cell, fault in BAD_CELLS:
        rows = files.setdefault(file, [])
        line = len(rows) + 2
        own = {OWN_ID[file]: f"N{line}"} if file in OWN_ID else {}
        rows.append({**GOOD[file], **own, **cell})
        expected.append(f"{file}.csv:{line}: {fault}")
    assert sorted(faults_of(tmp_path, **files)) == sorted(expected)


def test_what_is_on_record_nowhere_and_in_no_file_is_named(tmp_path: Path) -> None:
    link = {"crime_ref": "K9", "suspect_id": "S1"}
    assert faults_of(tmp_path, crime_suspects=[link], suspects=[{"suspect_id": "S1"}]) == [
        "crime_suspects.csv:2: crime_ref: is not on record, and there is no crimes.csv (K9)"
    ]


HEADER = "episode_id,child_id,referred_on"


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (None, ["episodes.csv:1: file: is missing"]),
        ("", ["episodes.csv:1: file: is empty: it has no header row"]),
        (f"{HEADER}\nE1,C1\n", ["episodes.csv:2: row: has 2 cells where the header has 3 (E1)"]),
        (f"{HEADER}\nE1,C1,2015-04-02,x\n", ["episodes.csv:2: row: has 4 cells where the header has 3 (E1)"]),
        ("episode_id,child_id\nE1,C1\n", ["episodes.csv:1: referred_on: is missing from the header"]),
        (f"{HEADER},child_id\nE1,C1,2015-04-02,C1\n", ["episodes.csv:1: child_id: is in the header twice"]),
        (f'{HEADER}\nE1,C1,"2015-04-02\n',
         ["episodes.csv:2: row: cannot be read as CSV: unexpected end of data"]),
        (f'{HEADER}\nE1,"C1"x,2015-04-02\n',
         ["episodes.csv:2: row: cannot be read as CSV: ',' expected after '\"'"]),
        (f"{HEADER},referring_agency\nE1,C1,2015-04-02,a\0b\n",
         ["episodes.csv:2: referring_agency: holds a NUL character (a\\0b)"]),
        (f"{HEADER},referring_agency\nE1,C1,2015-04-02,caf".encode() + b"\xe9\n",
         ["episodes.csv:2: referring_agency: is not UTF-8 (caf\\udce9)"]),
        (f'{HEADER},referring_agency\nE1,C1,2015-04-02,"two\nlines"\nE2,C1,x,\n',
         ["episodes.csv:4: referred_on: is not a date (YYYY-MM-DD or DD/MM/YYYY) (x)"]),
        (f"{HEADER}\n" + "x" * 1_100_000, ["episodes.csv:2: file: a line is longer than 1000000 characters"]),
        (f"{HEADER}\nE1,C1,{'x' * 200_000}\n",
         ["episodes.csv:2: row: cannot be read as CSV: field larger than field limit (131072)"]),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_by_the_line_where_its_record_starts(
    content: str | bytes | None, faults: list[str], tmp_path: Path
) -> None:
    assert faults_of(tmp_path, episodes=content) == faults


def test_a_lone_carriage_return_within_a_cell_is_plain_data(tmp_path: Path) -> None:
    import_files(
        tmp_path, risk_levels='episode_id,set_on,level,rationale\nE1,2015-05-01,LOW,"a\rb"\n'
    )
    assert RiskLevel.objects.get().rationale == "a\rb"


def test_every_fault_of_every_file_is_listed_at_once(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path,
        children=[{**JODIE, "gender": "X", "date_of_birth": "soon"}, {**JODIE, "child_id": ""}],
        episodes=[E1, {**E1, "child_id": "C7", "referred_on": "1/2/2015"}],
        risk_levels=[level("2015-05-01", "LOW", "E9"), level("x", "y")],
    )
    assert [fault.split(": ")[:2] for fault in found] == [
        ["children.csv:2", "date_of_birth"],
        ["children.csv:2", "gender"],
        ["children.csv:3", "child_id"],
        ["episodes.csv:3", "child_id"],
        ["episodes.csv:3", "episode_id"],
        ["episodes.csv:3", "referred_on"],
        ["risk_levels.csv:2", "episode_id"],
        ["risk_levels.csv:3", "level"],
        ["risk_levels.csv:3", "set_on"],
    ]


def test_a_failure_half_way_through_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        assert Child.objects.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr("reporting.extracts.actions.writing.refresh", fail)
    write_extract(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        take(tmp_path)
    assert nothing_written()


# --- what is no extract at all --------------------------------------------------------------------


def test_what_is_no_extract_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    half = tmp_path / "half.zip"
    _zip(half, {"children.csv": "x" * 10_000})
    half.write_bytes(half.read_bytes()[:60])
    (tmp_path / "not.zip").write_text("plain")
    cases = {
        "absent": "There is no folder or .zip file",
        "empty": "holds none of the extract's files",
        "half.zip": "neither a folder nor a whole .zip",
        "not.zip": "neither a folder nor a whole .zip",
    }
    for name, words in cases.items():
        with pytest.raises(NotAnExtract, match=words):
            take(tmp_path / name)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (["../children.csv"], "outside itself"),
        (["/children.csv"], "outside itself"),
        (["a\\..\\children.csv"], "holds none|outside itself"),
        (["children.csv", "children.csv"], "is in it twice"),
        (["a/children.csv", "b/episodes.csv"], "in several folders"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_plays_tricks_is_refused(members: list[str], words: str, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.writestr(member, "child_id\n")
    with pytest.raises(NotAnExtract, match=words):
        take(path)


def test_a_zip_whose_bytes_are_damaged_is_a_fault_of_its_file(tmp_path: Path) -> None:
    folder = write_extract(tmp_path / "x")
    path = tmp_path / "x.zip"
    _zip(path, {file.name: file.read_text() for file in folder.iterdir()})
    data = bytearray(path.read_bytes())
    data[data.index(b"Jodie")] ^= 1
    path.write_bytes(bytes(data))
    heard = Heard()
    with pytest.raises(ExtractRefused):
        take(path, listener=heard)
    assert heard.faults[0].startswith("children.csv:1: file: cannot be read to its end: Bad CRC-32")
    assert nothing_written()


def _zip(path: Path, members: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)


# --- --skip-bad-rows ------------------------------------------------------------------------------


def rejected(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / f"{file}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_bad_rows_and_those_that_hang_on_them_are_set_aside_with_reasons(tmp_path: Path) -> None:
    aside = tmp_path / "rejected"
    write_extract(
        tmp_path / "x",
        children=[{**JODIE, "gender": "X"}, MARGO],
        episodes=[E1, E2, {**E2, "episode_id": "E3", "referred_on": "never"}],
        risk_levels=[
            level("2015-05-01", "LOW", "E1"),
            level("2015-05-01", "LOW", "E2", rationale="=1+1"),
            level("2015-05-02", "MIDDLING", "E2", rationale="two\nlines"),
            level("2015-05-01", "LOW", "E3"),
        ],
        crimes=[{**CRIME, "victim_child_id": "C1"}],
        suspects=[{"suspect_id": "S1"}],
        crime_suspects=[{"crime_ref": "K1", "suspect_id": "S1"}],
    )
    result = take(tmp_path / "x", skip_bad_rows=True, rejected_to=aside)
    assert [child.reference for child in Child.objects.all()] == ["C2"]
    assert RiskLevel.objects.get().rationale == "=1+1"
    assert [(line.file, line.refused) for line in result.files] == [
        ("children.csv", 1), ("episodes.csv", 2), ("risk_levels.csv", 3), ("crimes.csv", 1),
        ("suspects.csv", 0), ("crime_suspects.csv", 1),
    ]  # fmt: skip
    assert all(line.read == line.new + line.refused for line in result.files)
    levels = rejected(aside, "risk_levels")
    assert [
        (row["episode_id"], row["rejected_line"], row["rejected_because"]) for row in levels
    ] == [
        ("E1", "2", "episode_id hangs on a refused row of episodes.csv"),
        ("E2", "4", "level is none of HIGH, MEDIUM, LOW, NO_RISK"),
        ("E3", "6", "episode_id hangs on a refused row of episodes.csv"),
    ]
    assert levels[1]["rationale"] == "two\nlines"
    assert not (aside / "suspects.csv").exists()


def test_a_refused_row_does_not_withdraw_what_is_on_record(tmp_path: Path) -> None:
    import_files(
        tmp_path / "x",
        children=[JODIE, MARGO],
        episodes=[E1, E2],
        risk_levels=[level("2015-05-01", "LOW"), level("2015-05-01", "LOW", "E2")],
        addresses=[{"child_id": "C2", "from_date": "2015-05-01"}],
    )
    write_extract(
        tmp_path / "x",
        children=[JODIE, {**MARGO, "gender": "X"}],
        episodes=[E1, E2],
        risk_levels=[level("2015-05-01", "LOUD"), level("2015-05-01", "LOW", "E2")],
        addresses=[],
    )
    result = take(tmp_path / "x", skip_bad_rows=True, rejected_to=tmp_path / "r")
    assert not result.changes
    assert RiskLevel.objects.known().count() == 2
    assert Address.objects.known().count() == 1


def test_of_two_rows_with_one_id_the_first_stands(tmp_path: Path) -> None:
    write_extract(tmp_path / "x", children=[JODIE, {**JODIE, "surname": "Other"}])
    result = take(tmp_path / "x", skip_bad_rows=True, rejected_to=tmp_path / "r")
    assert Child.objects.get().surname == "Fenwick"
    assert counts(result, "episodes").new == 1


def test_a_file_that_cannot_be_read_is_not_skipped(tmp_path: Path) -> None:
    write_extract(tmp_path / "x", risk_levels="episode_id,level\nE1,LOW\n")
    with pytest.raises(ExtractRefused):
        take(tmp_path / "x", skip_bad_rows=True, rejected_to=tmp_path / "r")
    assert nothing_written()
    assert not (tmp_path / "r").exists()


# --- rules ----------------------------------------------------------------------------------------


def test_nhs_numbers_have_a_check_digit_of_modulus_11() -> None:
    assert nhs_number_checks("9434765919")
    assert not nhs_number_checks("9434765918")
    assert nhs_number_checks("0000000000")
    # A remainder of one has no check digit at all.
    assert not any(nhs_number_checks(f"000000006{digit}") for digit in range(10))


def test_upns_have_a_check_letter_of_modulus_23() -> None:
    good = [f"{letter}80120000101{end}" for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" for end in "1A"]
    assert sum(upn_checks(upn + "") for upn in good if len(upn) == 13) == 2
    assert not upn_checks("A80120000101S")


def test_a_fault_is_shown_on_one_line_and_safe_for_a_spreadsheet() -> None:
    assert (
        str(Fault("a.csv", 2, "c", "is odd", "x\ny\x1b[1m")) == "a.csv:2: c: is odd (x\\ny\\x1b[1m)"
    )
    assert formula_safe("=1+1") == "'=1+1"
    assert formula_safe("plain") == "plain"


def test_a_folder_or_file_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_extract(tmp_path)
    (tmp_path / "aliases.csv").mkdir()
    heard = Heard()
    with pytest.raises(ExtractRefused):
        take(tmp_path, listener=heard)
    assert heard.faults[0].startswith("aliases.csv:1: file: cannot be read to its end")

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(NotAnExtract, match="Permission denied"):
        take(tmp_path)


def test_a_date_of_birth_after_a_referral_on_record_is_a_fault(tmp_path: Path) -> None:
    import_files(tmp_path / "first", children=[JODIE], episodes=[E1])
    heard = Heard()
    later = {**JODIE, "date_of_birth": "2016-02-28"}
    write_extract(
        tmp_path / "second", children=[later], episodes="episode_id,child_id,referred_on\n"
    )
    with pytest.raises(ExtractRefused):
        take(tmp_path / "second", listener=heard)
    assert len(heard.faults) == 1
    assert heard.faults[0].startswith(
        "children.csv:2: date_of_birth: lies after the first referral"
    )


def test_a_victim_born_after_the_offence_is_an_oddity(tmp_path: Path) -> None:
    heard = Heard()
    late = {**CRIME, "victim_date_of_birth": "2020-01-01"}
    write_extract(tmp_path, children=[JODIE], episodes=[E1], crimes=[late])
    take(tmp_path, listener=heard)
    assert any("lies before victim_date_of_birth" in warning for warning in heard.warnings)
