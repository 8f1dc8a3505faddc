"""Closing the review of an access."""

from typing import Any

from django.db import IntegrityError, transaction

from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict, NotAllowed
from hub.facts.actions import MEANWHILE
from hub.facts.moments import write_moment
from referrals.oversight.models import Access, Review
from referrals.oversight.rules import check_words

OWN = "What is about yourself is reviewed by somebody else."


@transaction.atomic
def close_review(
    *, access: Access, review: type[Review], outcome: str, words: str, event: str, by: User
) -> None:
    """Close a review: once, and never by whom it is about. Whoever calls this has asked for the right.

    Raises NotAllowed for one's own; RuleBroken without words; Conflict where somebody closed it before.
    """
    if access.person_id == by.pk:
        raise NotAllowed(OWN)
    check_words(words)
    now = write_moment(access.partnership_id)
    columns: dict[str, Any] = {"access": access, "outcome": outcome}
    try:
        with transaction.atomic():
            review._default_manager.create(
                **columns,
                partnership_id=access.partnership_id,
                words=words.strip(),
                reviewed_by=by,
                reviewed_at=now,
            )
    except IntegrityError as error:
        raise Conflict(MEANWHILE) from error
    record(
        event=event,
        verb=Verb.ALTERATION,
        what=access.what,
        reference=access.reference,
        at=now,
        by=by,
        partnership_id=access.partnership_id,
        after={"outcome": outcome},
        reason=words.strip(),
    )
