"""Giving new information on an open episode."""

from datetime import datetime

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import RuleBroken
from referrals.checks.actions import ask_checks
from referrals.episodes.models import Episode
from referrals.information.models import Information
from referrals.information.rules import Told, told_problem
from referrals.notes.actions import write_note
from referrals.notes.models import Note
from referrals.notes.rules import NEW_INFORMATION, Written

CLOSED = "This episode is closed. A new concern is a new episode."


@transaction.atomic
def add_information(
    *, episode: Episode, told: Told, written: Written, ask_again: bool = False, by: User
) -> Information:
    """Keep new information as a note, and put the case on the list of the next meeting.

    `ask_again`: the agencies are asked anew what they know, for which the person needs that right too.
    Raises NotAllowed; RuleBroken for a closed episode, what is told by nobody, and as `write_note` does.
    """
    require(by, Permission.NOTES_RECORD, episode)
    problem = told_problem(told)
    if problem:
        raise RuleBroken("information.told", problem.message, problem.field)
    if episode.closed_on is not None:
        raise RuleBroken("information.closed", CLOSED)
    note = write_note(child=episode.child, episode=episode, written=_as_such(written), by=by)
    row = Information.objects.create(
        partnership_id=episode.partnership_id,
        child_id=episode.child_id,
        episode=episode,
        note=note.position,
        kind=told.kind,
        source=told.source,
        recorded_at=note.known_from,
        recorded_by=by,
    )
    _enter(row, note, note.known_from, by)
    if ask_again:
        ask_checks(episode=episode, why="new_information", by=by)
    return row


def _as_such(written: Written) -> Written:
    return Written(**{**vars(written), "kind": NEW_INFORMATION})


def _enter(row: Information, note: Note, now: datetime, by: User) -> None:
    record(
        event="information.given",
        verb=Verb.COLLECTION,
        what="episode",
        reference=row.episode.reference,
        at=now,
        by=by,
        partnership_id=row.partnership_id,
        after={"note": note.position, "kind": row.kind, "source": row.source},
        about=[row.episode.child.reference],
    )
