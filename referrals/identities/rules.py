"""How long one who works by reference may see who a child is, with a reason, and when that is reviewed."""

from datetime import timedelta

from hub.errors import RuleBroken

LASTS = timedelta(hours=1)
LONGEST_REASON = 500
REVIEWED_WITHIN = 10  # working days
NO_REASON = "Write what you must check against this child: the auditor reads it"


def check_reason(because: str) -> None:
    """Refuse one who says no reason: the law asks for the justification of a look (DPA 2018, s. 62(2))."""
    if not because.strip():
        raise RuleBroken("identity.reason", NO_REASON, field="because")
