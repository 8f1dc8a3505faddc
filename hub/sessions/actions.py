"""What was sent after a session's end: kept for the person who sent it, and for nobody else."""

from datetime import datetime

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.crypto import constant_time_compare

from hub.accounts.models import User
from hub.errors import RuleBroken
from hub.recording.actions import keep_draft
from hub.recording.rules import Answers
from hub.sessions.rules import ENDED_KEPT


@transaction.atomic
def seal(*, address: str, answers: Answers, now: datetime, by: User) -> bool:
    """Keep what a person sent too late to the form at that address; False where it is past all measure."""
    try:
        keep_draft(
            address=address, title="Sent too late", answers=answers, now=now, by=by, sealed=True
        )
    except RuleBroken:
        return False
    return True


@transaction.atomic
def owner_of(*, session_key: str, now: datetime) -> User | None:
    """Give whose session this was, where it ended lately by the clock and not by signing out."""
    row = Session.objects.filter(pk=session_key, expire_date__gt=now - ENDED_KEPT).first()
    if row is None:
        return None
    held = row.get_decoded()
    user = User.objects.filter(pk=held.get(SESSION_KEY) or 0, is_active=True).first()
    if user is None:
        return None
    # A password changed since then: whoever holds the cookie is not taken for the person any more.
    same = constant_time_compare(held.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return user if same else None


@transaction.atomic
def forget_ended(*, now: datetime, by: User) -> int:
    """Remove the sessions that ended a while ago; give how many."""
    return Session.objects.filter(expire_date__lt=now - ENDED_KEPT).delete()[0]
