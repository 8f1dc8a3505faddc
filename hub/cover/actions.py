"""Hiding the screen and showing it again: each on the trail, and no more than a few wrong passwords."""

from datetime import datetime

from django.db import transaction

from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Verb
from hub.cover.rules import Answer, tries_left
from hub.errors import RuleBroken
from hub.recording.actions import keep_draft
from hub.recording.rules import Answers

REFUSED = "screen.show.refused"
UNSENT = "Sent while the screen was hidden"


@transaction.atomic
def note_hidden(*, now: datetime, by: User) -> None:
    """Put on the trail that a person hid their screen."""
    _note("screen.hidden", now, by)


@transaction.atomic
def ask_to_show(*, password: str, hidden_at: datetime, now: datetime, by: User) -> Answer:
    """Check the password of one whose screen is hidden, and put the answer on the trail.

    Once the tries since `hidden_at` are used up, no password is right any more.
    """
    # One at a time: many tries sent at once must not each find the others uncounted.
    User.objects.select_for_update().get(pk=by.pk)
    wrong = AuditEvent.objects.filter(user_id=by.pk, event=REFUSED, at__gte=hidden_at).count()
    if tries_left(wrong) and by.check_password(password):
        _note("screen.shown", now, by)
        return Answer(shown=True, tries_left=tries_left(wrong))
    _note(REFUSED, now, by)
    return Answer(shown=False, tries_left=tries_left(wrong + 1))


@transaction.atomic
def keep_unsent(*, address: str, answers: Answers, now: datetime, by: User) -> bool:
    """Keep as a draft what was sent to the form at that address while the screen was hidden.

    False where it is past all measure.
    """
    try:
        keep_draft(address=address, title=UNSENT, answers=answers, now=now, by=by)
    except RuleBroken:
        return False
    return True


def _note(event: str, now: datetime, by: User) -> None:
    record(
        event=event,
        verb=Verb.CONSULTATION,
        what="account",
        reference=by.username,
        at=now,
        by=by,
    )
