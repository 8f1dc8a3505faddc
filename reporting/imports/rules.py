"""How an upload goes from file to facts: its states, its limits, and what to do with what was left."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where an uploaded extract stands."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    FAULTY = "faulty"
    CONFIRMED = "confirmed"
    IMPORTING = "importing"
    IMPORTED = "imported"
    FAILED = "failed"
    CANCELLED = "cancelled"


# A worker that was killed leads back to the state before; so does a hub that changed since the check.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.UPLOADED: frozenset({State.CHECKING, State.CANCELLED}),
    State.CHECKING: frozenset({State.UPLOADED, State.CHECKED, State.FAULTY, State.FAILED}),
    State.CHECKED: frozenset({State.CONFIRMED, State.CANCELLED}),
    State.CONFIRMED: frozenset({State.IMPORTING, State.CANCELLED}),
    State.IMPORTING: frozenset(
        {State.CONFIRMED, State.UPLOADED, State.IMPORTED, State.FAILED},
    ),
    State.FAULTY: frozenset(),
    State.IMPORTED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}
WORK: dict[State, State] = {State.UPLOADED: State.CHECKING, State.CONFIRMED: State.IMPORTING}
"""What waits for a worker, and what it becomes in the worker's hands."""

ENDED = frozenset(state for state, later in TRANSITIONS.items() if not later)
MOVING = frozenset({*WORK, *WORK.values()})
AFTER_CONFIRMING = frozenset({State.CONFIRMED, State.IMPORTING, State.IMPORTED})
CAN_BE_CANCELLED = frozenset(s for s, later in TRANSITIONS.items() if State.CANCELLED in later)


class LeftAlone(StrEnum):
    """What to do with an upload that nobody seems to work on."""

    HURRY = "hurry"
    START_AGAIN = "start again"
    GIVE_UP = "give up"


WAITS_AT_MOST = timedelta(minutes=1)
SILENT_AT_MOST = timedelta(minutes=3)
STARTS_AT_MOST = 3
KEPT_FOR = timedelta(hours=24)


def left_alone(state: State, *, starts: int, heard_at: datetime, now: datetime) -> LeftAlone | None:
    """Say what to do with an upload that was last heard of at `heard_at`; None: leave it be.

    One that waits may have lost its call in the queue. One that is worked on, but silent, lost its
    worker: it is started again twice, and then given up.
    """
    silent = now - heard_at
    if state in WORK:
        return LeftAlone.HURRY if silent > WAITS_AT_MOST else None
    if state not in WORK.values() or silent <= SILENT_AT_MOST:
        return None
    return LeftAlone.START_AGAIN if starts < STARTS_AT_MOST else LeftAlone.GIVE_UP


def state_before(state: State) -> State:
    """Give the state in which the work that is now being done was waiting."""
    return next(waiting for waiting, working in WORK.items() if working == state)


# --- what was uploaded ---------------------------------------------------------------------------

UNPACKED_TIMES = 10
MEGABYTE = 1_000_000


def unpacked_problem(unpacked: int, limit: int) -> str:
    """Say what is wrong with an extract that is larger, unpacked, than `limit` bytes; else nothing."""
    most = limit * UNPACKED_TIMES
    if unpacked <= most:
        return ""
    return (
        f"Unpacked it would be larger than {most // MEGABYTE:,} MB, which no extract should be. "
        "Check what the .zip holds."
    )


# --- how far it is -------------------------------------------------------------------------------

READING = 60
STEPS = {"Checking every row": 62, "Comparing with what is on record": 75, "Writing": 85}
"""How far, in per cent, an import is when a step begins; until then it reads files."""


def part_done(step: str, read: int, size: int) -> int:
    """Give the per cent of the work that is done, from the step and the bytes read of all bytes."""
    if step in STEPS:
        return STEPS[step]
    return min(READING, READING * read // size) if size else 0


# --- what was promised, what is done -------------------------------------------------------------


def same_changes(promised: Sequence[Mapping[str, Any]], done: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether an import does, file by file, exactly what its check said that it would."""
    return list(promised) == list(done)
