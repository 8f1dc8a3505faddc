"""Code lists and wards are read cell by cell from files of any shape that the lists have."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.codes import rules
from hub.codes.rules import NOT_RECORDED, Code, WardRow, code_list, ethnic_groups, ward_rows

WARDS = """ward_code,ward,constituency_code,constituency,valid_from,valid_to
E1,"Moor,\r\nUpper",C1,Northdale,2004-05-01,2018-03-31
E2,Fell,C2,Southdale,2018-04-01,
"""


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of lists in the place of the shipped ones."""
    monkeypatch.setattr(rules, "DATA", tmp_path)
    code_list.cache_clear()
    yield tmp_path
    code_list.cache_clear()


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.csv").write_bytes(text.encode())


def test_a_list_without_groups_has_codes_and_labels(lists: Path) -> None:
    write(lists, "plain", "code,label\nA,Ärger\nB,Other\n")
    assert dict(code_list("plain")) == {"A": Code("A", "Ärger"), "B": Code("B", "Other", "", "")}


def test_the_reports_group_goes_before_a_group_of_another_name(lists: Path) -> None:
    write(lists, "one", "code,label,group\nA,a,open\nB,b,\n")
    write(lists, "two", "code,label,group,report_group,census_group\nA,a,x,Other,White\n")
    assert [entry.group for entry in code_list("one").values()] == ["open", ""]
    assert code_list("two")["A"] == Code("A", "a", "Other", "White")


def test_an_ethnicity_is_looked_up_in_the_dfes_list_and_then_in_the_polices(lists: Path) -> None:
    write(lists, "ethnicity", "code,label,report_group,census_group\nA,a,Other,White\n")
    write(lists, "ethnicity_16plus1", "code,label,report_group\nA,a,Asian\nB,b,Black\n")
    assert ethnic_groups("A") == ("Other", "White")
    assert ethnic_groups("B") == ("Black", "")
    assert ethnic_groups("C") == (NOT_RECORDED, NOT_RECORDED)


def test_a_ward_has_its_names_its_constituency_and_its_days(lists: Path) -> None:
    write(lists, "wards_of_dale", WARDS)
    assert ward_rows("wards_of_dale") == [
        WardRow("E1", "Moor,\r\nUpper", "C1", "Northdale", "2004-05-01", "2018-03-31"),
        WardRow("E2", "Fell", "C2", "Southdale", "2018-04-01", ""),
    ]
