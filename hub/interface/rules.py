"""The interface for machines: its scopes, and the limits that hold for every operation.

A scope opens nothing by itself: the account that a token belongs to must hold the right as well.
"""

from enum import StrEnum

from hub.access.rules import ROLES, Permission, Role

ADDRESSES = "/api/"
PREFIX = "csehub_"  # by which scanners of secrets know one of ours
USUAL_PAGE, LARGEST_PAGE = 50, 100
PER_MINUTE = 120
# A place in a list: where its last row stood. Every text of this shape is a place, so none is a fault.
PLACE = r"^[0-7][0-9a-f]{15}\Z"

# What a record is called: anything but a NUL, which no database text can hold; in a path no slash either.
REFERENCE = r"^[^\x00]{1,60}\Z"
REFERENCE_IN_PATH = r"^[^\x00/]{1,60}$"


class Scope(StrEnum):
    """What a token may be used for."""

    CHILDREN_READ = "children:read"
    EPISODES_READ = "episodes:read"
    LEVELS_READ = "levels:read"
    REPORT_READ = "report:read"


SCOPES: dict[Scope, str] = {
    Scope.CHILDREN_READ: "Read children",
    Scope.EPISODES_READ: "Read episodes",
    Scope.LEVELS_READ: "Read the risk levels of episodes",
    Scope.REPORT_READ: "Read the Appendix 1 report, in the forms that the role may have",
}
_CASES = (Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW)
# The rights of which one is needed besides the scope.
NEEDED: dict[Scope, tuple[Permission, ...]] = {
    Scope.CHILDREN_READ: _CASES,
    Scope.EPISODES_READ: _CASES,
    Scope.LEVELS_READ: _CASES,
    Scope.REPORT_READ: (Permission.REPORT_PUBLISH,),
}


def scopes_of(role: Role) -> list[Scope]:
    """Give the scopes that a role can use."""
    held = ROLES[role].permissions
    return [scope for scope, needed in NEEDED.items() if not held.isdisjoint(needed)]


def place_of(number: int) -> str:
    """Write the number of a list's last row as a place to go on from."""
    return f"{number:016x}"


def number_at(place: str) -> int:
    """Read the number from a place."""
    return int(place, 16)
