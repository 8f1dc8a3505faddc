"""Keeping the people to call about a child. The trail names none of them: it says which entry changed."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import MEANWHILE, correct
from hub.facts.moments import write_moment
from referrals.children.models import Child
from referrals.contacts.models import PersonToCall
from referrals.contacts.rules import Entry, end_problem, problem_with


@transaction.atomic
def add_person_to_call(*, child: Child, entry: Entry, by: User) -> PersonToCall:
    """Keep whom to call about a child.

    Raises NotAllowed; RuleBroken for an entry without a name, a relation or a number that can be dialled.
    """
    require(by, Permission.NOTES_RECORD, child)
    now = write_moment(child.partnership_id)
    person = PersonToCall.objects.create(
        **_columns(entry, now),
        child=child,
        partnership_id=child.partnership_id,
        position=_next_number(child),
        known_from=now,
        recorded_by=by,
    )
    _enter("person_to_call.added", Verb.COLLECTION, person, now, by)
    return person


@transaction.atomic
def correct_person_to_call(
    *, person: PersonToCall, entry: Entry, reason: str, by: User
) -> PersonToCall:
    """Put an entry right by a new version, with a reason.

    Raises NotAllowed; RuleBroken as `add_person_to_call` does, without a reason, and where nothing
    changes; Conflict where somebody changed it meanwhile.
    """
    require(by, Permission.NOTES_RECORD, person)
    now = write_moment(person.partnership_id)
    columns = _columns(entry, now)
    changed = [name for name, value in columns.items() if getattr(person, name) != value]
    if not changed:
        raise RuleBroken(
            "person_to_call.unchanged", "Nothing is changed yet. Change what is wrong, or cancel."
        )
    new = correct(fact=person, now=now, by=by, reason=reason, **columns)
    _enter("person_to_call.corrected", Verb.ALTERATION, new, now, by, {"changed": changed}, reason)
    return new


@transaction.atomic
def end_person_to_call(*, person: PersonToCall, to_date: date, by: User) -> None:
    """Call a person no longer, from a day on.

    Raises NotAllowed; RuleBroken for a day that cannot be; Conflict where it has ended or was changed.
    """
    require(by, Permission.NOTES_RECORD, person)
    now = write_moment(person.partnership_id)
    problem = end_problem(person.from_date, to_date, today=london_date(now))
    if problem:
        raise RuleBroken("person_to_call.end", problem.message, problem.field)
    standing = PersonToCall.objects.known().filter(pk=person.pk, to_date__isnull=True)
    if not standing.update(to_date=to_date, to_known_from=now):
        raise Conflict(MEANWHILE)
    after = {"to_date": to_date.isoformat()}
    _enter("person_to_call.ended", Verb.ALTERATION, person, now, by, after)


def _columns(entry: Entry, now: datetime) -> dict[str, Any]:
    """Give an entry's own columns, or raise what is wrong with them."""
    problem = problem_with(entry, today=london_date(now))
    if problem:
        raise RuleBroken("person_to_call.entry", problem.message, problem.field)
    return {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in asdict(entry).items()
    }


def _next_number(child: Child) -> int:
    last = PersonToCall.objects.filter(child=child).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _enter(
    event: str,
    verb: Verb,
    person: PersonToCall,
    now: datetime,
    by: User,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        event=event,
        verb=verb,
        what="child",
        reference=person.child.reference,
        at=now,
        by=by,
        partnership_id=person.partnership_id,
        after={"person_to_call": person.position, **(after or {})},
        reason=reason.strip(),
    )
