"""Code lists: read whole from their files, each with its source, none changed at run time."""

import csv
from collections.abc import MutableMapping
from datetime import date
from typing import cast

import pytest

from hub.codes.rules import DATA, NOT_RECORDED, Code, code_list, ethnic_groups, ward_rows

LISTS = ("closure_reasons", "crime_outcomes", "ethnicity", "ethnicity_16plus1", "offence_codes",
         "referral_sources")  # fmt: skip
WARDS = {"wards": 30, "wards_kirklees": 23}


@pytest.mark.parametrize("name", LISTS)
def test_every_row_of_a_list_is_read_once_with_a_label(name: str) -> None:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert list(code_list(name)) == codes
    assert len(set(codes)) == len(codes)
    assert all(entry.label for entry in code_list(name).values())


def test_a_list_cannot_be_changed_while_the_hub_runs() -> None:
    with pytest.raises(TypeError):
        cast(MutableMapping[str, Code], code_list("ethnicity"))["XXXX"] = Code("XXXX", "X")


def test_every_data_file_has_its_source_written_down() -> None:
    sources = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    assert [path.name for path in DATA.glob("*.csv") if path.name not in sources] == []


@pytest.mark.parametrize("name", ["ethnicity", "ethnicity_16plus1"])
def test_every_ethnicity_of_either_list_has_both_groups(name: str) -> None:
    assert all(all(ethnic_groups(code)) for code in code_list(name))


def test_an_ethnicity_that_no_list_has_is_not_recorded() -> None:
    assert ethnic_groups("") == ethnic_groups("ZZZZ") == (NOT_RECORDED, NOT_RECORDED)


@pytest.mark.parametrize("file", WARDS)
def test_a_district_has_its_wards_in_one_boundary_set(file: str) -> None:
    rows = ward_rows(file)
    assert len({row.code for row in rows}) == len(rows) == WARDS[file]
    assert len({(row.valid_from, row.valid_to) for row in rows}) == 1
    assert all(row.name and row.constituency and date.fromisoformat(row.valid_from) for row in rows)
