"""Importing a hub's extract: all of it or nothing (the extract contract)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict, DomainError
from hub.facts.models import FactSource
from hub.facts.moments import write_moment
from partners.partnerships.actions import set_up
from partners.partnerships.models import Partnership
from reporting.extracts.actions.checks import check_all, check_kept_ends
from reporting.extracts.actions.conflicts import (
    count_conflicts,
    count_new_conflicts,
    list_conflicts,
)
from reporting.extracts.actions.counting import count_files, foresee, headline
from reporting.extracts.actions.differences import Standing, compare, find_standing
from reporting.extracts.actions.faults import begin_faults, tell
from reporting.extracts.actions.opening import NotAnExtract, Source, open_source
from reporting.extracts.actions.progress import ProgressBar
from reporting.extracts.actions.refusing import (
    clear_rejected,
    prepare_refusals,
    refuse_bad_rows,
    write_rejected,
)
from reporting.extracts.actions.sql import rows, run
from reporting.extracts.actions.staging import AllStaged, stage_all
from reporting.extracts.actions.writing import Publication, write
from reporting.extracts.rules.facts import EVENTS, FACTS, IDENTITIES
from reporting.extracts.rules.labels import clean_name
from reporting.extracts.rules.layout import FILES
from reporting.extracts.rules.outcome import FileCounts, ImportResult, Listener

__all__ = ["ExtractRefused", "NotAnExtract", "ProgressBar", "check_extract", "import_extract"]

IMPORT_LOCKS = 7_311
REJECTED = Path("rejected")
NOTES_SHOWN = 50


class ExtractRefused(DomainError):
    """The extract has faults (the listener was told of each), and nothing was written."""

    status = 422


@transaction.atomic
def import_extract(
    *,
    path: Path,
    partnership_code: str = "bradford",
    label: str = "",
    by: User,
    now: datetime | None = None,
    skip_bad_rows: bool = False,
    rejected_to: Path = REJECTED,
    progress: bool = False,
    listener: Listener | None = None,
) -> ImportResult:
    """Import the extract in a folder or .zip for a partnership, in one transaction.

    `label` is the name by which people know the extract, where that is not the path's own: it stands on
    the facts' source and on the trail. With `skip_bad_rows` the rows with faults, and those that hang on
    them, are left out and written to the folder `rejected_to`; what an earlier import left there goes.
    `listener` is told of steps, faults and warnings; without one, `progress` shows a bar. `now` dates what
    is no fact, such as the making of the partnership; facts are known from a moment that is taken under
    the partnership's lock.

    Raises ExtractRefused where the extract has faults, NotAnExtract where there is nothing to read,
    RuleBroken for an unknown partnership, NotAllowed, Conflict where somebody changed the same facts
    meanwhile, and OSError where `rejected_to` cannot be written.
    """
    require(by, Permission.EXTRACT_IMPORT)
    listener = listener or (ProgressBar() if progress else Listener())
    now = now or timezone.now()
    name = clean_name(label or path.resolve().name)
    with open_source(path) as source, _staging():
        _one_at_a_time(partnership_code, listener)
        partnership = _partnership(partnership_code, now=now, by=by)
        require(by, Permission.EXTRACT_IMPORT, partnership)
        staged = _compared(source, partnership, skip_bad_rows=skip_bad_rows, listener=listener)
        result = _publish(staged, partnership, label=name, listener=listener, by=by)
        result.notes = _notes(source, staged)
        _put_on_trail(result, partnership, label=name, now=now, by=by)
        if any(counts.refused for counts in result.files):
            write_rejected(source, staged, rejected_to)
        else:
            clear_rejected(rejected_to)
        tell("warning", listener.warning)
    return result


@transaction.atomic
def check_extract(
    *,
    path: Path,
    partnership: Partnership,
    by: User,
    skip_bad_rows: bool = False,
    listener: Listener | None = None,
) -> ImportResult:
    """Say what importing this extract would do, and write nothing.

    It takes no lock for which anybody's writing waits, however long it reads; only another import of the
    partnership does. Raises ExtractRefused, NotAnExtract and NotAllowed.
    """
    listener = listener or Listener()
    require(by, Permission.EXTRACT_IMPORT, partnership)
    with open_source(path) as source, _staging():
        _one_at_a_time(partnership.code, listener)
        staged = _compared(source, partnership, skip_bad_rows=skip_bad_rows, listener=listener)
        result = _begin_result(staged, partnership)
        result.after = foresee(staged, partnership.pk, result.before)
        result.new_conflicts = count_new_conflicts(staged, partnership.pk)
        result.notes = _notes(source, staged)
        tell("warning", listener.warning)
    return result


@contextmanager
def _staging() -> Iterator[None]:
    """Settings and temporary tables for this transaction alone; they end with it, however it ends.

    A client that dies must not hold its locks for long.
    """
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET LOCAL work_mem = '64MB'")
    run("SET LOCAL jit = off")
    run("SET LOCAL client_connection_check_interval = '2s'")
    begin_faults()
    yield
    tables = ["import_faults", "import_held", "episodes_before"]
    tables += [f"{kind}_{file.name}" for kind in ("staged", "typed") for file in FILES]
    tables += [f"{kind}_{fact.table}" for kind in ("standing", "diff") for fact in FACTS]
    tables += [f"events_{file}" for file in EVENTS] + [f"on_record_{file}" for file in IDENTITIES]
    run("DROP TABLE IF EXISTS $tables", tables=", ".join(tables))


def _one_at_a_time(code: str, listener: Listener) -> None:
    """Wait for another import of the partnership: what it changes must be there to compare with."""
    key = {"space": IMPORT_LOCKS, "code": code}
    free = rows("SELECT pg_try_advisory_xact_lock(%(space)s, hashtext(%(code)s))", key)[0][0]
    if not free:
        listener.note("Another import of this partnership is running: waiting until it has ended.")
        rows("SELECT pg_advisory_xact_lock(%(space)s, hashtext(%(code)s))", key)


def _partnership(code: str, *, now: datetime, by: User) -> Partnership:
    known = Partnership.objects.filter(code=code).first()
    return known or set_up(code=code, now=now, by=by)


def _compared(
    source: Source, partnership: Partnership, *, skip_bad_rows: bool, listener: Listener
) -> AllStaged:
    """Read it, check every row, and find how it differs from what is on record."""
    staged = stage_all(source, listener)
    standing = _check(staged, partnership.pk, skip_bad_rows=skip_bad_rows, listener=listener)
    listener.step("Comparing with what is on record")
    compare(staged, standing, partnership.pk)
    return staged


def _notes(source: Source, staged: AllStaged) -> list[str]:
    notes = [f"{name} is not a file of the extract and was left aside." for name in source.others]
    notes += [
        f"{state.file.csv}: column {name!r} is not known and was ignored."
        for state in staged.values()
        for name in state.unknown
    ]
    more = len(notes) - NOTES_SHOWN
    return [*notes[:NOTES_SHOWN], f"... and {more:,} more."] if more > 0 else notes


def _check(
    staged: AllStaged, partnership_id: int, *, skip_bad_rows: bool, listener: Listener
) -> Standing:
    """Check everything; raise ExtractRefused once every fault was told, or take the bad rows out."""
    listener.step("Checking every row")
    prepare_refusals()
    check_all(staged, partnership_id)
    standing = find_standing(staged, partnership_id)
    check_kept_ends(staged)
    if skip_bad_rows:
        refuse_bad_rows(staged)
    count = tell("file", listener.fault)
    bad_rows = tell("row", listener.fault)
    count += 0 if skip_bad_rows else bad_rows
    if count:
        raise ExtractRefused(f"Nothing was imported: {count} fault{'' if count == 1 else 's'}.")
    return standing


# --- publishing -------------------------------------------------------------------------------


def _publish(
    staged: AllStaged, partnership: Partnership, *, label: str, listener: Listener, by: User
) -> ImportResult:
    """Write what differs, under the partnership's lock."""
    result = _begin_result(staged, partnership)
    if result.changes or count_conflicts():
        listener.step("Writing")
        try:
            _write(staged, partnership, result, label=label, by=by)
        except IntegrityError as error:
            raise Conflict(
                "Somebody changed the same records during the import, so nothing was written. Import again."
            ) from error
    result.after = headline(partnership.pk)
    return result


