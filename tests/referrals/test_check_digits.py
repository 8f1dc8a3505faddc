"""Check digits of NHS numbers and unique pupil numbers, by numbers worked out by hand."""

import pytest

from referrals.children.rules.check_digits import nhs_number_checks, upn_checks


@pytest.mark.parametrize(
    ("number", "checks"),
    [
        ("9434765919", True),  # the example of the NHS Data Dictionary
        ("9434765918", False),
        ("4934765919", False),  # two digits changed places
        ("1111111111", True),  # a sum of 54: the remainder 10 gives the check digit 1
        ("0000000000", True),  # a remainder of 0 gives the check digit 0
        ("0000000001", False),
        ("0000001040", False),  # a sum of 12: the remainder 1 would need a digit 10
    ],
)
def test_an_nhs_number_is_checked_by_its_last_digit(number: str, checks: bool) -> None:
    assert nhs_number_checks(number) is checks


@pytest.mark.parametrize(
    ("upn", "checks"),
    [
        ("H801200001001", True),  # a sum of 53: 53 - 46 = 7, the eighth letter
        ("A801200001001", False),
        ("H801200001010", False),  # two digits changed places
        ("N823432101000", True),
        ("A00000000000A", True),  # temporary: the last letter counts by its place, A as 0
        ("P99999999999Z", True),  # Z stands at 22: 13 * 22 + 9 * 77 = 979
        ("P99999999999S", False),  # I, O and S are no check letters
        ("A000000000000", True),
    ],
)
def test_a_pupil_number_is_checked_by_its_first_letter(upn: str, checks: bool) -> None:
    assert upn_checks(upn) is checks


def test_a_number_of_another_length_is_not_checked_but_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="longer"):
        nhs_number_checks("94347659")
    with pytest.raises(ValueError, match="longer"):
        upn_checks("H80120000100")
