"""Who signs in, as Django does it, and who is signed in, read with a statement of ours."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from hub.accounts.models import User
from hub.accounts.rows import read_row


class Backend(ModelBackend):
    """Signs people in by name and password."""

    def get_user(self, user_id: Any) -> User | None:
        """Give the account that a session is of; None where there is none, or it may not be used."""
        user = read_row(User, user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
