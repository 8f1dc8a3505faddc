"""The command that makes an extract: what it writes, and what it says of wrong options."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.oracle.reading import read
from tests.reporting.demo_extracts import extract_of


def test_the_command_writes_a_demo_district_and_says_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("make_extract", demo="kirklees", today="2016-12-31", output=str(tmp_path / "k"))
    found = read(tmp_path / "k")
    assert len(found["episodes"]) == len(extract_of("kirklees", date(2016, 12, 31))["episodes"])
    assert f"episodes.csv: {len(found['episodes']):,} rows" in capsys.readouterr().out


def test_the_command_replaces_an_earlier_extract(tmp_path: Path) -> None:
    for episodes in ("30", "20"):
        call_command("make_extract", episodes=episodes, seed="1", output=str(tmp_path))
    assert len(read(tmp_path)["episodes"]) == 20


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "--output"),
        ({"output": "x"}, "--episodes is missing"),
        ({"output": "x", "episodes": "10"}, "--seed is missing"),
        ({"output": "x", "episodes": "0", "seed": "1"}, "'0' is not a whole number"),
        ({"output": "x", "episodes": "-3", "seed": "1"}, "'-3' is not a whole number"),
        ({"output": "x", "episodes": "9" * 5000, "seed": "1"}, "is not a whole number"),
        ({"output": "x", "episodes": "ten", "seed": "1"}, "'ten' is not a whole number"),
        ({"output": "x", "episodes": "10", "seed": "x"}, "--seed: 'x'"),
        ({"output": "x", "demo": "leeds"}, "'leeds' is not one of bradford, kirklees"),
        ({"output": "x", "demo": "bradford", "seed": "1"}, "not both"),
        ({"output": "x", "demo": "bradford", "today": "30/06/2016"}, "not a date like"),
        ({"output": "x", "demo": "bradford", "today": "1999-01-01"}, "not between 2014 and 2100"),
    ],
)
def test_the_command_says_what_is_wrong_with_an_option(
    options: dict[str, str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=message):
        call_command("make_extract", **options)
    assert list(tmp_path.iterdir()) == []


def test_the_command_refuses_a_folder_that_holds_anything_else(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CommandError, match=r"notes\.txt"):
        call_command("make_extract", episodes="5", seed="1", output=str(tmp_path))
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("make_extract", episodes="5", seed="1", output=str(tmp_path / "notes.txt"))
    with pytest.raises(CommandError, match="Cannot write"):
        call_command(
            "make_extract", episodes="5", seed="1", output=str(tmp_path / "notes.txt" / "in")
        )
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
