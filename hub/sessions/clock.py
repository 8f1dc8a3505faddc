"""What a session bears: its two times, which say when it ends, and in which post its person acts."""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from hub.access.gate import standing_of
from hub.accounts.models import User
from hub.sessions.rules import is_worth_noting, seconds_left

BEGAN, SEEN = "began_at", "seen_at"
# The post that a person of several chose, and what they were at the session's first page.
POST, ACTS_AS = "post", "acts_as"


def left(session: SessionBase, now: datetime) -> int:
    """Give the seconds until the session ends; one that bears no times yet begins now."""
    began, seen = _time(session, BEGAN, now), _time(session, SEEN, now)
    return seconds_left(
        began=began,
        seen=seen,
        now=now,
        idle=settings.SESSION_IDLE,
        longest=settings.SESSION_LONGEST,
    )


def note_deed(session: SessionBase, now: datetime) -> None:
    """Note that the person did something; at most once a minute, for it is a write."""
    if BEGAN not in session:
        session[BEGAN] = now.isoformat()
    if SEEN not in session or is_worth_noting(_time(session, SEEN, now), now):
        session[SEEN] = now.isoformat()


def is_another(session: SessionBase, person: User) -> bool:
    """Say whether the person has another role or post than when the session began: then it ends.

    Reads the chosen post of the session first, for the rest of the request goes by it.
    """
    person.chosen_post = session.get(POST)
    standing = standing_of(person)
    now = f"{standing.post_id} {standing.role}" if standing else ""
    return bool(session.setdefault(ACTS_AS, now) != now)


def _time(session: SessionBase, name: str, now: datetime) -> datetime:
    kept = session.get(name)
    return datetime.fromisoformat(kept) if kept else now


def session_seconds(request: HttpRequest) -> dict[str, int]:
    """Tell each page how long the session lasts from now; the page itself counts as a deed."""
    signed = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {"session_seconds": left(request.session, timezone.now())} if signed else {}
