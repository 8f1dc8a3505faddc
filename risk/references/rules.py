"""What may be typed to find a child by reference."""

from datetime import date

from hub.days.rules import read_day

LONGEST = 60
EMPTY = "Enter the reference of a child or of an episode"
NAMES_A_CHILD = "Enter a reference. A name or a date of birth would tell you who the child is"
NOT_THERE = "No child or episode with this reference is shown to you. Check it: it must be whole"


def problem_with(typed: str, today: date) -> str:
    """Say why this is no reference, or nothing: a reference is one word with a figure, and no day."""
    figures = any(letter.isdecimal() for letter in typed)
    if read_day(typed, today) or not figures or len(typed.split()) > 1:
        return NAMES_A_CHILD
    return ""
