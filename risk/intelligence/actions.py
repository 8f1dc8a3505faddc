"""Logging police intelligence, correcting it, releasing it to an agency and recalling it.

The words stay in the logs: the trail, read by people who see no case, says which log and its grading.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import MEANWHILE, correct, withdraw
from hub.facts.moments import write_moment
from partners.agencies.models import Agency
from referrals.children.models import Child
from risk.intelligence.models import IntelligenceLog, IntelligenceRelease
from risk.intelligence.rules import Logged, grading, problem_with, problem_with_release
from risk.suspects.models import Suspect

ALREADY = "It is released to this agency already. Recall that release first."


@transaction.atomic
def log_intelligence(
    *, child: Child, logged: Logged, suspect: Suspect | None, by: User
) -> IntelligenceLog:
    """Keep a graded log about a child. Raises NotAllowed, RuleBroken."""
    standing = require(by, Permission.INTELLIGENCE_RECORD, child)
    now = write_moment(child.partnership_id)
    log = IntelligenceLog.objects.create(
        **_columns(child, logged, suspect, now),
        child=child,
        partnership_id=child.partnership_id,
        position=_next_position(child),
        agency_id=standing.agency_id,
        known_from=now,
        recorded_by=by,
    )
    _enter("intelligence.logged", Verb.COLLECTION, log, now, by, after=_outline(log))
    return log


@transaction.atomic
def correct_log(
    *, log: IntelligenceLog, logged: Logged, suspect: Suspect | None, reason: str, by: User
) -> IntelligenceLog:
    """Put a log or its grading right by a new version; releases of the old one end.

    Raises NotAllowed; RuleBroken as `log_intelligence` does, without a reason, and where nothing
    changes; Conflict where somebody changed it meanwhile.
    """
    require(by, Permission.INTELLIGENCE_RECORD, log)
    now = write_moment(log.partnership_id)
    columns = _columns(log.child, logged, suspect, now)
    if all(getattr(log, name) == value for name, value in columns.items()):
        raise RuleBroken(
            "intelligence.unchanged", "Nothing is changed yet. Change what is wrong, or cancel."
        )
    new = correct(fact=log, now=now, by=by, reason=reason, **columns)
    after = {**_outline(new), "releases_ended": _end_releases(log, now, by)}
    _enter("intelligence.corrected", Verb.ALTERATION, new, now, by, _outline(log), after, reason)
    return new


@transaction.atomic
def withdraw_log(*, log: IntelligenceLog, reason: str, by: User) -> None:
    """Take back a log about the wrong child, and its releases; why goes on the trail.

    Raises NotAllowed, RuleBroken without a reason, Conflict where somebody changed it meanwhile.
    """
    require(by, Permission.INTELLIGENCE_RECORD, log)
    now = write_moment(log.partnership_id)
    withdraw(fact=log, now=now, by=by, reason=reason)
    after = {"releases_ended": _end_releases(log, now, by)}
    _enter("intelligence.withdrawn", Verb.ALTERATION, log, now, by, _outline(log), after, reason)


@transaction.atomic
def release(
    *, log: IntelligenceLog, agency: Agency, because: str, conditions: str, by: User
) -> IntelligenceRelease:
    """Let an agency see a log, of a child whom it sees; the only way to a charity.

    Raises NotAllowed; RuleBroken without a reason or conditions, and for an agency that has it; Conflict
    where the log no longer stands.
    """
    require(by, Permission.INTELLIGENCE_RECORD, log)
    require(by, Permission.INTELLIGENCE_RECORD, agency)
    problem = problem_with_release(because, conditions)
    if problem:
        raise RuleBroken("intelligence.release", problem.message, problem.field)
    now = write_moment(log.partnership_id)
    rows = IntelligenceRelease.objects.filter(log=log, agency=agency)
    if not IntelligenceLog.objects.known().filter(pk=log.pk).exists():
        raise Conflict(MEANWHILE)
    if rows.known().exists():
        raise RuleBroken("intelligence.released", ALREADY, "agency")
    given = IntelligenceRelease.objects.create(
        log=log,
        child_id=log.child_id,
        partnership_id=log.partnership_id,
        agency=agency,
        because=because.strip(),
        conditions=conditions.strip(),
        known_from=now,
        recorded_by=by,
    )
    after = {**_outline(log), "to": agency.name}
    _enter("intelligence.released", Verb.DISCLOSURE, log, now, by, None, after, because)
    return given


@transaction.atomic
def recall(*, given: IntelligenceRelease, reason: str, by: User) -> None:
    """End a release: the agency sees the log no more. Why goes on the trail.

    Raises NotAllowed, RuleBroken without a reason, Conflict where it ended meanwhile.
    """
    require(by, Permission.INTELLIGENCE_RECORD, given)
    now = write_moment(given.partnership_id)
    withdraw(fact=given, now=now, by=by, reason=reason)
    before = {**_outline(given.log), "to": given.agency.name}
    _enter("intelligence.recalled", Verb.ALTERATION, given.log, now, by, before, None, reason)


def _columns(
    child: Child, logged: Logged, suspect: Suspect | None, now: datetime
) -> dict[str, Any]:
    """Give a log's own columns, or raise what is wrong with them."""
    problem = problem_with(logged, now=now)
    if problem:
        raise RuleBroken("intelligence.logged", problem.message, problem.field)
    if suspect and suspect.partnership_id != child.partnership_id:
        raise RuleBroken("intelligence.suspect", "No suspect of this hub has it.", "suspect")
    words = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in asdict(logged).items()
    }
    return {**words, "suspect_id": suspect and suspect.pk}


def _next_position(child: Child) -> int:
    """Number the log behind all that there ever were: whoever logs sees every log of a child."""
    last = IntelligenceLog.objects.filter(child=child).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _end_releases(log: IntelligenceLog, now: datetime, by: User) -> int:
    standing = IntelligenceRelease.objects.known().filter(log=log)
    return standing.update(superseded_at=now, superseded_by=by)


def _outline(log: IntelligenceLog) -> dict[str, Any]:
    return {
        "log": log.position,
        "happened_on": log.happened_on.isoformat(),
        "grading": grading(log.evaluation, log.assessment, log.handling),
    }


def _enter(
    event: str,
    verb: Verb,
    log: IntelligenceLog,
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
        reference=log.child.reference,
        at=now,
        by=by,
        partnership_id=log.partnership_id,
        before=before,
        after=after,
        reason=reason.strip(),
    )
