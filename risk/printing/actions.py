"""Printing a case is a disclosure: it goes on the trail before the sheet is shown."""

from datetime import datetime

from django.db import transaction

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import RuleBroken
from referrals.children.models import Child
from referrals.disclosures.actions import log_sheet
from referrals.joinings.queries import joined_to
from risk.casefile.rules import Looking
from risk.printing.rules import Sheet, in_words, problem_with, told_by


@transaction.atomic
def disclose(
    *,
    child: Child,
    part: str,
    looking: Looking,
    purpose: str,
    words: str,
    recipient: str,
    now: datetime,
    by: User,
) -> Sheet:
    """Put on the trail what of a case is handed to whom for what, and give the sheet to be shown.

    Anyone who may see the child may print what they see of it. The day and the moment of knowledge are
    kept with it, so that the same sheet can be made again. What left of records that
    are joined to the child's is logged of them as well. Raises NotAllowed, RuleBroken.
    """
    standing = standing_of(by)
    shared = standing is not None and standing.may(Permission.SHARED_CASES_VIEW)
    require(by, Permission.SHARED_CASES_VIEW if shared else Permission.CASES_VIEW, child)
    problem = problem_with(purpose, words)
    if problem:
        raise RuleBroken("printing.purpose", problem)
    sheet = Sheet(
        child_id=child.pk,
        part=part,
        as_at=looking.day.isoformat(),
        known_at="" if shared else (looking.known_at or now).isoformat(),
        purpose=in_words(purpose, words),
        recipient=recipient,
        at=now.isoformat(),
    )
    joined = [fact.child for fact in joined_to(by, child, looking.known_at)]
    _enter(child, joined, sheet, purpose, now, by)
    for one in (child, *joined):
        log_sheet(child=one, told=told_by(sheet, purpose), now=now, by=by)
    return sheet


def _enter(
    child: Child, joined: list[Child], sheet: Sheet, purpose: str, now: datetime, by: User
) -> None:
    record(
        event="child.printed",
        verb=Verb.DISCLOSURE,
        what="child",
        reference=child.reference,
        at=now,
        by=by,
        partnership_id=child.partnership_id,
        after={
            "part": sheet.part,
            "as_at": sheet.as_at,
            "known_at": sheet.known_at,
            "purpose": purpose,
            "recipient": sheet.recipient,
        },
        reason=sheet.purpose,
        about=[one.reference for one in joined],
    )
