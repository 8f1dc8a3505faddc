"""Moving an upload from one state to the next: only from the state in which it was seen."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from hub.errors import RuleBroken
from reporting.imports.actions.files import forget
from reporting.imports.models import ExtractUpload
from reporting.imports.rules import ENDED, TRANSITIONS, State


def move(
    upload: ExtractUpload, to: State, *, now: datetime, message: str = "", **more: Any
) -> bool:
    """Move it, if it still stands where (and was started as often as) it did when it was read.

    Says whether it did. Where it ends, its file is deleted once this is committed. Raises RuleBroken
    for a step that there is not.
    """
    if to not in TRANSITIONS[State(upload.state)]:
        raise RuleBroken("import.state", f"An import cannot go from {upload.state} to {to}.")
    columns = {"state": to, "state_since": now, "heard_at": now, "message": message, **more}
    if to in ENDED:
        columns["stored_as"] = ""
    rows = ExtractUpload.objects.filter(pk=upload.pk, state=upload.state, starts=upload.starts)
    if not rows.update(**columns):
        return False
    if to in ENDED:
        transaction.on_commit(partial(forget, [upload.stored_as]))
    for name, value in columns.items():
        setattr(upload, name, value)
    return True
