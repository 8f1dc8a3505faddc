"""Entering a sharing agreement and ending it."""

from typing import Any

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, RuleBroken
from hub.facts.moments import write_moment
from partners.agencies.models import Agency
from partners.sharing.models import SharingAgreement
from partners.sharing.rules import Agreed, problem_with

TWICE = "There is an agreement with this agency for some of these days. End it first."
ENDED = "This agreement has ended already."


@transaction.atomic
def make_agreement(*, agency: Agency, agreed: Agreed, by: User) -> SharingAgreement:
    """Enter what an agency's workers may see of the children who are shared with them.

    Raises NotAllowed; RuleBroken for wrong days or categories, and beside another agreement.
    """
    require(by, Permission.SHARING_MANAGE, agency)
    now = write_moment(agency.partnership_id)
    problem = problem_with(agreed, today=london_date(now))
    if problem:
        raise RuleBroken("agreement.made", problem.message, problem.field)
    standing = agency.agreements.filter(ended_at__isnull=True)
    if standing.filter(starts_on__lte=agreed.ends_on, ends_on__gte=agreed.starts_on).exists():
        raise RuleBroken("agreement.twice", TWICE, "agency")
    made = SharingAgreement.objects.create(
        partnership_id=agency.partnership_id,
        agency=agency,
        categories=sorted(set(agreed.categories)),
        basis=agreed.basis.strip(),
        starts_on=agreed.starts_on,
        ends_on=agreed.ends_on,
        entered_at=now,
        entered_by=by,
    )
    _enter("agreement.made", Verb.COLLECTION, made, by, after=_outline(made))
    return made


@transaction.atomic
def end_agreement(*, agreement: SharingAgreement, reason: str, by: User) -> None:
    """End an agreement at once: from their next page on its workers see only what stays without one.

    Raises NotAllowed, RuleBroken without a reason, Conflict where it has ended.
    """
    require(by, Permission.SHARING_MANAGE, agreement)
    if not reason.strip():
        raise RuleBroken("agreement.reason", "Write why it ends.", "reason")
    now = write_moment(agreement.partnership_id)
    standing = SharingAgreement.objects.filter(pk=agreement.pk, ended_at__isnull=True)
    if not standing.update(ended_at=now, ended_by=by):
        raise Conflict(ENDED)
    agreement.refresh_from_db()
    _enter("agreement.ended", Verb.ALTERATION, agreement, by, _outline(agreement), reason=reason)


def _outline(agreement: SharingAgreement) -> dict[str, Any]:
    return {
        "categories": agreement.categories,
        "basis": agreement.basis,
        "starts_on": agreement.starts_on.isoformat(),
        "ends_on": agreement.ends_on.isoformat(),
    }


def _enter(
    event: str,
    verb: Verb,
    agreement: SharingAgreement,
    by: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        event=event,
        verb=verb,
        what="agency",
        reference=agreement.agency.code,
        at=agreement.ended_at or agreement.entered_at,
        by=by,
        partnership_id=agreement.partnership_id,
        before=before,
        after=after,
        reason=reason.strip(),
    )
