"""Reading what a partnership has set for itself."""

from hub.access.gate import standing_of
from hub.accounts.models import User
from partners.partnerships.models import Partnership
from partners.partnerships.rules import Practice


def practice_of(user: User) -> Practice:
    """Give the practice of the person's partnership; the usual one to who has none."""
    standing = standing_of(user)
    own = standing.partnership_id if standing else None
    row = Partnership.objects.visible_to(user).filter(pk=own).first() if own else None
    return row.practice if row else Practice()
