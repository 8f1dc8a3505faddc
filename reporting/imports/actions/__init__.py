"""Uploading an extract, confirming what its check promised, and clearing up after what was left."""

from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict
from partners.partnerships.models import Partnership
from reporting.extracts.rules.labels import clean_name
from reporting.imports.actions.files import forget, forget_strays, new_name, path_of, store
from reporting.imports.actions.moving import move
from reporting.imports.actions.settling import settle
from reporting.imports.actions.working import work_on
from reporting.imports.models import ExtractUpload
from reporting.imports.rules import (
    AFTER_CONFIRMING,
    CAN_BE_CANCELLED,
    ENDED,
    KEPT_FOR,
    MOVING,
    LeftAlone,
    State,
    left_alone,
    state_before,
)

__all__ = ["cancel", "clear_out", "confirm", "give_up", "path_of", "pick_up", "receive", "settle",
           "work_on"]  # fmt: skip

STOPPED = (
    "The work was stopped {starts} times before it was done, and nothing was imported. Upload the "
    "extract again; if that fails too, tell those who run the system the number of this import."
)
NOT_CONFIRMED = (
    "It was not confirmed within 24 hours, so its file was deleted. Nothing was imported."
)


@transaction.atomic
def receive(
    *,
    uploaded: "UploadedFile[Any]",
    partnership: Partnership,
    skip_bad_rows: bool,
    now: datetime,
    by: User,
) -> ExtractUpload:
    """Keep an uploaded .zip for its check. With `skip_bad_rows` its bad rows are to be left out.

    Raises NotAllowed.
    """
    require(by, Permission.EXTRACT_IMPORT, partnership)
    name = new_name("zip")
    upload = ExtractUpload.objects.create(
        partnership=partnership,
        uploaded_by=by,
        uploaded_at=now,
        state_since=now,
        heard_at=now,
        file_name=clean_name(uploaded.name or ""),
        size=uploaded.size or 0,
        sha256=store(uploaded, name),
        stored_as=name,
        skip_bad_rows=skip_bad_rows,
    )
    after = {"file": upload.file_name, "size": upload.size, "sha256": upload.sha256}
    _note("import.uploaded", Verb.COLLECTION, upload, now=now, by=by, after=after)
    return upload


@transaction.atomic
def confirm(*, upload: ExtractUpload, seen: str, now: datetime, by: User) -> bool:
    """Let the import begin. `seen` says which check the person saw: the moment it ended, in ISO form.

    Says whether this did it: a second click, or a second person, changes nothing. Raises NotAllowed,
    and Conflict where there is another check to look at, or nothing to confirm any more.
    """
    require(by, Permission.EXTRACT_IMPORT, upload)
    waiting = upload.state == State.CHECKED and upload.state_since.isoformat() == seen
    confirmed: dict[str, Any] = {
        "confirmed_by": by,
        "confirmed_at": now,
        "starts": 0,
        "part_done": 0,
    }
    if waiting and move(upload, State.CONFIRMED, now=now, **confirmed):
        _note("import.confirmed", Verb.COLLECTION, upload, now=now, by=by)
        return True
    upload.refresh_from_db()
    if upload.state in AFTER_CONFIRMING:
        return False
    raise Conflict(
        "This import has changed since you looked. Open it again and see where it stands."
    )


@transaction.atomic
def cancel(*, upload: ExtractUpload, now: datetime, by: User) -> None:
    """Give up an import that has not begun, and delete its file. Raises NotAllowed and Conflict."""
    require(by, Permission.EXTRACT_IMPORT, upload)
    message = f"{by.name} cancelled it, and its file was deleted. Nothing was imported."
    can = upload.state in CAN_BE_CANCELLED
    if not can or not move(upload, State.CANCELLED, now=now, message=message):
        raise Conflict("It is too late to cancel this import. Open it and see where it stands.")
    _note("import.cancelled", Verb.ERASURE, upload, now=now, by=by)


# --- what was left ---------------------------------------------------------------------------------


@transaction.atomic
def pick_up(*, now: datetime, by: User) -> list[int]:
    """Find what a killed worker or a lost message left; give the numbers of those to be worked on.

    Work without a sign of life is started again twice, then given up with a sentence that says so.
    """
    require(by, Permission.EXTRACT_IMPORT)
    left = ExtractUpload.objects.filter(state__in=sorted(MOVING)).order_by("pk")
    return [upload.pk for upload in left if _wake(upload, now=now, by=by)]


def _wake(upload: ExtractUpload, *, now: datetime, by: User) -> bool:
    deed = left_alone(State(upload.state), starts=upload.starts, heard_at=upload.heard_at, now=now)
    if deed == LeftAlone.HURRY:
        same = ExtractUpload.objects.filter(pk=upload.pk, state=upload.state)
        return bool(same.update(heard_at=now))
    if deed == LeftAlone.START_AGAIN:
        return move(upload, state_before(State(upload.state)), now=now, message=upload.message)
    if deed == LeftAlone.GIVE_UP:
        give_up(upload=upload, message=STOPPED.format(starts=upload.starts), now=now, by=by)
    return False


@transaction.atomic
def give_up(*, upload: ExtractUpload, message: str, now: datetime, by: User) -> None:
    """End work that does not get done; `message` tells a person what to do."""
    require(by, Permission.EXTRACT_IMPORT, upload)
    if move(upload, State.FAILED, now=now, message=message):
        _note("import.failed", Verb.ERASURE, upload, now=now, by=by)


@transaction.atomic
def clear_out(*, now: datetime, by: User) -> None:
    """Delete what nobody needs any more: files a day old, lists of faults, and strays."""
    require(by, Permission.EXTRACT_IMPORT)
    old = ExtractUpload.objects.filter(state_since__lt=now - KEPT_FOR)
    for upload in old.filter(state__in=sorted(CAN_BE_CANCELLED)):
        if move(upload, State.CANCELLED, now=now, message=NOT_CONFIRMED):
            _note("import.cancelled", Verb.ERASURE, upload, now=now, by=by)
    for upload in old.filter(state__in=sorted(ENDED)).exclude(faults_in=""):
        transaction.on_commit(partial(forget, [upload.faults_in]))
    old.filter(state__in=sorted(ENDED)).exclude(faults_in="").update(faults_in="")
    known = ExtractUpload.objects.exclude(stored_as="", faults_in="")
    names = {name for row in known.values_list("stored_as", "faults_in") for name in row}
    forget_strays(names, now)


def _note(
    event: str,
    verb: Verb,
    upload: ExtractUpload,
    *,
    now: datetime,
    by: User,
    after: dict[str, object] | None = None,
) -> None:
    """Put a step of an import on the trail."""
    record(
        event=event,
        verb=verb,
        what="import",
        reference=str(upload.pk),
        at=now,
        by=by,
        partnership_id=upload.partnership_id,
        after=after,
    )
