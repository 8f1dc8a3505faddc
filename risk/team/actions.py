"""Giving cases that nobody leads to one person, several at once: all of them, or none."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.errors import RuleBroken
from referrals.episodes.actions import allocate
from referrals.episodes.models import Episode
from referrals.episodes.rules import Worker


@transaction.atomic
def give_out(*, episodes: Iterable[Episode], worker: Worker, from_date: date, by: User) -> None:
    """Let a person lead these open episodes, which nobody leads, from a day on.

    Raises NotAllowed; RuleBroken as `allocate` does, naming the case; Conflict where somebody leads one
    meanwhile.
    """
    require(by, Permission.TEAM_LEAD)
    for episode in episodes:
        try:
            allocate(
                episode=episode, worker=worker, lead=True, from_date=from_date, seen_lead="", by=by
            )
        except RuleBroken as broken:
            message = f"{episode.child.reference}: {broken}"
            raise RuleBroken(broken.code, message, broken.field) from broken
