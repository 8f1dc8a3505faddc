"""Opening who a child is, ending that early, and closing its review."""

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict
from hub.facts.moments import write_moment
from referrals.identities.models import Identification, IdentificationReview
from referrals.identities.queries import Referenced
from referrals.identities.rules import LASTS, check_reason
from referrals.oversight.actions import close_review

OVER = "This has ended already. Open it again, with a reason, if you still need it."


@transaction.atomic
def identify(*, child: Referenced, because: str, by: User) -> Identification:
    """Let the person see who one child is, for an hour; what they had open of another ends.

    Raises NotAllowed, and RuleBroken without a reason.
    """
    require(by, Permission.CASES_BY_REFERENCE, child)
    check_reason(because)
    now = write_moment(child.partnership_id)
    Identification.objects.visible_to(by).of(by).in_force().update(ended_at=now)
    opened = Identification.objects.create(
        partnership_id=child.partnership_id,
        child_id=child.pk,
        person=by,
        because=because.strip(),
        starts_at=now,
        ends_at=now + LASTS,
    )
    record(
        event="child.identified",
        verb=Verb.CONSULTATION,
        what="child",
        reference=child.reference,
        at=now,
        by=by,
        partnership_id=child.partnership_id,
        after={"page": "who the child is", "until": opened.ends_at.isoformat()},
        reason=because.strip(),
        about=[opened.reference],
    )
    return opened


@transaction.atomic
def end_identification(*, child: Referenced, by: User) -> None:
    """End one's own before its hour is over. Raises NotAllowed; Conflict where none is in force."""
    require(by, Permission.CASES_BY_REFERENCE, child)
    now = write_moment(child.partnership_id)
    own = Identification.objects.visible_to(by).of(by).in_force().filter(child=child.pk)
    if not own.update(ended_at=now):
        raise Conflict(OVER)
    record(
        event="child.identification_ended",
        verb=Verb.CONSULTATION,
        what="child",
        reference=child.reference,
        at=now,
        by=by,
        partnership_id=child.partnership_id,
        after={"page": "who the child was, ended"},
    )


@transaction.atomic
def review_identification(*, access: Identification, outcome: str, words: str, by: User) -> None:
    """Close the review of an identification. Raises NotAllowed, and what `close_review` does."""
    require(by, Permission.ACCESS_REVIEW, access)
    event = "identification.reviewed"
    close_review(
        access=access, review=IdentificationReview, outcome=outcome, words=words, event=event, by=by
    )
