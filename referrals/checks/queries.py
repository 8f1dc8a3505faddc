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
    rows = AgencyCheck.objects.visible_to(user).filter(episode__in=list(episodes))
    undecided = rows.undecided().order_by("agency__name", "agency_id", "asked_at")
    columns = ("episode_id", "agency_id", "agency__name", "answered_at", "due_at")
    last: dict[int, dict[int, tuple[str, datetime | None, datetime]]] = defaultdict(dict)
    for episode, agency, name, answered, due in undecided.values_list(*columns):
        last[episode][agency] = (name, answered, due)
    return {episode: _stand(of.values(), now) for episode, of in last.items()}


def _stand(checks: Iterable[tuple[str, datetime | None, datetime]], now: datetime) -> Stand:
    checks = list(checks)
    return Stand(
        answered=tuple(name for name, answered, _due in checks if answered),
        waiting=tuple(name for name, answered, due in checks if not answered and due >= now),
        late=tuple(name for name, answered, due in checks if not answered and due < now),
    )
