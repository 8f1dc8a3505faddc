"""Reading a whole case with one question, for those who see whole cases.

The database's function (risk/migrations/0009) runs as the application's role, so row security binds it, and
keeps back what `visible_to` would: it is asked of a child that came through that. Whoever is merely shown a
part is read for by the ORM, and so is the operator (risk/casefile/views/reading.py; decision 17).
"""

import json
from collections.abc import Iterable
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
from risk.casefile.rules import Looking
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
ASK = "SELECT part, told FROM risk_case(%s, %s, %s::bigint[], %s, %s, %s, %s, %s)"


def reads_whole(user: User) -> bool:
    """Say whether a case is read so for a person: in a request, and who sees whole cases."""
    return sees_whole(user) is not None


def read_whole(user: User, child: Child, looking: Looking, besides: Iterable[str]) -> Parts:
    """Read what every page of a case needs, and the parts named besides; nothing where it is not so read.

    Says of the child, too, whether it lives confidentially.
    """
    whose = sees_whole(user)
    if whose is None:
        return {}
    standing, hidden = whose
    asked = [child.pk, standing.partnership_id, hidden, user.pk, standing.agency_id]
    with connection.cursor() as cursor:
        cursor.execute(ASK, [*asked, looking.day, looking.known_at, list(besides)])
        told = {part: json.loads(text) for part, text in cursor.fetchall()}
    child.lives_confidentially = told.pop("confidential")
    return {part: [row_of(KINDS[part], row) for row in rows] for part, rows in told.items()}
