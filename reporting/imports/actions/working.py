"""What a worker does with an upload: the check, which writes no fact, and the import."""

import tempfile
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hub.access.context import act_as, acting_as
from hub.access.gate import require
from hub.access.rules import Permission, Purpose
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict, DomainError
from reporting.extracts.actions import (
    ExtractRefused,
    NotAnExtract,
    check_extract,
    import_extract,
)
from reporting.extracts.rules.outcome import ImportResult
from reporting.imports.actions.files import forget, new_name, path_of, unpacked_size
from reporting.imports.actions.listening import Ears, heartbeat, listing
from reporting.imports.actions.moving import move
from reporting.imports.models import ExtractUpload
from reporting.imports.rules import WORK, State, same_changes, unpacked_problem

CHANGED = (
    "What the hub holds has changed since the check, so nothing was imported. The extract was "
    "checked again: look at what would change now, and confirm that."
)


class ChangedSinceCheck(DomainError):
    """The import would do something else than what the person confirmed."""


def work_on(*, number: int, now: datetime, by: User) -> bool:
    """Check an upload that waits for its check, or import one that was confirmed.

    Does nothing where it does not wait: a call may come twice. The import acts as the person who
    confirmed it. Says whether the upload waits again. Raises NotAllowed.
    """
    require(by, Permission.EXTRACT_IMPORT)
    upload = _begin(number, now, by)
    if upload is None:
        return False
    if upload.state == State.CHECKING:
        _check(upload, by)
    else:
        _import(upload, by)
    return upload.state in WORK


@transaction.atomic
def _begin(number: int, now: datetime, by: User) -> ExtractUpload | None:
    """Take it into one's hands; None where another has it."""
    act_as(by)
    people = ("partnership", "uploaded_by", "confirmed_by")
    upload = ExtractUpload.objects.select_related(*people).filter(pk=number).first()
    if upload is None or upload.state not in WORK:
        return None
    working = WORK[State(upload.state)]
    more = {"starts": upload.starts + 1, "step": "Starting", "part_done": 0}
    return upload if move(upload, working, now=now, message=upload.message, **more) else None


def comparing_as(by: User) -> AbstractContextManager[None]:
    """Act as the person, but meet every case of the partnership, as a report does.

    An extract brings the children whose records are restricted too: one that is hidden from who imports
    would be taken for new, and stop the whole import. What the person is shown of it is counts.
    """
    return acting_as(by, purpose=Purpose.REPORT)


# --- the check -----------------------------------------------------------------------------------


def _check(upload: ExtractUpload, by: User) -> None:
    """Keep what an import would do, and the list of what is wrong; nobody waits for it."""
    path, faults_in = path_of(upload.stored_as), new_name("csv")
    size = unpacked_size(path)
    too_large = unpacked_problem(size, settings.UPLOAD_LIMIT)
    with listing(path_of(faults_in), size) as ears:
        if too_large:
            outcome: dict[str, Any] = {"to": State.FAULTY, "message": too_large}
        else:
            outcome = _try(upload, ears, by)
    outcome |= {"fault_count": ears.faults, "warning_count": ears.warnings}
    _conclude(upload, by=by, faults_in=faults_in, **outcome)


def _try(upload: ExtractUpload, ears: Ears, by: User) -> dict[str, Any]:
    """Say to which state the check leads, and why."""
    try:
        with heartbeat(upload, ears, by), comparing_as(upload.uploaded_by):
            result = check_extract(
                path=path_of(upload.stored_as),
                partnership=upload.partnership,
                by=upload.uploaded_by,
                skip_bad_rows=upload.skip_bad_rows,
                listener=ears,
            )
    except (ExtractRefused, NotAnExtract) as error:
        return {"to": State.FAULTY, "message": _plain(error, upload)}
    except DomainError as error:
        return {"to": State.FAILED, "message": _plain(error, upload)}
    # A second check that tells of a change keeps the sentence that says so.
    return {"to": State.CHECKED, "message": upload.message, "result": _as_json(result)}


