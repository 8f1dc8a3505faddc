"""Reading how the checks of episodes stand, for every page that says it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from hub.access.gate import standing_of
from hub.accounts.models import User
from referrals.checks.models import AgencyCheck, CheckQuerySet
from referrals.checks.rules import Stand


def own_checks(user: User) -> CheckQuerySet:
    """Give what the person's own agency was asked, as far as they see the children."""
    standing = standing_of(user)
    agency = standing.agency_id if standing else None
    return AgencyCheck.objects.visible_to(user).filter(agency=agency)


def stands_of(user: User, episodes: Iterable[int], now: datetime) -> dict[int, Stand]:
    """Say of each episode how what was asked since its last decision stands, in one query.

    Of an agency that was asked several times, what it was asked last counts.
    """
    return stands_among(asked_of(user, episodes).undecided(), now)


def asked_of(user: User, episodes: Iterable[int]) -> CheckQuerySet:
    """Give what was asked of these episodes, by the names of who was asked, and of each the last one last."""
    rows = AgencyCheck.objects.visible_to(user).filter(episode__in=list(episodes))
    named = rows.with_decided().select_related("agency")
    return named.order_by("agency__name", "agency_id", "asked_at", "pk")


def stands_among(checks: Iterable[AgencyCheck], now: datetime) -> dict[int, Stand]:
    """Say the same of checks that were read with `asked_of`."""
    last: dict[int, dict[int, AgencyCheck]] = defaultdict(dict)
    for check in checks:
        if not check.decided and check.withdrawn_at is None:
            last[check.episode_id][check.agency_id] = check
    return {episode: _stand(list(of.values()), now) for episode, of in last.items()}


def _stand(checks: list[AgencyCheck], now: datetime) -> Stand:
    awaited = [check for check in checks if check.answered_at is None]
    return Stand(
        answered=tuple(check.agency.name for check in checks if check.answered_at is not None),
        waiting=tuple(check.agency.name for check in awaited if check.due_at >= now),
        late=tuple(check.agency.name for check in awaited if check.due_at < now),
    )
