"""Reading a whole case with one question, for those who see whole cases.

The database's function (risk/migrations/0009) runs as the application's role, so row security binds it, and
keeps back what `visible_to` would: it is asked of a child that came through that. Whoever is merely shown a
part is read for by the ORM, and so is the operator (risk/casefile/views/reading.py; decision 17).
"""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connection, models

from hub.access.gate import standing_of
from hub.access.models import hidden_in_request
from hub.access.rules import Permission, Standing
from hub.accounts.models import User
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
    return _whose(user) is not None


def _whose(user: User) -> tuple[Standing, list[int]] | None:
    """Give the person's standing and which children are hidden from them."""
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.CASES_VIEW):
        return None
    hidden = hidden_in_request(user, standing)
    return None if hidden is None else (standing, hidden)


def read_whole(user: User, child: Child, looking: Looking, besides: Iterable[str]) -> Parts:
    """Read what every page of a case needs, and the parts named besides; nothing where it is not so read.

    Says of the child, too, whether it lives confidentially.
    """
    whose = _whose(user)
    if whose is None:
        return {}
    standing, hidden = whose
    asked = [child.pk, standing.partnership_id, hidden, user.pk, standing.agency_id]
    with connection.cursor() as cursor:
        cursor.execute(ASK, [*asked, looking.day, looking.known_at, list(besides)])
        told = {part: json.loads(text) for part, text in cursor.fetchall()}
    child.lives_confidentially = told.pop("confidential")
    return {part: [_row(KINDS[part], row) for row in rows] for part, rows in told.items()}


def _row(model: type[models.Model], told: dict[str, Any]) -> Any:
    """Make a row of what JSON says: its own columns, what else it names, and the rows it points to."""
    columns = _columns(model)
    values = [
        read(told.pop(column)) if read else told.pop(column) for _name, column, read in columns
    ]
    row = model.from_db("default", [name for name, _column, _read in columns], values)
    for name, value in told.items():
        setattr(row, name, _pointed_to(model, name, value) if isinstance(value, dict) else value)
    return row


def _pointed_to(model: type[models.Model], name: str, told: dict[str, Any]) -> models.Model:
    """Make a row that has but a few of its columns."""
    related: Any = model._meta.get_field(name).related_model
    made: models.Model = related.from_db("default", list(told), list(told.values()))
    return made


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, str, Callable[[Any], Any] | None]]:
    """Give each column's name in Python and in its table, and what reads its JSON."""
    fields: Any = model._meta.concrete_fields
    return [(field.attname, field.column, _reader(field)) for field in fields]


def _reader(field: Any) -> Callable[[Any], Any] | None:
    """Give what reads a column's JSON, where it is not what it says."""
    if isinstance(field, models.DateTimeField):
        return lambda text: text and datetime.fromisoformat(text)
    if isinstance(field, models.DateField):
        return lambda text: text and date.fromisoformat(text)
    return None
