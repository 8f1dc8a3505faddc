"""Which roles an agency has, and telephone numbers: as people write them and as a telephone dials them."""

import re
from dataclasses import dataclass
from datetime import date, time

from hub.access.rules import Role, Standing

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


@dataclass(frozen=True)
class Asking:
    """When the daily meeting begins, by when agencies answer checks, which are asked, and their mailboxes."""

    meets_at: time
    due_at: time
    asked: frozenset[int]
    mailboxes: tuple[tuple[int, str], ...] = ()


def asking_problem(asking: Asking) -> tuple[str, str] | None:
    """Say what is wrong with how agencies are asked, field and message, or None."""
    if asking.due_at > asking.meets_at:
        return "due_at", "Answers must be due before the meeting begins. Give an earlier time."
    return None


NOT_YOURS = "You look after the people of your own agency. Ask that agency's administrator."
LONGEST_AWAY = 366
FAR = "The first day must lie within a year of today. Check the year."


def first_day_problem(day: date, today: date) -> str | None:
    """Say what is wrong with the first day of a post that a person gives, or None: a slip in the year."""
    return None if abs((day - today).days) <= LONGEST_AWAY else FAR


# Which roles the people of an agency of each kind can hold: nobody widens what an agency may see by giving
# its people another agency's role.
ROLES_OF: dict[str, frozenset[Role]] = {
    "social_care": frozenset(
        {
            Role.HUB_MANAGER,
            Role.SOCIAL_WORKER,
            Role.HUB_ADMINISTRATOR,
            Role.MISSING_COORDINATOR,
            Role.INTELLIGENCE_OFFICER,
        }
    ),
    "police": frozenset(
        {
            Role.POLICE_OFFICER,
            Role.SUSPECT_MANAGER,
            Role.MISSING_COORDINATOR,
            Role.INTELLIGENCE_OFFICER,
        }
    ),
    "health": frozenset({Role.NURSE_PRACTITIONER}),
    "charity": frozenset({Role.SUPPORT_WORKER}),
    "board": frozenset({Role.BOARD_MEMBER}),
    "council": frozenset(
        {
            Role.EDUCATION_OFFICER,
            Role.LICENSING_OFFICER,
            Role.PROBLEM_SOLVER,
            Role.INTELLIGENCE_OFFICER,
            Role.BOARD_MEMBER,
            Role.AUDITOR,
            Role.SYSTEM_ADMINISTRATOR,
        }
    ),
}
# What none but the whole partnership's administrator gives: who runs the hub, and who audits it.
BY_THE_PARTNERSHIP = frozenset({Role.HUB_MANAGER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR})


def roles_given(kind: str, by: Role) -> frozenset[Role]:
    """Give the roles that an administrator of that role can give in an agency of that kind."""
    roles = ROLES_OF.get(kind, frozenset()) | {Role.AGENCY_ADMINISTRATOR}
    return roles - BY_THE_PARTNERSHIP if by is Role.AGENCY_ADMINISTRATOR else roles


def reaches(standing: Standing, agency_id: int, partnership_id: int) -> bool:
    """Say whether an administrator looks after an agency's people: all of the partnership's, or their own."""
    if standing.partnership_id is not None and standing.partnership_id != partnership_id:
        return False
    return standing.role is not Role.AGENCY_ADMINISTRATOR or standing.agency_id == agency_id
