"""Who a child is, as it is recorded: what is asked of names, numbers and the date of birth."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hub.days.rules import age_on
from hub.errors import RuleBroken
from referrals.children.rules.check_digits import nhs_number_checks, upn_checks

# Some hubs go on with survivors until this age; one who is older is a slip in the year.
OLDEST = 25
ADULT = 18
_APART = re.compile(r"[\s-]+")
_NHS_NUMBER = re.compile(r"[0-9]{10}")
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
NOT_NHS = "NHS number must be ten digits, such as 943 476 5919"
NOT_UPN = "Pupil number must be a letter, eleven digits, and a digit or a letter"
MISTYPED = "does not pass its own check: a figure was mistyped. Compare it with its source"


@dataclass(frozen=True)
class Details:
    """A child's details. `ethnicity` is a DfE code or empty; `learning_disability` None: not known."""

    forenames: str
    surname: str
    date_of_birth: date
    gender: str
    ethnicity: str = ""
    nhs_number: str = ""
    upn: str = ""
    learning_disability: bool | None = None


@dataclass(frozen=True)
class OtherName:
    """Another name a child is known by; `kind` as the extract contract has it, or empty."""

    name: str
    kind: str = ""


@dataclass(frozen=True)
class Referred:
    """When a child was referred, and whether that episode is still open."""

    reference: str
    on: date
    open: bool


def plain_number(typed: str) -> str:
    """Write a number as it is stored: without spaces and dashes, in capital letters."""
    return _APART.sub("", typed).upper()


def nhs_number_problem(number: str) -> str:
    """Say what is wrong with an NHS number as it is stored, or nothing (NHS Data Dictionary)."""
    if not _NHS_NUMBER.fullmatch(number):
        return NOT_NHS
    return "" if nhs_number_checks(number) else f"NHS number {MISTYPED}"


def upn_problem(upn: str) -> str:
    """Say what is wrong with a unique pupil number as it is stored, or nothing (DfE's guide to UPNs)."""
    if not _UPN.fullmatch(upn):
        return NOT_UPN
    return "" if upn_checks(upn) else f"Pupil number {MISTYPED}"


def check_numbers(new: Details, old: Details | None = None) -> None:
    """Refuse a wrong number. One that an extract brought so may stay: its check digit was a warning.

    Raises RuleBroken.
    """
    if new.nhs_number and (old is None or new.nhs_number != old.nhs_number):
        _refuse("child.nhs_number", nhs_number_problem(new.nhs_number), "nhs_number")
    if new.upn and (old is None or new.upn != old.upn):
        _refuse("child.upn", upn_problem(new.upn), "upn")


def check_birth(born: date, today: date, referrals: Iterable[Referred] = ()) -> None:
    """Refuse a date of birth that cannot be, or that an episode of the child speaks against.

    Nobody is referred before birth; and who was 18 at an open episode's referral was no child then.
    Raises RuleBroken.
    """
    if born > today:
        _refuse_birth("child.unborn", "Date of birth lies in the future. Check the year")
    if age_on(born, today) > OLDEST:
        message = f"Date of birth lies more than {OLDEST} years ago. Check the year"
        _refuse_birth("child.too_old", message)
    for referred in referrals:
        _check_against(born, referred)


def _check_against(born: date, referred: Referred) -> None:
    when = f"{referred.on.day} {referred.on:%B %Y} ({referred.reference})"
    if born > referred.on:
        message = f"Date of birth lies after the referral of {when}. Check both"
        _refuse_birth("child.born_after_referral", message)
    if referred.open and age_on(born, referred.on) >= ADULT:
        message = (
            f"By this date of birth the child was {ADULT} or older at the referral of {when},"
            " which is still open. Check both"
        )
        _refuse_birth("child.adult_at_referral", message)


def _refuse_birth(code: str, message: str) -> None:
    _refuse(code, message, "date_of_birth")


def _refuse(code: str, message: str, field: str) -> None:
    if message:
        raise RuleBroken(code, message, field)
