"""Reading what a person has typed and not sent."""

from datetime import datetime

from hub.accounts.models import User
from hub.accounts.rows import read_rows
from hub.recording.models import Draft

OWN = "owner_id = %s AND address = ANY (%s)"


def own_drafts(user: User, addresses: list[str], now: datetime) -> dict[str, Draft]:
    """Give the person's own drafts of some forms, by the form's address; one past its time is none."""
    rows = read_rows(Draft, OWN, [user.pk, addresses])
    return {draft.address: draft for draft in rows if draft.lasts(now)}
