"""Check digits of the numbers that follow a child from system to system."""

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The DfE's check letters: the alphabet without I, O and S."""


def nhs_number_checks(number: str) -> bool:
    """Say whether the last of ten digits is the check digit (modulus 11, NHS Data Dictionary)."""
    total = sum(
        int(digit) * weight for digit, weight in zip(number[:9], range(10, 1, -1), strict=True)
    )
    return (11 - total % 11) % 11 == int(number[9])  # a remainder of 1 asks for 10: no digit fits


def upn_checks(upn: str) -> bool:
    """Say whether the first of thirteen characters is the check letter (modulus 23, DfE's guide to UPNs).

    A temporary number ends with a letter, which counts by its place among the check letters.
    """
    if upn[-1].isalpha() and upn[-1] not in UPN_LETTERS:
        return False
    values = [int(c) if c.isdigit() else UPN_LETTERS.index(c) for c in upn[1:]]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return upn[0] == UPN_LETTERS[total % 23]
