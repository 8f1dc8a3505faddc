"""Reading a whole case with one question, for those who see whole cases.

The database's function (risk/migrations/0009) runs as the application's role, so row security binds it, and
keeps back what `visible_to` would: it is asked of a child that came through that. Whoever is merely shown a
part is read for by the ORM, and so is the operator (risk/casefile/views/reading.py; decision 17). What
several records say of one child is put together here, each part in the order in which one is read.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from django.db import connection, models

from hub.access.models import sees_whole
from hub.accounts.models import User
from hub.facts.told import row_of
from referrals.children.models import Address, Alias, CareStatus, Child, ChildDetails
from referrals.contacts.models import PersonToCall
from referrals.emergencies.models import EmergencyAccess
from referrals.episodes.models import Allocation, EpisodeFact
from referrals.missing.models import MissingEpisode
from referrals.notes.models import Note
from referrals.support.models import ServiceReferral
from risk.levels.models import RiskLevel
from risk.reviews.models import Review

Parts = dict[str, list[Any]]

# What the function calls each part, and of what it is.
KINDS: dict[str, type[models.Model]] = {
    "details": ChildDetails,
    "episodes": EpisodeFact,
    "levels": RiskLevel,
    "reviews": Review,
    "allocations": Allocation,
    "missing": MissingEpisode,
    "emergency": EmergencyAccess,
    "addresses": Address,
    "statuses": CareStatus,
    "support": ServiceReferral,
    "told": ChildDetails,
    "names": Alias,
    "latest": Note,
    "words": Note,
    "notes": Note,
    "calling": PersonToCall,
}
LATEST_NOTES = 3
NEVER = datetime.min.replace(tzinfo=UTC)
Key = Callable[[Any], tuple[Any, ...]]

# As the questions sort them that read one record (risk/migrations/0009, risk/casefile/views/reading.py); what
# is not here stays record by record.
LATEST_FIRST: dict[str, Key] = {
    "episodes": lambda row: (row.referred_on, row.pk),
    "allocations": lambda row: (row.from_date, row.position, row.pk),
    "missing": lambda row: (row.missing_from, row.pk),
    "addresses": lambda row: (row.from_date, row.position, row.pk),
    "statuses": lambda row: (row.from_date, row.position, row.pk),
    "support": lambda row: (row.referred_on, row.position, row.pk),
}
FIRST_FIRST: dict[str, Key] = {
    "notes": lambda row: (row.position, row.known_from, row.pk),
    "calling": lambda row: (not row.preferred, row.position, row.pk),
}
# Of the notes of all records the latest alone, as many as of one.
FEW = {"latest": LATEST_NOTES, "words": 1}
ASK = "SELECT part, told FROM risk_case(%s, %s, %s::bigint[], %s, %s, %s, %s, %s)"


def reads_whole(user: User) -> bool:
    """Say whether a case is read so for a person: in a request, and who sees whole cases."""
    return sees_whole(user) is not None


def read_whole(
    user: User, child: Child, day: date, known_at: datetime | None, besides: Iterable[str]
) -> Parts:
    """Read what every page of a case needs, and the parts named besides; nothing where it is not so read.

    Says of the child, too, whether it lives confidentially.
    """
    whose = sees_whole(user)
    if whose is None:
        return {}
    standing, hidden = whose
    asked = [child.pk, standing.partnership_id, hidden, user.pk, standing.agency_id]
    with connection.cursor() as cursor:
        cursor.execute(ASK, [*asked, day, known_at, list(besides)])
        told = {part: json.loads(text) for part, text in cursor.fetchall()}
    child.lives_confidentially = told.pop("confidential")
    return {part: [row_of(KINDS[part], row) for row in rows] for part, rows in told.items()}


def together(each: Sequence[Parts]) -> Parts:
    """Give the parts of all records as one child's."""
    if len(each) == 1:
        return each[0]
    return {name: _sorted(name, chain.from_iterable(one[name] for one in each)) for name in each[0]}


def _sorted(name: str, rows: "chain[Any]") -> list[Any]:
    if name in FEW:
        return sorted(rows, key=_when, reverse=True)[: FEW[name]]
    if name in LATEST_FIRST:
        return sorted(rows, key=LATEST_FIRST[name], reverse=True)
    return sorted(rows, key=FIRST_FIRST[name]) if name in FIRST_FIRST else list(rows)


def _when(note: Note) -> tuple[Any, ...]:
    return note.happened_on, note.happened_at or NEVER, note.position
