"""What is asked of an episode before it stands: how it was referred, why it was closed, who holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hub.codes.rules import code_list
from hub.errors import RuleBroken

LONGEST_WORKER = 80


@dataclass(frozen=True)
class Referral:
    """How a concern reached the hub.

    `source` is a code of the DfE's list, `agency` the referring agency in words (may be empty), `types`
    codes of the kinds of exploitation that are feared: none counts as CSE (extract contract).
    """

    referred_on: date
    source: str
    agency: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closing:
    """When an episode was closed, and why: a code of the hub's own list of reasons."""

    closed_on: date
    reason: str


@dataclass(frozen=True)
class Course:
    """The days of an episode that its referral and its closing must not contradict."""

    born: date
    closed_on: date = date.max
    first_level_on: date = date.max
    last_level_on: date = date.min


@dataclass(frozen=True)
class Worker:
    """Who holds an episode. `code` is the user name of one who signs in here, else a staff reference."""

    code: str
    name: str
    agency: str = ""


def known_by_name(name: str, agency: str = "") -> Worker:
    """Give the worker of whom no more than the name is known, as an extract may have it."""
    plain = " ".join(name.split())
    return Worker(plain[:LONGEST_WORKER], plain, agency)


Fault = tuple[bool, str, str, str]
"""Whether it is one, its code, the field of the form, and what to do instead."""


def check_referral(referral: Referral, course: Course, today: date) -> None:
    """Raise RuleBroken for a referral from nobody, without a kind, or on a day that cannot be."""
    day = referral.referred_on
    _refuse(
        (
            (
                referral.source not in code_list("referral_sources"),
                "episode.source",
                "referral_source",
                "Choose who referred the child. If nobody knows, choose Unknown.",
            ),
            (
                not referral.types,
                "episode.types",
                "exploitation_types",
                "Choose the kinds of exploitation that are feared: at least one.",
            ),
            _ahead(day, today, "referred_on"),
            (
                day < course.born,
                "episode.before_birth",
                "referred_on",
                "The referral lies before the child was born. Give a later day, or correct the birth.",
            ),
            (
                day > course.closed_on,
                "episode.after_closing",
                "referred_on",
                "The referral lies after the closing. Give an earlier day, or correct the closing.",
            ),
            (
                day > course.first_level_on,
                "episode.after_level",
                "referred_on",
                "The referral lies after the first level. Give an earlier day, or correct the level.",
            ),
        )
    )


def check_closing(closing: Closing, referred_on: date, course: Course, today: date) -> None:
    """Raise RuleBroken for a closing without a reason, or on a day that cannot be."""
    day = closing.closed_on
    _refuse(
        (
            (
                closing.reason not in code_list("closure_reasons"),
                "episode.closure_reason",
                "closure_reason",
                "Choose why the episode is closed.",
            ),
            _ahead(day, today, "closed_on"),
            (
                day < referred_on,
                "episode.closed_early",
                "closed_on",
                "The closing lies before the referral. Give a day on or after it.",
            ),
            (
                day < course.last_level_on,
                "episode.closed_before_level",
                "closed_on",
                "A level was set after this day. Give a later day, or correct the level.",
            ),
        )
    )


def check_holding(from_date: date, referred_on: date, ending: Iterable[date], today: date) -> None:
    """Raise RuleBroken where somebody cannot hold an episode from that day.

    `ending` are the first days of those whose time ends with it: nobody's ends before it began.
    """
    _refuse(
        (
            _ahead(from_date, today, "from_date"),
            (
                from_date < referred_on,
                "allocation.early",
                "from_date",
                "The day lies before the referral. Give a day on or after it.",
            ),
            (
                any(first > from_date for first in ending),
                "allocation.before_former",
                "from_date",
                "Whoever held it before began later. Give a day on or after that one's first.",
            ),
        )
    )


def check_end(to_date: date, from_date: date, today: date) -> None:
    """Raise RuleBroken where somebody's time with an episode cannot end on that day."""
    _refuse(
        (
            _ahead(to_date, today, "to_date"),
            (
                to_date < from_date,
                "allocation.ends_early",
                "to_date",
                "The last day lies before the first. Give a day on or after it.",
            ),
        )
    )


def _ahead(day: date, today: date, field: str) -> Fault:
    message = "The day lies in the future. Give today or a day before it."
    return day > today, "day.ahead", field, message


def _refuse(faults: Iterable[Fault]) -> None:
    for is_one, code, field, message in faults:
        if is_one:
            raise RuleBroken(code, message, field)


def next_reference(last: int) -> str:
    """Give the reference after the last number that the hub gave out (0: it gave none yet).

    The prefix keeps it apart from what the partnership's own systems number.
    """
    return f"{PREFIX}{last + 1:05}"


PREFIX = "HE-"
