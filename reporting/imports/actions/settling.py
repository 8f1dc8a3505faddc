"""Settling a conflict: the hub's record stands, or the extract's value becomes a fact of the hub."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max

from hub.access.context import acting_for
from hub.access.gate import require
from hub.access.rules import Permission, Purpose
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import correct
from hub.facts.models import Fact
from hub.facts.moments import write_moment
from reporting.extracts.models import ImportConflict, version_of
from reporting.extracts.rules.facts import STORED_AS
from reporting.extracts.rules.layout import FILE
from reporting.imports.models import ConflictSettlement
from reporting.upkeep.actions import KINDS, renew_after
from risk.levels.actions import CURRENT_SCALE
from risk.levels.models import RiskLevel, RiskScale

Stands = ImportConflict.Stands
Values = dict[str, Any]
SUBJECTS = {
    "children": "child",
    "episodes": "episode",
    "missing_episodes": "missing episode",
    "crimes": "crime",
    "suspects": "suspect",
    "suspect_occurrences": "suspect occurrence",
}
"""What the trail calls whom a fact is about, by their file."""
NO_REASON = "Say why: the reason is read beside both versions."
SETTLED = "Somebody settled this conflict already. Go back to the list."
MOVED = "Somebody changed the hub's record meanwhile. Look at what stands now, then decide again."
GONE = "The hub's own record does not stand any more, so there is nothing to replace. Import again."
NOT_BOTH = "Only one of the two can stand. Choose which."
UNFIT = (
    "The extract's value does not fit what else is recorded: an end would lie before its start. "
    "Correct the hub's record, then settle this."
)


@transaction.atomic
def settle(*, conflict: ImportConflict, stands: Stands, seen: str, reason: str, by: User) -> None:
    """Say what stands, and why; no import lists this row again while the hub still says so.

    `seen` names the hub's version that the person saw (`version_of`). Where the extract's value is taken
    it becomes a fact recorded by that person, known from now, and the hub's version is superseded; names
    may stand side by side. Raises NotAllowed; RuleBroken without a reason, and where there is nothing to
    take or it does not fit; Conflict where somebody settled it, or changed the hub's record, meanwhile.
    """
    require(by, Permission.EXTRACT_IMPORT, conflict)
    if not reason.strip():
        raise RuleBroken("conflict.reason", NO_REASON, field="reason")
    now = write_moment(conflict.partnership_id)
    with acting_for(Purpose.REPORT):  # as the import itself: whoever settles need not see cases
        hub = conflict.hub_version()
        if version_of(hub) != seen:
            raise Conflict(MOVED)
        _close(conflict, hub, stands, now)
        if stands != Stands.HUB:
            _take(conflict, hub, stands, now, reason, by)
    _note(conflict, stands, now, reason, by)


def _close(conflict: ImportConflict, hub: Fact | None, stands: Stands, now: datetime) -> None:
    """Mark it settled, once; where the hub has come to say something else, that is what was judged."""
    judged: Values = {}
    if hub is not None and hub.pk != conflict.fact_id:
        judged = {"in_hub": conflict.said_by(hub), "fact_id": hub.pk}
    unsettled = ImportConflict.objects.filter(pk=conflict.pk, settled_at__isnull=True)
    if not unsettled.update(settled_at=now, stands=stands, **judged):
        raise Conflict(SETTLED)


def _note(conflict: ImportConflict, stands: Stands, now: datetime, reason: str, by: User) -> None:
    ConflictSettlement.objects.create(
        partnership_id=conflict.partnership_id,
        conflict=conflict,
        settled_by=by,
        settled_at=now,
        reason=reason.strip(),
    )
    record(
        event="conflict.settled",
        verb=Verb.ALTERATION,
        what="import conflict",
        reference=str(conflict.pk),
        at=now,
        by=by,
        partnership_id=conflict.partnership_id,
        after={"stands": stands},
        reason=reason.strip(),
    )


# --- taking the extract's value ------------------------------------------------------------------


def _take(
    conflict: ImportConflict, hub: Fact | None, stands: Stands, now: datetime, reason: str, by: User
) -> None:
    if hub is None:
        raise RuleBroken("conflict.gone", GONE)
    if stands == Stands.BOTH and not conflict.fact.side_by_side:
        raise RuleBroken("conflict.both", NOT_BOTH, field="stands")
    values = _values(conflict, hub, now)
    how: Values = {"now": now, "by": by, "reason": reason}
    try:
        with transaction.atomic():
            new = _write(conflict, hub, stands, values, how)
    except IntegrityError as error:
        raise RuleBroken("conflict.unfit", UNFIT) from error
    if conflict.fact.subject_file in KINDS:
        number = getattr(hub, conflict.fact.subject)
        renew_after(kind=conflict.fact.subject_file, number=number, now=now, by=by)
    _note_correction(conflict, hub, new, now, reason, by)


def _write(
    conflict: ImportConflict, hub: Fact, stands: Stands, values: Values, how: Values
) -> Fact:
    """Write it at the row's own place, so that the extract then finds there what it says itself.

    The hub's version of that place, or of a later one, gives way. One of an earlier place meets another
    row of the extract, so the new fact comes behind it; and where both are to stand the hub's moves on.
    """
    if stands == Stands.BOTH:
        correct(fact=hub, position=_last_position(conflict, hub) + 1, **how)
        return _add(conflict, hub, values, how)
    if hub.position < conflict.place:
        return _add(conflict, hub, values, how)
    return correct(fact=hub, position=conflict.place, **values, **how)


def _add(conflict: ImportConflict, hub: Fact, values: Values, how: Values) -> Fact:
    """Write a further fact of the same subject and key, with what the extract says alone."""
    fact = conflict.fact
    columns = [STORED_AS.get(name, name) for name in (fact.subject, *fact.key)]
    new = type(hub)(partnership_id=hub.partnership_id, position=conflict.place)
    for name, value in {**{c: getattr(hub, c) for c in columns}, **values}.items():
        setattr(new, name, value)
    for ending in fact.endings:
        if any(values.get(column) not in (None, "") for column in ending.columns):
            setattr(new, ending.known, how["now"])
    new.known_from, new.recorded_by, new.reason = how["now"], how["by"], how["reason"].strip()
    new.save(force_insert=True)
    return new


def _last_position(conflict: ImportConflict, hub: Fact) -> int:
    own = STORED_AS.get(conflict.fact.subject, conflict.fact.subject)
    every = type(hub)._default_manager.filter(superseded_at__isnull=True)
    found = every.filter(**{own: getattr(hub, own)}).aggregate(last=Max("position"))
    return int(found["last"])


def _values(conflict: ImportConflict, hub: Fact, now: datetime) -> Values:
    """Give what the row says in the table's own columns and types."""
    values = {
        column: _typed(conflict, hub, column, value)
        for column, value in conflict.in_extract.items()
    }
    if isinstance(hub, RiskLevel):
        values["scale"] = RiskScale.objects.get(code=CURRENT_SCALE)
    for ending in conflict.fact.endings:
        if ending.known != "to_known_from":  # that one every correction sees to itself
            values |= _second_end(ending.columns, ending.known, hub, values, now)
    return values


