"""Keeping the log of what left the hub (for the police DPA 2018 s. 62(3)), and asking for it back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.facts.moments import write_moment
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.disclosures.models import Disclosure, DisclosureRecall
from referrals.disclosures.rules import Told, problem_with, recall_problem


@transaction.atomic
def log_disclosure(*, child: Child, told: Told, by: User) -> Disclosure:
    """Enter by hand what was told or sent about a child.

    Raises NotAllowed; RuleBroken where it does not say what, to whom, how and by which law.
    """
    require(by, Permission.NOTES_RECORD, child)
    now = write_moment(child.partnership_id)
    problem = problem_with(told, today=london_date(now))
    if problem:
        raise RuleBroken("disclosure.entry", problem.message, problem.field)
    row = _add(told, child.reference, now, by, partnership_id=child.partnership_id, child=child)
    after = {"disclosure": row.pk, "kind": told.kind, "basis": told.basis}
    _enter("disclosure.recorded", Verb.DISCLOSURE, row, now, by, after)
    return row


@transaction.atomic
def log_sheet(*, child: Child, told: Told, now: datetime, by: User) -> Disclosure:
    """Log a printed sheet, beside the event of whoever hands it out. Raises NotAllowed."""
    standing = standing_of(by)
    shared = standing is not None and standing.may(Permission.SHARED_CASES_VIEW)
    require(by, Permission.SHARED_CASES_VIEW if shared else Permission.CASES_VIEW, child)
    return _add(told, child.reference, now, by, partnership_id=child.partnership_id, child=child)


@transaction.atomic
def log_report(
    *, partnership: Partnership, reference: str, told: Told, now: datetime, by: User
) -> Disclosure:
    """Log a report that was handed out as a file, beside its event. Raises NotAllowed."""
    require(by, Permission.REPORT_PUBLISH, partnership)
    return _add(told, reference, now, by, partnership_id=partnership.pk)


@transaction.atomic
def recall_disclosure(
    *, disclosure: Disclosure, reason: str, answer: str, by: User
) -> DisclosureRecall:
    """Ask for something back, or enter what was answered since; each is a row of its own.

    Raises NotAllowed; RuleBroken without a reason or where it is returned or destroyed already.
    """
    require(by, Permission.NOTES_RECORD, disclosure)
    now = write_moment(disclosure.partnership_id)
    last = disclosure.recalls.order_by("pk").last()
    problem = recall_problem(reason, answer, last.answer if last else "")
    if problem:
        raise RuleBroken("disclosure.recall", problem.message, problem.field)
    recall = DisclosureRecall.objects.create(
        partnership_id=disclosure.partnership_id,
        disclosure=disclosure,
        reason=reason.strip(),
        answer=answer,
        recorded_by=by,
        recorded_at=now,
    )
    after = {"disclosure": disclosure.pk, "answer": answer}
    _enter("disclosure.recalled", Verb.ALTERATION, disclosure, now, by, after, reason.strip())
    return recall


def _add(told: Told, reference: str, now: datetime, by: User, **whose: Any) -> Disclosure:
    said = {n: v.strip() if isinstance(v, str) else v for n, v in asdict(told).items()}
    return Disclosure.objects.create(
        **said, **whose, reference=reference[:120], recorded_by=by, recorded_at=now
    )


def _enter(
    event: str,
    verb: Verb,
    row: Disclosure,
    now: datetime,
    by: User,
    after: dict[str, Any],
    reason: str = "",
) -> None:
    record(
        event=event,
        verb=verb,
        what="child" if row.child_id else "report",
        reference=row.reference,
        at=now,
        by=by,
        partnership_id=row.partnership_id,
        after=after,
        reason=reason,
    )
