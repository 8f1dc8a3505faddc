"""docs/coverage.md says what is there and what is not: it may neither lose a thing nor claim too much."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "coverage.md"
NUMBERS = range(1, 233)
STATES = ("there", "in part", "not yet")
NONE = "-"


class Row(NamedTuple):
    """A line of the page's tables, cell by cell, without the backticks."""

    number: str
    what: str
    state: str
    where: str
    shown_by: str
    missing: str


def rows(page: str) -> list[Row]:
    lines = [line for line in page.splitlines() if re.match(r"\| *\d", line)]
    return [Row(*_cells(line)) for line in lines]


def _cells(line: str) -> list[str]:
    cells = [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]
    assert len(cells) == len(Row._fields), f"{line} has {len(cells)} cells"
    return cells


def faults(page: str) -> list[str]:
    """Everything that is wrong with the page, in words."""
    found = rows(page)
    return [
        *_numbering(found),
        *_sums(page, found),
        *(f"{row.number}: {fault}" for row in found for fault in _of_row(row)),
    ]


def _numbering(found: list[Row]) -> list[str]:
    counts = Counter(row.number for row in found)
    expected = {str(number) for number in NUMBERS}
    absent = [f"{number} is absent" for number in sorted(expected - counts.keys(), key=int)]
    strange = [f"{number} is not asked for" for number in counts if number not in expected]
    return (
        absent + strange + [f"{number} is there twice" for number in counts if counts[number] > 1]
    )


def _sums(page: str, found: list[Row]) -> list[str]:
    counts = Counter(row.state for row in found)
    sentence = "Of the 232: " + ", ".join(f"{counts[state]} {state}" for state in STATES) + "."
    return [] if sentence in page else [f"the page does not say: {sentence}"]


def _of_row(row: Row) -> list[str]:
    wrong = [] if row.what not in ("", NONE) else ["says nothing of what it is"]
    if row.state not in STATES:
        return [*wrong, f"{row.state} is no state"]
    if row.state == "not yet":
        empty = row.where == row.shown_by == row.missing == NONE
        return wrong if empty else [*wrong, "is not yet there, but names something"]
    if (row.missing == NONE) != (row.state == "there"):
        wrong.append("what is missing is said of a thing in part, and of no other")
    return wrong + _path_fault(row.where) + _test_fault(row.shown_by)


def _path_fault(path: str) -> list[str]:
    named = path != NONE and (ROOT / path).exists()
    return [] if named else [f"no path {path}"]


def _test_fault(test: str) -> list[str]:
    path, _, function = test.partition("::")
    file = ROOT / path
    if not (path.startswith("tests/") and file.is_file() and file.name.startswith("test_")):
        return [f"no test file {path}"]
    return [] if function in _tests_of(file) else [f"no test {test}"]


def _tests_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return {name for name in names if name.startswith("test_")}


def test_the_page_accounts_for_every_thing_and_claims_nothing_absent() -> None:
    assert faults(PAGE.read_text(encoding="utf-8")) == []


def test_no_group_is_without_a_row_and_no_row_outside_a_group() -> None:
    parts = PAGE.read_text(encoding="utf-8").split("\n## ")
    assert rows(parts[0]) == []
    assert len(parts[1:]) == 20
    assert all(rows(part) for part in parts[1:])


HERE = "tests/house/test_coverage_page.py::test_a_page_without_a_fault_has_none"
FAULTLESS = "\n".join(
    [
        "Of the 232: 1 there, 1 in part, 230 not yet.",
        f"| 1 | a thing | there | `hub` | `{HERE}` | - |",
        f"| 2 | a thing | in part | `hub` | `{HERE}` | the rest |",
        *(f"| {number} | a thing | not yet | - | - | - |" for number in NUMBERS[2:]),
        "",
    ]
)


def _planted(old: str, new: str) -> list[str]:
    page = re.sub(old, new, FAULTLESS, count=1, flags=re.MULTILINE)
    assert page != FAULTLESS
    return faults(page)


def test_a_page_without_a_fault_has_none() -> None:
    assert faults(FAULTLESS) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (r"^\| 8 \|.*\n", "", "8 is absent"),
        (r"^(\| 8 \|.*\n)", r"\1\1", "8 is there twice"),
        (r"^\| 232 \|", "| 233 |", "233 is not asked for"),
        (r"^\| 8 \| a thing", "| 8 | ", "8: says nothing of what it is"),
        (r"^(\| 8 \|.*) not yet", r"\1 soon", "8: soon is no state"),
        (r"^(\| 8 .*yet \|) -", r"\1 `hub`", "8: is not yet there, but names something"),
        (r"^(\| 1 .*) - \|$", r"\1 the rest |", "1: what is missing is said of a thing in part"),
        (r" the rest ", " - ", "2: what is missing is said of a thing in part"),
        (r"`hub`", "`hub/dragons`", "1: no path hub/dragons"),
        (r"`hub`", "-", "1: no path -"),
        (r"::\w+`", "::test_of_dragons`", "1: no test tests/house"),
        (r"::\w+`", "`", "1: no test tests/house"),
        (r"`tests/.*`", "-", "1: no test file -"),
        (r"`tests/.*`", "`tests/conftest.py::test_x`", "1: no test file tests/conftest.py"),
        (r"`tests/.*`", "`tests/test_dragons.py::test_x`", "1: no test file tests/test_dragons.py"),
        (r": 1 there", ": 231 there", "the page does not say: Of the 232: 1 there, 1 in part"),
    ],
)
def test_a_planted_fault_is_found(old: str, new: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in _planted(old, new))


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(AssertionError, match="has 5 cells"):
        _planted(r"^\| 8 \| ", "| 8 ")
