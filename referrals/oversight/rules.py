"""When a review is in time, and what it must say."""

from datetime import date, datetime

from hub.days.rules import add_working_days, london_date
from hub.errors import RuleBroken

NO_WORDS = "Write what you found: it stands for good beside what you reviewed"


def check_words(words: str) -> None:
    """Refuse a review that says nothing."""
    if not words.strip():
        raise RuleBroken("review.words", NO_WORDS, "words")


def due_on(moment: datetime, within: int) -> date:
    """Give the last day on which a review is in time, so many working days after that moment."""
    return add_working_days(london_date(moment), within)
