"""How long a code to start anew is good, and when a post is to be confirmed again."""

import secrets
from base64 import b32encode
from datetime import date, datetime, timedelta
from hashlib import sha256

from hub.days.rules import london_date, years_after

# For the telephone call in which it is read out, and the minutes after it.
CODE_LASTS = timedelta(hours=1)
# A new colleague's first code: until the end of their first days.
FIRST_CODE_LASTS = timedelta(days=3)
CONFIRMED_FOR_YEARS = 1
# A month before it is due a post stands on the list.
ASKED_BEFORE = timedelta(days=30)
REASON_LONGEST = 500


def new_code() -> str:
    """Make a code of 80 random bits, in four groups that can be read out: no 0, 1, 8 or 9 among its signs."""
    letters = b32encode(secrets.token_bytes(10)).decode()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def digest_of(code: str) -> str:
    """Give what is kept of a code; how it is spaced and its capitals do not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return sha256(plain.encode()).hexdigest()


def code_ends(approved_at: datetime, is_first: bool) -> datetime:
    """Say until when a code is good."""
    return approved_at + (FIRST_CODE_LASTS if is_first else CODE_LASTS)


def confirm_by(starts_on: date, confirmed_on: date | None) -> date:
    """Say until when somebody must say again that a person needs a post."""
    return years_after(max(starts_on, confirmed_on or starts_on), CONFIRMED_FOR_YEARS)


def is_to_be_confirmed(due: date, today: date) -> bool:
    """Say whether a post stands on the list of those to be confirmed."""
    return due - ASKED_BEFORE <= today


def over_since(ends_on: date | None, ended_at: datetime | None, today: date) -> date | None:
    """Give the last day of a post that is over, or None."""
    if ended_at is not None:
        return london_date(ended_at)
    return ends_on if ends_on is not None and ends_on < today else None


def state_of(starts_on: date, over: date | None, today: date) -> str:
    """Say in a word or two how a post stands; `over` is its last day where it is over."""
    if over is not None:
        return "Never begun, ended" if over < starts_on else "Ended"
    return "Begins" if starts_on > today else "Held"
