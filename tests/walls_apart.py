"""What somebody writes of referrals, and of unusual access, by rules of their own."""

from typing import Any

from django.db import models

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from tests.walls_mixed import reviewed_here


def written_of_intake(user: User, model: type[models.Model]) -> set[Any]:
    """Who takes referrals in writes any; a referrer their own that waits; versions in one's own name."""
    standing, every = standing_of(user), model._default_manager.all()
    if standing is None:
        return set()
    takes_in = standing.may(Permission.REFERRALS_RECEIVE)
    if model._meta.db_table == "referrals_referral":
        mine = every if takes_in else every.filter(recorded_by=user, child=None)
    else:
        mine = every.filter(recorded_by=user)
        if not takes_in:
            mine = mine.filter(referral__recorded_by=user, referral__child=None)
    told = model._meta.db_table == "referrals_referralfeedback"
    may = takes_in or (standing.may(Permission.REFERRALS_MAKE) and not told)
    return set(mine.values_list("pk", flat=True)) if may else set()


def written_of_vigilance(user: User, model: type[models.Model]) -> set[Any]:
    """The night's task alone adds findings; a review is in one's own name, and never of one's own."""
    rows: Any = model._default_manager.all()
    standing, every = standing_of(user), rows.visible_to(user)
    if model._meta.db_table == "referrals_unusualaccess":
        for_all = standing is not None and standing.partnership_id is None
        return set(every.values_list("pk", flat=True)) if for_all else set()
    mine = reviewed_here(every.filter(reviewed_by=user)).exclude(access__person=user)
    return set(mine.values_list("pk", flat=True))
