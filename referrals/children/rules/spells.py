"""Where a child lives and how social care holds it: what is asked of the days."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hub.errors import RuleBroken

_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?( [0-9][A-Z]{2})?")
NOT_A_POSTCODE = "Postcode must be whole, such as BD1 1AA, or its first part, such as BD1"
NOWHERE = "Enter the address, its postcode or its ward, or say that it is out of the area"


@dataclass(frozen=True)
class Where:
    """Where a child lives, from a day to a day. `ward` is a GSS code; empty cells are not known."""

    from_date: date
    to_date: date | None = None
    line: str = ""
    postcode: str = ""
    ward: str = ""
    out_of_area: bool = False
    confidential: bool = False


@dataclass(frozen=True)
class Held:
    """A status in social care, from a day to a day."""

    status: str
    from_date: date
    to_date: date | None = None


def plain_postcode(typed: str) -> str:
    """Write a postcode as it is stored: capital letters, a space before the last three."""
    letters = re.sub(r"\s+", "", typed).upper()
    return f"{letters[:-3]} {letters[-3:]}" if len(letters) > 4 else letters


def postcode_problem(postcode: str) -> str:
    """Say what is wrong with a postcode as it is stored, or nothing."""
    return "" if _POSTCODE.fullmatch(postcode) else NOT_A_POSTCODE


def check_days(from_date: date, to_date: date | None, today: date) -> None:
    """Refuse days in the future, and an end before the start. What is only planned is no fact yet.

    Raises RuleBroken.
    """
    if from_date > today:
        message = "The first day lies in the future. Record it when it has come"
        raise RuleBroken("spell.future", message, "from_date")
    check_end(from_date, to_date, today)


def check_end(from_date: date, to_date: date | None, today: date) -> None:
    """Refuse an end in the future, or before the start. Raises RuleBroken."""
    if to_date and to_date < from_date:
        message = f"The end lies before the first day, {_day(from_date)}. Check both"
        raise RuleBroken("spell.backwards", message, "to_date")
    if to_date and to_date > today:
        message = "The end lies in the future. Record it when it has come"
        raise RuleBroken("spell.end_future", message, "to_date")


def check_address(where: Where, born: date | None, today: date) -> None:
    """Refuse an address that says nothing, or of a time before birth (None: that is not asked).

    Raises RuleBroken.
    """
    check_days(where.from_date, where.to_date, today)
    if not (where.line or where.postcode or where.ward or where.out_of_area):
        raise RuleBroken("address.nowhere", NOWHERE, "line")
    if born and where.from_date < born:
        message = f"The first day lies before the child's birth, {_day(born)}. Check both"
        raise RuleBroken("address.before_birth", message, "from_date")


def check_status(held: Held, others: Iterable[Held], today: date) -> None:
    """Refuse a status that begins while the same one runs. A plan may be made before birth.

    `others`: what else is recorded of the child. Raises RuleBroken.
    """
    check_days(held.from_date, held.to_date, today)
    for other in others:
        if other.status == held.status and _meet(held, other):
            message = (
                f"The same status is already recorded from {_day(other.from_date)}"
                f"{f' to {_day(other.to_date)}' if other.to_date else ''}. Correct that one"
            )
            raise RuleBroken("status.twice", message, "from_date")


def _meet(one: Held, other: Held) -> bool:
    """Each begins before the other ends; the last day itself no longer counts."""
    return (one.to_date is None or other.from_date < one.to_date) and (
        other.to_date is None or one.from_date < other.to_date
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