def _typed(conflict: ImportConflict, hub: Fact, column: str, value: Any) -> Any:
    field: models.Field[Any, Any] = hub._meta.get_field(column)  # type: ignore[assignment]  # a column
    if not FILE[conflict.fact.file].column(column).refers:
        return field.to_python(value)
    if not value:
        return None
    others: Any = field.related_model
    found = others._default_manager.filter(partnership=conflict.partnership_id, reference=value)
    return found.values_list("pk", flat=True).get()


def _second_end(
    columns: tuple[str, ...], known: str, hub: Fact, values: Values, now: datetime
) -> Values:
    """Say since when an end besides the spell's own is known, where it changes."""
    after = {column: values.get(column, getattr(hub, column)) for column in columns}
    if all(getattr(hub, column) == value for column, value in after.items()):
        return {}
    return {known: now if any(value is not None for value in after.values()) else None}


def _note_correction(
    conflict: ImportConflict, old: Fact, new: Fact, now: datetime, reason: str, by: User
) -> None:
    """Put it on the trail of whom it is about; the versions themselves stay readable as facts."""
    own = STORED_AS.get(conflict.fact.subject, conflict.fact.subject)
    of = getattr(old, own.removesuffix("_id"))
    record(
        event="extract.taken",
        verb=Verb.ALTERATION,
        what=SUBJECTS[conflict.fact.subject_file],
        reference=of if isinstance(of, str) else of.reference,
        at=now,
        by=by,
        partnership_id=conflict.partnership_id,
        before={"fact": conflict.fact_table, "version": old.pk},
        after={"version": new.pk, "columns": sorted(conflict.in_extract)},
        reason=reason.strip(),
    )
