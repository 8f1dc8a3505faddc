"""Opening a record in an emergency, ending that early, the alert, and the review that closes it."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Verb
from hub.errors import Conflict, NotAllowed
from hub.facts.actions import MEANWHILE
from hub.facts.moments import write_moment
from referrals.emergencies.models import EmergencyAccess, EmergencyAlert, EmergencyReview
from referrals.emergencies.rules import (
    A_DAY,
    Asked,
    check_asked,
    check_times,
)
from referrals.grants.models import PersonGrant
from referrals.oversight.actions import close_review

logger = logging.getLogger(__name__)

ASKED = "emergency.asked"
BY_HAND = "Ended before its time."
ANOTHERS = "Only who has this emergency access ends it."
SUBJECT = "CSE Hub: an emergency access awaits review"
BODY = "An emergency access awaits review.\n\n{address}\n"


@dataclass(frozen=True)
class Answer:
    """What one who asked is told: the child whose record is open to them, or None."""

    number: int
    child_id: int | None
    record: str


@transaction.atomic
def open_in_emergency(*, asked: Asked, by: User) -> Answer:
    """Note that somebody asks for a record, with reason and hours, and open it if there is one.

    The database looks for the record, as its owner, and says only what the person may know: for one who
    is shut out, and for several that answer, the same as for none. Raises NotAllowed; RuleBroken for what
    names nobody, no reason, wrong hours, or one who has asked too often.
    """
    standing = require(by, Permission.EMERGENCY_OPEN)
    check_asked(asked)
    partnership = standing.partnership_id or 0  # the operator's role does not hold the right
    now = write_moment(partnership)
    check_times(_times_since(by, now - A_DAY))
    answer = _break_glass(asked, by, partnership, now)
    record(
        event=ASKED,
        verb=Verb.CONSULTATION,
        what="emergency",
        reference=f"EA-{answer.number}",
        at=now,
        by=by,
        after=asked.as_json(),
        reason=asked.because.strip(),
        about=[answer.record] if answer.record else [],
    )
    return answer


def _times_since(by: User, start: datetime) -> int:
    """Count by the trail: of their own attempts that opened nothing a person may read nothing else."""
    return AuditEvent.objects.filter(user_id=by.pk, event=ASKED, at__gt=start).count()


def _break_glass(asked: Asked, by: User, partnership: int, now: datetime) -> Answer:
    words = " & ".join(asked.parts) or None
    values = (
        by.pk,
        partnership,
        asked.because.strip(),
        asked.hours,
        asked.reference.strip(),
        words,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT emergency, child, named"
            " FROM referrals_break_glass(%s, %s, %s, %s, %s, to_tsquery('simple', %s), %s, %s)",
            (*values, asked.born, now),
        )
        return Answer(*cursor.fetchone())


@transaction.atomic
def end_emergency(*, emergency: EmergencyAccess, by: User) -> None:
    """End one's own emergency access before its time.

    Raises NotAllowed for another's; Conflict where it is over.
    """
    require(by, Permission.EMERGENCY_OPEN, emergency)
    if emergency.person_id != by.pk:
        raise NotAllowed(ANOTHERS)
    now = write_moment(emergency.partnership_id)
    grants = PersonGrant.objects.in_force().filter(emergency_access=emergency)
    if not grants.update(ended_at=now, ended_by=by, ended_because=BY_HAND):
        raise Conflict(MEANWHILE)
    record(
        event="emergency.ended",
        verb=Verb.ALTERATION,
        what="emergency",
        reference=emergency.reference,
        at=now,
        by=by,
        partnership_id=emergency.partnership_id,
    )


@transaction.atomic
def review_emergency(*, access: EmergencyAccess, outcome: str, words: str, by: User) -> None:
    """Close the review of an emergency access. Raises NotAllowed, and what `close_review` does."""
    require(by, Permission.EMERGENCY_REVIEW, access)
    event = "emergency.reviewed"
    close_review(
        access=access, review=EmergencyReview, outcome=outcome, words=words, event=event, by=by
    )


@transaction.atomic
def send_alert(*, now: datetime, by: User) -> bool:
    """Send the oldest alert that has not gone out, and note that it has; say whether there was one.

    Mail and note are one transaction of their own: killed in between, the mail goes out again with the
    same Message-ID, and never not at all. Another worker's is left to it. Raises NotAllowed, and what the
    mail server answers.
    """
    require(by, Permission.EMERGENCY_REVIEW)
    to: dict[str, list[str]] = settings.ALERTS_TO
    unsent = EmergencyAlert.objects.to_be_sent().filter(partnership__code__in=to)
    alert = unsent.select_for_update(skip_locked=True, of=("self",)).first()
    if alert is None:
        return False
    _mail(alert, to[alert.partnership.code]).send()
    EmergencyAlert.objects.filter(pk=alert.pk).update(sent_at=now)
    return True


def _mail(alert: EmergencyAlert, to: list[str]) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    return EmailMessage(
        subject=SUBJECT,
        body=BODY.format(address=settings.HUB_ADDRESS),
        to=to,
        headers={"Message-ID": f"<{alert.message}@{domain}>"},
    )
