"""Where sessions are kept: Django's own table, read with a statement of ours (`SESSION_ENGINE`)."""

from django.contrib.sessions.backends.db import SessionStore as Kept
from django.contrib.sessions.models import Session
from django.utils import timezone

from hub.accounts.rows import read_row


class SessionStore(Kept):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        """Read the session; of one that is over or was never there the key is forgotten, as Django does."""
        found = read_row(Session, self.session_key)
        if found is not None and found.expire_date > timezone.now():
            return found
        self._session_key = None
        return None
