"""Making a backup of the database: a copy of one moment, and the inventory of the same moment beside it."""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from hub.access.context import act_as
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.backups.queries import export_snapshot, require_whole_sight, take_inventory
from hub.backups.rules import Inventory, name_of, written
from hub.errors import NotAllowed, RuleBroken

# Custom format: compressed, and pg_restore can look into it, or take it back in several processes.
# With row security on, or pg_dump refuses where its role is bound; that it hides nothing was asked before.
DUMP = ("--format=custom", "--enable-row-security", "--lock-wait-timeout=60000")


@dataclass(frozen=True)
class Backup:
    """The two files of a backup, and what it holds."""

    dump: Path
    inventory: Path
    held: Inventory


def back_up(*, to: Path, program: Path, now: datetime, by: User) -> Backup:
    """Copy the database into a folder, by this pg_dump, with the inventory of the very same moment.

    A file bears its name only when it is whole. Afterwards the trail bears the digests of both: that a
    backup was made is a disclosure of everything, and what comes back can be compared. Raises NotAllowed,
    and RuleBroken where row security would hide rows from this role or pg_dump fails.
    """
    if not by.is_operator:
        raise NotAllowed("Backups are made from the command line alone.")
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    dump, inventory = (to / f"{name_of(now)}.{ending}" for ending in ("dump", "json"))
    unfinished = dump.with_suffix(".part")
    try:
        held = _copied(unfinished, program)
        _write(inventory, written(held))
        unfinished.rename(dump)
    finally:
        unfinished.unlink(missing_ok=True)
    _note(dump, inventory, now, by)
    return Backup(dump, inventory, held)


def _copied(to: Path, program: Path) -> Inventory:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        snapshot = export_snapshot(cursor)
        require_whole_sight(cursor)
        _dump(to, program, snapshot)
        return take_inventory(cursor)


def _dump(to: Path, program: Path, snapshot: str) -> None:
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    # The words with which Django starts psql: who and where. The password goes by the environment.
    words, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    done = subprocess.run(  # noqa: S603  # our own command
        [program, *DUMP, f"--snapshot={snapshot}", f"--file={to}", *words[1:]],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuleBroken("backup.dump", f"pg_dump did not make the copy: {done.stderr.strip()}")


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        os.fsync(file.fileno())


@transaction.atomic
def _note(dump: Path, inventory: Path, now: datetime, by: User) -> None:
    digests = {path.suffix[1:]: f"sha256 {_digest(path)}" for path in (dump, inventory)}
    act_as(by)
    record(
        event="hub.backed_up",
        verb=Verb.DISCLOSURE,
        what="backup",
        reference=dump.stem,
        at=now,
        by=by,
        after=digests,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