@transaction.atomic
def _conclude(upload: ExtractUpload, *, by: User, to: State, **columns: Any) -> None:
    """Keep what the check found; where the upload was taken over meanwhile, its list goes."""
    act_as(by)  # the person may have lost the right meanwhile: then it ends as failed
    now, old = timezone.now(), upload.faults_in
    if not move(upload, to, now=now, **columns):
        forget([columns["faults_in"]])
        return
    transaction.on_commit(partial(forget, [old]))
    with acting_as(upload.uploaded_by):
        record(
            event="import.checked",
            verb=Verb.CONSULTATION,
            what="import",
            reference=str(upload.pk),
            at=now,
            by=upload.uploaded_by,
            partnership_id=upload.partnership_id,
            after={"state": to, "faults": upload.fault_count, "warnings": upload.warning_count},
        )


# --- the import ----------------------------------------------------------------------------------


def _import(upload: ExtractUpload, by: User) -> None:
    """Import: facts and state are committed together, so that neither stands without the other."""
    try:
        with comparing_as(upload.confirmed_by or by):
            _import_as_promised(upload, by)
    except (ChangedSinceCheck, ExtractRefused):
        nobody = {"confirmed_by": None, "confirmed_at": None, "starts": 0, "result": None}
        with acting_as(by):
            move(upload, State.UPLOADED, now=timezone.now(), message=CHANGED, **nobody)
    except DomainError as error:
        with acting_as(by):
            move(upload, State.FAILED, now=timezone.now(), message=_plain(error, upload))


def _import_as_promised(upload: ExtractUpload, worker: User) -> None:
    """Import what was confirmed. Raises ChangedSinceCheck where it would be something else."""
    by = upload.confirmed_by
    if by is None:
        raise Conflict("Nobody confirmed this import.")
    result = _as_json(_run(upload, by, worker))
    promised = (upload.result or {}).get("files", [])
    if not same_changes(promised, result["files"]):
        raise ChangedSinceCheck(CHANGED)
    if not move(upload, State.IMPORTED, now=timezone.now(), result=result, part_done=100):
        raise Conflict("Another worker took over this import, so this one was taken back.")
    record(
        event="import.done",
        verb=Verb.COLLECTION,
        what="import",
        reference=str(upload.pk),
        at=timezone.now(),
        by=by,
        partnership_id=upload.partnership_id,
        after={"file": upload.file_name, "sha256": upload.sha256},
    )


# --- both ----------------------------------------------------------------------------------------


def _run(upload: ExtractUpload, by: User, worker: User) -> ImportResult:
    """Run the importer, in the transaction that is open."""
    ears = Ears(unpacked_size(path_of(upload.stored_as)))
    with tempfile.TemporaryDirectory() as refused, heartbeat(upload, ears, worker):
        return import_extract(
            path=path_of(upload.stored_as),
            partnership_code=upload.partnership.code,
            label=upload.file_name,
            by=by,
            now=timezone.now(),
            skip_bad_rows=upload.skip_bad_rows,
            rejected_to=Path(refused),
            listener=ears,
        )


def _as_json(result: ImportResult) -> dict[str, Any]:
    """Give the reconciliation as the row keeps it; headlines as a list, for JSON forgets their order."""
    return {
        "published_at": result.published_at.isoformat() if result.published_at else None,
        "first": result.first,
        "files": [asdict(counts) for counts in result.files],
        "notes": result.notes,
        "headline": [
            [name, result.before.get(name, 0), after] for name, after in result.after.items()
        ],
        "new_conflicts": result.new_conflicts,
    }


def _plain(error: DomainError, upload: ExtractUpload) -> str:
    """Give an error's words with the name that the person knows instead of our path."""
    return str(error).replace(str(path_of(upload.stored_as)), upload.file_name)
