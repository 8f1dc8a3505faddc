"""`manage.py import_extract`: its options, its lists, its exit status, and two of it at once."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hub.accounts.models import User
from hub.facts.models import FactSource
from partners.partnerships.models import Partnership
from reporting.extracts.actions import IMPORT_LOCKS
from risk.levels.models import RiskLevel
from tests.reporting.importing import E1, JODIE, Heard, level, take, write_extract


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("import_extract", *arguments, stdout=out, no_color=True, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_it_ends_with_the_reconciliation(here: Path) -> None:
    write_extract(here / "x", notes="a\n", risk_levels=[level("2016-05-01", "LOW")])
    said = run("x")
    assert "Note: notes.csv is not a file of the extract and was left aside." in said
    line = next(line for line in said.splitlines() if line.startswith("risk_levels.csv"))
    assert line.split() == ["risk_levels.csv", "1", "1", "0", "0", "0", "0", "0", "0"]
    assert "open, LOW" in said
    assert said.splitlines()[-1].startswith("Imported: known from 20")
    assert run("x").splitlines()[-1] == "Nothing changed: all of it was on record already."


@pytest.mark.django_db
def test_faults_are_printed_and_written_to_a_file_that_a_spreadsheet_may_open(here: Path) -> None:
    write_extract(
        here / "x",
        children=[{**JODIE, "gender": "=cmd()"}, {**JODIE, "child_id": "C2", "gender": "Q"}],
    )
    out = StringIO()
    people = User.objects.count()
    with pytest.raises(CommandError, match="Nothing was imported: 2 faults") as raised:
        call_command("import_extract", "x", stdout=out)
    assert raised.value.returncode == 1
    assert out.getvalue().splitlines() == [
        "children.csv:2: gender: is none of F, M, U (=cmd())",
        "children.csv:3: gender: is none of F, M, U (Q)",
    ]
    with (here / "import-errors.csv").open(newline="") as handle:
        rows = list(csv.reader(handle))
    assert rows[1] == ["children.csv", "2", "gender", "is none of F, M, U", "'=cmd()"]
    assert len(rows) == 3
    # Not even the operator's account is left of a refused import.
    assert User.objects.count() == people


@pytest.mark.django_db
def test_the_lists_go_where_they_are_asked_to(here: Path) -> None:
    late = [level(f"2016-{month:02}-01", "LOW") for month in range(1, 13)] * 2
    write_extract(
        here / "x",
        episodes=[{**E1, "closed_on": "2015-05-01"}],
        risk_levels=[*late, level("x", "LOW")],
    )
    said = run(
        "x",
        "--skip-bad-rows",
        "--rejected-to",
        "aside",
        "--errors-to",
        "e.csv",
        "--warnings-to",
        "w.csv",
    )
    assert sum(line.startswith("Warning: ") for line in said.splitlines()) == 20
    assert "... and 4 warnings more (--warnings-to lists all)." in said
    assert len((here / "w.csv").read_text().splitlines()) == 25
    assert len((here / "e.csv").read_text().splitlines()) == 2
    assert (here / "aside" / "risk_levels.csv").exists()
    assert RiskLevel.objects.count() == 24


@pytest.mark.django_db
def test_lists_of_an_earlier_import_do_not_pass_for_those_of_a_clean_one(here: Path) -> None:
    bad = [{**JODIE, "child_id": "C2", "gender": "X"}]
    write_extract(here / "x", children=[JODIE, *bad])
    run("x", "--skip-bad-rows", "--warnings-to", "w.csv")
    assert (here / "rejected" / "children.csv").exists()
    (here / "w.csv").write_text("file,line,column,problem,value\nodd\n")
    (here / "rejected" / "aliases.csv").write_text("child_id,name\nC1,Jo\n")
    write_extract(here / "x")
    run("x", "--warnings-to", "w.csv")
    left = sorted(str(path.relative_to(here)) for path in here.rglob("*.csv"))
    # What somebody else laid there stays.
    assert left == ["rejected/aliases.csv", "x/children.csv", "x/episodes.csv"]


@pytest.mark.django_db
def test_a_file_that_is_no_list_of_faults_is_not_taken_for_one(here: Path) -> None:
    (here / "import-errors.csv").write_text("somebody,else\n")
    write_extract(here / "x")
    run("x")
    assert (here / "import-errors.csv").read_text() == "somebody,else\n"


@pytest.mark.django_db
def test_rows_rejected_earlier_stay_while_an_import_is_refused(here: Path) -> None:
    write_extract(here / "x", children=[JODIE, {**JODIE, "child_id": "C2", "gender": "X"}])
    run("x", "--skip-bad-rows")
    with pytest.raises(CommandError):
        run("x")
    assert (here / "rejected" / "children.csv").exists()
    assert (here / "import-errors.csv").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent"], "There is no folder or .zip file absent"),
        (
            ["x", "--partnership", "mordor"],
            "No partnership has the code mordor. Known: bradford, kirklees",
        ),
        (["x", "--partnership", ""], "No partnership has the code"),
        (["rejected", "--skip-bad-rows"], "is where refused rows go"),
        (["bad", "--errors-to", "no/such/folder.csv"], "cannot be written"),
        (["bad", "--skip-bad-rows", "--rejected-to", "x/children.csv"], "cannot be written"),
    ],
)
def test_a_bad_option_is_answered_in_words(here: Path, arguments: list[str], words: str) -> None:
    write_extract(here / "x")
    write_extract(here / "bad", children=[JODIE, {**JODIE, "child_id": "C2", "gender": "X"}])
    with pytest.raises(CommandError) as raised:
        run(*arguments)
    assert words in str(raised.value)
    assert not Partnership.objects.exists()


@pytest.mark.django_db
def test_an_interrupted_import_says_that_nothing_was_written(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reporting.extracts.actions.writing.refresh", interrupt)
    write_extract(here / "x")
    with pytest.raises(CommandError, match="nothing was written") as raised:
        run("x")
    assert raised.value.returncode == 130
    assert not FactSource.objects.exists()


@pytest.mark.race
@pytest.mark.django_db
def test_a_second_import_of_the_same_partnership_waits_for_the_first(here: Path) -> None:
    """Another connection holds the lock of an import, and lets go once this one says that it waits."""
    other: Any = connection.get_new_connection(connection.get_connection_params())
    heard = Heard()

    def note(text: str) -> None:
        heard.notes.append(text)
        other.rollback()

    heard.note = note  # type: ignore[method-assign]  # this listener ends the first import
    try:
        other.autocommit = False
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext('bradford'))", [IMPORT_LOCKS])
        take(write_extract(here / "x"), partnership_code="kirklees", listener=heard)
        assert heard.notes == []
        take(here / "x", listener=heard)
    finally:
        other.close()
    assert heard.notes == [
        "Another import of this partnership is running: waiting until it has ended."
    ]
