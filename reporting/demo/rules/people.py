"""Invented people: names, dates of birth, ethnicity, NHS numbers and UPNs that belong to nobody."""

from datetime import date

from reporting.demo.rules.chance import Chance, Table, table
from reporting.demo.rules.days import after, birthday
from reporting.demo.rules.words import FORENAMES, SURNAMES

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
# Local authority 999 does not exist, so that no pupil's number can be hit.
UPN_AUTHORITY = "999"
LAST_DAYS_BEFORE_18 = 45

ETHNICITY: dict[str, Table[str]] = {
    "White": table({"WBRI": 88, "WOTH": 10, "WIRI": 2}),
    "Asian": table({"APKN": 70, "AIND": 10, "ABAN": 12, "AOTH": 7, "CHNE": 1}),
    "Mixed": table({"MWBC": 45, "MWAS": 35, "MOTH": 15, "MWBA": 5}),
    "Black": table({"BCRB": 40, "BAFR": 45, "BOTH": 15}),
    "Gypsy/Roma": table({"WROM": 1}),
    "Other": table({"OOTH": 1}),
    "NOT_RECORDED": table({"NOBT": 60, "REFU": 15, "": 25}),
}
GROUPS = table(
    {
        "White": 66,
        "Asian": 13,
        "Mixed": 8,
        "Gypsy/Roma": 5,
        "NOT_RECORDED": 5,
        "Black": 2,
        "Other": 1,
    }
)
NAMES: dict[str, Table[str]] = {
    "White": table({"White": 95, "European": 5}),
    "Asian": table({"Asian": 1}),
    "Mixed": table({"White": 60, "Asian": 25, "Black": 15}),
    "Black": table({"Black": 1}),
    "Gypsy/Roma": table({"European": 1}),
    "Other": table({"European": 50, "Asian": 50}),
    "NOT_RECORDED": table({"White": 70, "Asian": 20, "European": 10}),
}
AGES = {
    "F": table({10: 2, 11: 5, 12: 9, 13: 17, 14: 22, 15: 27, 16: 13, 17: 5}),
    "M": table({10: 2, 11: 5, 12: 10, 13: 18, 14: 28, 15: 20, 16: 12, 17: 5}),
}


def name(draw: Chance, group: str, gender: str) -> tuple[str, str]:
    """Draw forename and surname for an ethnic group; they are paired at random."""
    origin = draw.of(NAMES[group])
    return draw.pick(FORENAMES[origin, "M" if gender == "M" else "F"]), draw.pick(SURNAMES[origin])


def born_at_age(draw: Chance, on: date, years: int) -> date:
    """Draw a date of birth of someone who is so many years old on a day."""
    return after(birthday(on, -years), -draw.between(1, 364))


def child_born(draw: Chance, gender: str, referred_on: date) -> date:
    """Draw a date of birth for a child referred on a day, far enough from 18 to be helped."""
    born = born_at_age(draw, referred_on, draw.of(AGES["M" if gender == "M" else "F"]))
    late = after(birthday(born, 18), -LAST_DAYS_BEFORE_18)
    return born if late > referred_on else after(born, 2 * LAST_DAYS_BEFORE_18)


def nhs_number(serial: int) -> str:
    """Make the test range's number of this serial (999 000 0000 up), or none if it has no digit.

    The check digit is 11 less the weighted sum's remainder; 10 is not a digit (NHS Data Dictionary).
    """
    nine = f"999{serial % 1_000_000:06}"
    rest = (
        11
        - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
        % 11
    )
    return "" if rest == 10 else f"{nine}{rest % 11}"


def check_letter(twelve: str) -> str:
    """Give a UPN's first letter for the digits after it, each weighed by its place (DfE)."""
    return UPN_LETTERS[sum(int(digit) * place for place, digit in enumerate(twelve, 2)) % 23]


def upn(serial: int, year: int) -> str:
    """Make a unique pupil number; `year` is the year of starting school."""
    twelve = f"{UPN_AUTHORITY}{year % 100:02}{serial % 10_000_000:07}"
    return check_letter(twelve) + twelve
