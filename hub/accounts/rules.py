"""Who needs a second factor to sign in, and how long an acceptance of the code of conduct lasts."""

from datetime import date

from hub.access.rules import ROLES, Permission, Role
from hub.days.rules import years_after

# What anybody may know who holds a role: published numbers. Whoever can do more proves who they are twice
# (OWASP ASVS 5.0, 6.3.3: multi-factor authentication).
OPEN_WITH_ONE = frozenset({Permission.REPORT_PUBLISH})
CONDUCT_YEARS = 1


def needs_second_factor(role: Role) -> bool:
    """Say whether a role opens more than published numbers."""
    return not ROLES[role].permissions <= OPEN_WITH_ONE


def conduct_is_due(accepted_on: date | None, today: date) -> bool:
    """Say whether the code of conduct is to be accepted: at the first sign-in, and each year again."""
    return accepted_on is None or years_after(accepted_on, CONDUCT_YEARS) <= today