def _begin_result(staged: AllStaged, partnership: Partnership) -> ImportResult:
    """What can be said before anything is written."""
    sources = FactSource.objects.filter(partnership_code=partnership.code)
    return ImportResult(
        partnership.code,
        first=not sources.exists(),
        files=count_files(staged),
        before=headline(partnership.pk),
    )


def _write(
    staged: AllStaged, partnership: Partnership, result: ImportResult, *, label: str, by: User
) -> None:
    moment = write_moment(partnership.pk)
    source_id = None
    if result.changes:
        source = FactSource.objects.create(
            partnership_code=partnership.code,
            label=label,
            published_at=moment,
            first=result.first,
            by=by,
            files=_as_json(result.files),
        )
        source_id = source.pk
        write(staged, Publication(partnership.pk, source_id, moment, result.first))
        result.published_at = moment
    params = {
        "partnership": partnership.pk,
        "source": source_id,
        "moment": moment,
        "label": label,
        "by": by.pk,
    }
    result.new_conflicts = list_conflicts(staged, params)


def _as_json(files: list[FileCounts]) -> dict[str, dict[str, object]]:
    return {
        counts.file: {name: value for name, value in vars(counts).items() if name != "file"}
        for counts in files
    }


def _put_on_trail(
    result: ImportResult, partnership: Partnership, *, label: str, now: datetime, by: User
) -> None:
    """Put the import on the trail as one event; the facts that it brought point to its source."""
    record(
        event="extract.imported",
        verb=Verb.COLLECTION,
        what="extract",
        reference=label,
        at=result.published_at or now,
        by=by,
        partnership_id=partnership.pk,
        before=dict(result.before),
        after={"files": _as_json(result.files), "counts": dict(result.after)},
    )
