"""Reading a meeting with one question: it, its agenda, who is there, what was decided and asked.

The database's function (risk/migrations/0020) runs as the application's role, so row security binds it, and
keeps back what `visible_to` would; tests/risk/test_meeting_at_once.py compares the two (decision 17).
"""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from hub.access.models import sees_whole
from hub.accounts.models import User
from hub.facts.told import row_of
from partners.agencies.models import Agency
from referrals.checks.models import AgencyCheck
from risk.meetings.models import Attendance, Meeting, MeetingDecision, MeetingItem

KINDS: dict[str, type[models.Model]] = {
    "meeting": Meeting,
    "items": MeetingItem,
    "there": Attendance,
    "seats": Agency,
    "decisions": MeetingDecision,
    "checks": AgencyCheck,
}
MOST = 2**63 - 1  # the greatest number that a row can have
ASK = "SELECT part, told FROM risk_meeting_room(%s, %s, %s, %s::bigint[])"


@dataclass(frozen=True)
class Told:
    """A meeting, and what of it a person sees.

    `items` in their order, `there` (agencies at the table) and `seats` (those that may be) by name; `checks`:
    what was asked of the episodes on the agenda, by the names of who was asked, of each the last one last.
    """

    meeting: Meeting
    items: list[MeetingItem]
    there: list[Attendance]
    seats: list[Agency]
    decisions: list[MeetingDecision]
    checks: list[AgencyCheck]


def read_meeting(user: User, *, number: int | None = None, item: int | None = None) -> Told | None:
    """Read a meeting by its number or that of one of its items; None where the person is not shown it."""
    whose = sees_whole(user)
    if whose is None or (number or item or 0) > MOST:
        return None
    standing, hidden = whose
    with connection.cursor() as cursor:
        cursor.execute(ASK, [number, item, standing.partnership_id, hidden])
        told = {part: json.loads(rows) for part, rows in cursor.fetchall()}
    rows: dict[str, list[Any]] = {
        part: [row_of(KINDS[part], row) for row in of_part] for part, of_part in told.items()
    }
    meeting = next(iter(rows.pop("meeting")), None)
    return None if meeting is None else Told(meeting, **rows)
