"""Telephone numbers, as people write them and as a telephone dials them."""

import re

# National with its leading 0, foreign with +, or a short one such as 101 and 116 000.
NUMBER = re.compile(r"0[1-9]\d{8,9}|\+[1-9]\d{6,14}|1\d{2}(\d{3})?")
NOT_DIALLED = re.compile(r"[\s().-]")
NO_NUMBER = (
    "Enter a telephone number, like 01632 960 001 or +44 1632 960 001. "
    "Write an extension into the notes beside it."
)


def dialled(text: str) -> str:
    """Give what a telephone dials, in the international form; empty where the text is no number.

    "01632 960 001" and "+44 (0)1632 960001" are both +441632960001; 101 stays as it is.
    """
    plain = NOT_DIALLED.sub("", text.replace("(0)", ""))
    if not plain.isascii() or not NUMBER.fullmatch(plain):
        return ""
    return f"+44{plain[1:]}" if plain.startswith("0") else plain


def telephone_problem(text: str) -> str | None:
    """Say what is wrong with a number to be kept, or None."""
    return None if dialled(text) else NO_NUMBER
