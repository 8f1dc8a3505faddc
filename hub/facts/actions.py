"""Correcting facts by hand: the old version stays readable, the new one says why and by whom.

The caller takes the moment, checks the right, writes the trail and refreshes the current columns: these
verbs only keep the grammar of facts, the same for each table.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models, transaction
from django.db.models import Max

from hub.errors import Conflict, RuleBroken
from hub.facts.models import Fact, Spell, SpellQuerySet

if TYPE_CHECKING:
    from hub.accounts.models import User

F = TypeVar("F", bound=Fact)
OWN = {"id", "known_from", "source", "recorded_by", "reason", "written_at"}
SUPERSEDED = {"superseded_at", "superseded_source", "superseded_by"}
MEANWHILE = "Somebody else changed this meanwhile. Look at what stands now, then decide again."


@transaction.atomic
def correct(*, fact: F, now: datetime, by: "User", reason: str, **changes: Any) -> F:
    """Supersede the standing version by a new one that carries the changes; give the new one.

    A spell's end that changes is known from now; one that is taken away is not known any more. Facts
    that an import brought are ended this way too: the extract's own row stays as the extract has it.
    Raises Conflict where the fact no longer stands, RuleBroken without a reason.
    """
    _supersede(fact, now, by, reason)
    new = type(fact)(**_carried(fact), **_end_known(fact, now, changes))
    for name, value in changes.items():
        setattr(new, name, value)
    new.known_from, new.recorded_by, new.reason = now, by, reason.strip()
    new.position = _free_position(new)
    new.save(force_insert=True)
    return new


@transaction.atomic
def withdraw(*, fact: Fact, now: datetime, by: "User", reason: str) -> None:
    """Let a fact that was recorded wrongly stand no longer; the caller puts the reason on the trail.

    Raises Conflict where it no longer stands, RuleBroken without a reason.
    """
    _supersede(fact, now, by, reason)


def _supersede(fact: Fact, now: datetime, by: "User", reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(
            "fact.reason", "Write why this is corrected: it is read beside the old version."
        )
    standing = _rows(fact).filter(pk=fact.pk, superseded_at__isnull=True)
    if not standing.update(superseded_at=now, superseded_by=by):
        raise Conflict(MEANWHILE)


def _rows(fact: Fact) -> models.QuerySet[Any]:
    return type(fact)._default_manager.all()


def _carried(fact: Fact) -> dict[str, Any]:
    """The columns that a new version takes over: all but those that tell of the version itself."""
    own = (field for field in fact._meta.concrete_fields if field.name not in OWN | SUPERSEDED)
    return {
        field.attname: getattr(fact, field.attname)
        for field in own
        if field.name != "to_known_from"
    }


def _end_known(fact: Fact, now: datetime, changes: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(fact, Spell):
        return {}
    rows = _rows(fact)
    end = rows.end_field if isinstance(rows, SpellQuerySet) else "to_date"
    if end not in changes or changes[end] == getattr(fact, end):
        return {"to_known_from": fact.to_known_from}
    return {"to_known_from": now if changes[end] is not None else None}


def _free_position(new: Fact) -> int:
    """Keep the position; behind the last where a corrected date meets others of that date."""
    # By its own columns: what it hangs on may not be the person's to read.
    named = set(_key(new))
    columns = [field.attname for field in new._meta.concrete_fields if field.name in named]
    key = {name: getattr(new, name) for name in columns}
    others = _rows(new).filter(**key, superseded_at__isnull=True)
    if not others.filter(position=new.position).exists():
        return new.position
    return int(others.aggregate(last=Max("position"))["last"]) + 1


def _key(fact: Fact) -> list[str]:
    """The fields of which, with the position, one version stands (`one_current`)."""
    unique = (rule for rule in fact._meta.constraints if isinstance(rule, models.UniqueConstraint))
    current = next(rule for rule in unique if "superseded_at" in rule.fields)
    return [name for name in current.fields if name not in ("position", "superseded_at")]
