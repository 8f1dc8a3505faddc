"""Writing notes, correcting and withdrawing them. The words stay in the notes: the trail, read by
people who see no case, says which note and which of its parts.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from hub.access.gate import require, standing_of
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import NotAllowed, RuleBroken
from hub.facts.actions import correct, withdraw
from hub.facts.moments import write_moment
from partners.agencies.models import Agency
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.notes.models import Note, new_numbers
from referrals.notes.rules import Written, problem_with, right_to_write

OTHERS_NOTE = "This note is another agency's. Ask its author, or that agency, to put it right."
NO_LONGER_SHOWN = (
    "The episode of this note is not shared with you any more, so the note cannot be corrected. "
    "Withdraw it, and write it anew without the episode."
)


@transaction.atomic
def write_note(*, child: Child, episode: Episode | None, written: Written, by: User) -> Note:
    """Keep a note about a child, or about one of its episodes.

    Raises NotAllowed; RuleBroken for a note without words, or of a day or time that cannot be.
    """
    standing = require(by, right_to_write(standing_of(by)), child)
    now = write_moment(child.partnership_id)
    note = Note.objects.create(
        **_columns(child, episode, written, now),
        child=child,
        partnership_id=child.partnership_id,
        position=new_numbers(1)[0],
        author=by,
        agency_id=standing.agency_id,
        known_from=now,
        recorded_by=by,
    )
    _enter("note.written", Verb.COLLECTION, note, now, by, after=_outline(note, by))
    return note


@transaction.atomic
def correct_note(
    *, note: Note, episode: Episode | None, written: Written, reason: str, by: User
) -> Note:
    """Put a note right, its marking too, by a new version; the old one stays readable.

    Raises NotAllowed, also for another agency's note; RuleBroken as `write_note` does, without a
    reason, where nothing changes, and where its episode is no longer shown to the person; Conflict
    where somebody changed it meanwhile.
    """
    require_own(by, note)
    if note.episode_id and not _seen_reference(note, by):
        raise RuleBroken("note.episode", NO_LONGER_SHOWN, "episode")
    now = write_moment(note.partnership_id)
    columns = _columns(note.child, episode, written, now)
    changed = [name for name, value in columns.items() if getattr(note, name) != value]
    if not changed:
        raise RuleBroken(
            "note.unchanged", "Nothing is changed yet. Change what is wrong, or cancel."
        )
    new = correct(fact=note, now=now, by=by, reason=reason, **columns)
    after = {**_outline(new, by), "changed": changed}
    _enter("note.corrected", Verb.ALTERATION, new, now, by, _outline(note, by), after, reason)
    return new


@transaction.atomic
def withdraw_note(*, note: Note, reason: str, by: User) -> None:
    """Take back a note that was written about the wrong child; why goes on the trail.

    Raises NotAllowed, RuleBroken without a reason, Conflict where somebody changed it meanwhile.
    """
    require_own(by, note)
    now = write_moment(note.partnership_id)
    withdraw(fact=note, now=now, by=by, reason=reason)
    _enter("note.withdrawn", Verb.ALTERATION, note, now, by, _outline(note, by), None, reason)


def require_own(by: User, note: Note) -> None:
    """Let a note be changed, and with it who may see it, by its author and its agency alone.

    Raises NotAllowed for anybody else, whatever their role.
    """
    standing = require(by, right_to_write(standing_of(by)), note)
    if not note.belongs_to(standing):
        raise NotAllowed(OTHERS_NOTE)


def _columns(
    child: Child, episode: Episode | None, written: Written, now: datetime
) -> dict[str, Any]:
    """Give a note's own columns, or raise what is wrong with them."""
    problem = problem_with(written, born=child.date_of_birth, now=now)
    if problem:
        raise RuleBroken("note.written", problem.message, problem.field)
    if episode and episode.child_id != child.pk:
        raise RuleBroken(
            "note.episode", "This episode is another child's. Choose again.", "episode"
        )
    asked = set(written.for_agencies)
    agencies = Agency.objects.filter(partnership=child.partnership_id, pk__in=asked)
    if asked and agencies.count() != len(asked):
        raise RuleBroken("note.agencies", "Choose agencies of this hub.", "for_agencies")
    words = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in asdict(written).items()
        if name != "happened_time"
    }
    return {
        **words,
        "for_agencies": sorted(asked),
        "happened_at": written.happened_at,
        "episode_id": episode and episode.pk,
    }


def _seen_reference(note: Note, by: User) -> str:
    """Give the reference of a note's episode; nothing where it has none that the person is shown."""
    if note.episode_id is None:
        return ""
    seen = Episode.objects.visible_to(by).filter(pk=note.episode_id)
    return seen.values_list("reference", flat=True).first() or ""


def _outline(note: Note, by: User) -> dict[str, Any]:
    return {
        "note": note.position,
        "kind": note.kind,
        "happened_on": note.happened_on.isoformat(),
        "episode": _seen_reference(note, by),
        "seen_by": note.seen_by,
    }


def _enter(
    event: str,
    verb: Verb,
    note: Note,
    now: datetime,
    by: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        event=event,
        verb=verb,
        what="child",
        reference=note.child.reference,
        at=now,
        by=by,
        partnership_id=note.partnership_id,
        before=before,
        after=after,
        reason=reason.strip(),
    )
