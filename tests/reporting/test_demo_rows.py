"""The demo generator's rows: an importer accepts them, and they belong to nobody."""

import csv

import pytest

from reporting.demo.rules.people import check_letter, nhs_number, upn
from tests.oracle.appendix1 import SHIPPED_CODES
from tests.reporting.demo_extracts import DEMOS, TODAY, extract_of, faults


@pytest.mark.parametrize("name", DEMOS)
def test_no_row_has_a_fault(name: str) -> None:
    assert list(faults(extract_of(name))) == []


@pytest.mark.parametrize("name", DEMOS)
def test_nothing_is_written_that_is_still_to_come(name: str) -> None:
    """Only the day on which a review is due may lie ahead; times of day belong to yesterday."""
    found = extract_of(name)
    text = TODAY.isoformat()
    for file, rows in found.items():
        for row in rows:
            for column, cell in row.items():
                if column.endswith(("_on", "_date", "from_date", "to_date")) and column != "due_on":
                    assert cell <= text, (file, row)
                if column in ("recorded_at", "missing_from", "found_at"):
                    assert cell < text, (file, row)


def test_wards_are_the_districts_own_unless_the_address_lies_outside() -> None:
    for name, wards in (("bradford", "wards"), ("kirklees", "wards_kirklees")):
        with (SHIPPED_CODES / f"{wards}.csv").open(encoding="utf-8", newline="") as file:
            own = {row["ward_code"] for row in csv.DictReader(file)}
        for row in extract_of(name)["addresses"]:
            assert (row["ward"] in own) == (row["out_of_area"] == "N")
            assert len(row["ward"]) == 9


def test_numbers_are_well_formed_and_belong_to_nobody() -> None:
    """NHS numbers of the test range; pupil numbers of an authority that does not exist."""
    children = extract_of("bradford")["children"]
    numbers = [row["nhs_number"] for row in children if row["nhs_number"]]
    assert len(set(numbers)) == len(numbers) > 5000
    assert all(n.startswith("999") and _nhs_sum(n) % 11 == 0 for n in numbers)
    pupils = [row["upn"] for row in children if row["upn"]]
    assert len(set(pupils)) == len(pupils) > 5000
    assert all(p[1:4] == "999" and len(p) == 13 for p in pupils)


def _nhs_sum(number: str) -> int:
    """With its check digit weighed 1, a valid number's sum is a multiple of 11."""
    return sum(int(digit) * weight for digit, weight in zip(number, range(10, 0, -1), strict=True))


def test_check_digits_agree_with_published_examples() -> None:
    assert _nhs_sum("9434765919") % 11 == 0  # the example that the NHS prints
    assert {len(nhs_number(serial)) for serial in range(50)} == {0, 10}
    assert check_letter("950000178301") == "A"  # the example of the census' rules
    assert upn(1, 2005)[1:] == "999050000001"
