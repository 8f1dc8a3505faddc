"""docs/asvs.md answers each requirement of ASVS 5.0.0, levels 1 and 2, once, and claims nothing absent."""

import csv
import re
from collections import Counter
from typing import NamedTuple

import pytest

from tests.house.test_coverage_page import _tests_of
from tests.house.trees import ROOT

PAGE = ROOT / "docs" / "asvs.md"
ASKED = ROOT / "tests" / "house" / "asvs_5_0_0.csv"
STATES = ("Met", "In part", "Not met", "Does not apply")
# A path of this repository or a test in it, as the page names it: in backticks, with a slash or an ending.
NAMED = re.compile(
    r"`([\w./-]+(?:/|\.(?:py|md|yml|json|js|txt|html|toml|sh|ini))(?:[\w.-]*)(?:::\w+)?)`"
)
FILES_OF_THE_ROOT = {
    "Dockerfile",
    "Makefile",
    ".dockerignore",
    ".env.example",
    "deploy/proxy/Caddyfile",
}


class Row(NamedTuple):
    """A line of the page's tables."""

    number: str
    level: str
    asks: str
    answer: str


def asked() -> dict[str, str]:
    """Each requirement's number with its level."""
    with ASKED.open(encoding="utf-8", newline="") as file:
        return {row["number"]: row["level"] for row in csv.DictReader(file)}


def rows(page: str) -> list[Row]:
    lines = [line for line in page.splitlines() if re.match(r"\| *\d", line)]
    return [Row(*_cells(line)) for line in lines]


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    assert len(cells) == len(Row._fields), f"{line} has {len(cells)} cells"
    return cells


def faults(page: str) -> list[str]:
    """Everything that is wrong with the page, in words."""
    found = rows(page)
    counts = Counter(row.number for row in found)
    return [
        *(f"{number} is absent" for number in asked() if number not in counts),
        *(f"{number} is not asked for" for number in counts if number not in asked()),
        *(f"{number} is there twice" for number in counts if counts[number] > 1),
        *_misplaced(page),
        *_sums(page, found),
        *(f"{row.number}: {fault}" for row in found for fault in _of_row(row)),
    ]


def _misplaced(page: str) -> list[str]:
    return [
        f"{row.number} stands in chapter V{chapter.split()[0]}"
        for chapter in page.split("\n## V")[1:]
        for row in rows(chapter)
        if row.number.split(".")[0] != chapter.split()[0]
    ]


def _sums(page: str, found: list[Row]) -> list[str]:
    counts = Counter(state_of(row) for row in found)
    said = ", ".join(f"{counts[state]} {state.lower()}" for state in STATES)
    sentence = f"Of the {len(asked())}: {said}."
    return [] if sentence in page else [f"the page does not say: {sentence}"]


def state_of(row: Row) -> str:
    return next((state for state in STATES if row.answer.startswith(f"{state}: ")), "")


def _of_row(row: Row) -> list[str]:
    state, named = state_of(row), NAMED.findall(row.answer)
    wrong = [] if state else [f"{row.answer[:20]} is no state"]
    if row.level != asked().get(row.number, row.level):
        wrong.append(f"is of level {asked()[row.number]}")
    if len(row.asks) < 8:
        wrong.append("says nothing of what it asks")
    if state in ("Met", "In part") and not (named or _root_files(row)):
        wrong.append("names no file and no test")
    if len(row.answer) < len(state) + 12:
        wrong.append("says no reason")
    return [*wrong, *(fault for one in named for fault in _unfounded(one))]


def _root_files(row: Row) -> list[str]:
    return [name for name in FILES_OF_THE_ROOT if f"`{name}`" in row.answer]


def _unfounded(named: str) -> list[str]:
    path, _, function = named.partition("::")
    if not (ROOT / path).exists():
        return [f"no path {path}"]
    if function and function not in _tests_of(ROOT / path):
        return [f"no test {named}"]
    return []


def test_each_requirement_is_answered_once_and_nothing_absent_is_claimed() -> None:
    assert faults(PAGE.read_text(encoding="utf-8")) == []


def test_the_list_is_that_of_the_standard() -> None:
    levels = Counter(asked().values())
    assert levels == {"1": 70, "2": 183}
    assert {number.split(".")[0] for number in asked()} == {str(n) for n in range(1, 18)}
    assert all((ROOT / name).exists() for name in FILES_OF_THE_ROOT)


HERE = "tests/house/test_asvs.py::test_a_page_without_a_fault_has_none"


def _faultless() -> str:
    numbers = list(asked().items())
    answers = ["Met: `hub/`, `" + HERE + "`.", "In part: `hub/urls.py`; the rest is missing.",
               "Not met: nobody has done it."]  # fmt: skip
    answers += ["Does not apply: there is no such thing."] * (len(numbers) - len(answers))
    lines = [f"Of the 253: 1 met, 1 in part, 1 not met, {len(numbers) - 3} does not apply.\n"]
    chapter = ""
    for (number, level), answer in zip(numbers, answers, strict=True):
        if number.split(".")[0] != chapter:
            chapter = number.split(".")[0]
            lines.append(f"\n## V{chapter} Something\n")
        lines.append(f"| {number} | {level} | that it is so | {answer} |")
    return "\n".join(lines)


def test_a_page_without_a_fault_has_none() -> None:
    assert faults(_faultless()) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (r"^\| 1\.2\.3 .*\n", "", "1.2.3 is absent"),
        (r"^(\| 1\.2\.3 .*\n)", r"\1\1", "1.2.3 is there twice"),
        (r"^\| 1\.2\.3 ", "| 1.2.10 ", "1.2.10 is not asked for"),
        (r"^(\| 1\.2\.3 .*\n)((.*\n)*)(## V2.*\n)", r"\2\4\1", "1.2.3 stands in chapter V2"),
        (r"^\| 1\.2\.3 \| 1 ", "| 1.2.3 | 2 ", "1.2.3: is of level 1"),
        (r"^(\| 1\.2\.3 \| 1 \|)[^|]*", r"\1 ", "1.2.3: says nothing of what it asks"),
        (r"^(\| 1\.2\.3 .*)Does not apply", r"\1Fine", "1.2.3: Fine: there is no su is no state"),
        (r"^(\| 1\.2\.3 .*apply: ).*\|", r"\1No. |", "1.2.3: says no reason"),
        (r"`hub/`, `.*`", "by and large, as is well known", "1.1.1: names no file and no test"),
        (r"`hub/urls.py`", "a wall", "1.1.2: names no file and no test"),
        (r"`hub/`", "`hub/dragons/`", "1.1.1: no path hub/dragons/"),
        (r"`hub/urls.py`", "`hub/dragons.py`", "1.1.2: no path hub/dragons.py"),
        (r"::\w+`", "::test_of_dragons`", "1.1.1: no test tests/house/test_asvs.py::test_of_dr"),
        (r"Of the 253: 1 met", "Of the 253: 2 met", "the page does not say: Of the 253: 1 met"),
    ],
)
def test_a_planted_fault_is_found(old: str, new: str, fault: str) -> None:
    page = _faultless()
    planted = re.sub(old, new, page, count=1, flags=re.MULTILINE)
    assert planted != page
    assert any(found.startswith(fault) for found in faults(planted))
