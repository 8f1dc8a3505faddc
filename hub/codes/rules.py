"""Code lists as data files, each with its source in data/SOURCES.md: read once, never changed at run time."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data"
NOT_RECORDED = "NOT_RECORDED"


@dataclass(frozen=True)
class Code:
    """One entry of a code list: its label and, where the list has them, its groups."""

    code: str
    label: str
    group: str = ""
    census_group: str = ""


@cache
def code_list(name: str) -> Mapping[str, Code]:
    """Give a list by its file's name (`closure_reasons`, `ethnicity`, ...), code to entry, in file order."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [_entry(row) for row in csv.DictReader(file)]
    return MappingProxyType({row.code: row for row in rows})


def _entry(row: dict[str, str]) -> Code:
    group = row.get("report_group") or row.get("group") or ""
    return Code(row["code"], row["label"], group, row.get("census_group") or "")


def ethnic_groups(code: str) -> tuple[str, str]:
    """Give the report's and the census's group of a DfE or police 16+1 code (Appendix 1 definitions)."""
    entry = code_list("ethnicity").get(code) or code_list("ethnicity_16plus1").get(code)
    return (entry.group, entry.census_group) if entry else (NOT_RECORDED, NOT_RECORDED)


@dataclass(frozen=True)
class WardRow:
    """A ward of a boundary set, valid from a day to a day (the last day included)."""

    code: str
    name: str
    constituency_code: str
    constituency: str
    valid_from: str
    valid_to: str


def ward_rows(file: str) -> list[WardRow]:
    """Read a district's wards from its data file (`wards`, `wards_kirklees`)."""
    with (DATA / f"{file}.csv").open(encoding="utf-8", newline="") as handle:
        return [
            WardRow(
                row["ward_code"],
                row["ward"],
                row["constituency_code"],
                row["constituency"],
                row["valid_from"],
                row["valid_to"],
            )
            for row in csv.DictReader(handle)
        ]
