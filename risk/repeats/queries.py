"""Reading who was referred several times, when they were first at risk, and when support began."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Count, Min, Q

from hub.accounts.models import User
from referrals.caseload.rules import LEVELS_AT_RISK
from referrals.episodes.models import Episode
from referrals.joinings.queries import all_kept, records_of
from referrals.support.models import ServiceReferral
from risk.levels.models import RiskLevel
from risk.repeats.rules import FEWEST, Repeated, repeated


def all_repeated(user: User) -> list[Repeated]:
    """Give every child with more than one episode, with what the rules count; joined records count as one."""
    seen, kept = Episode.objects.visible_to(user).order_by(), all_kept(user)
    several = seen.values("child_id").annotate(many=Count("pk")).filter(many__gte=FEWEST)
    children = Q(child__in=several.values("child_id")) | Q(child__in={*kept, *kept.values()})
    levels = RiskLevel.objects.visible_to(user).known().filter(level__in=LEVELS_AT_RISK)
    of_them = levels.filter(episode__in=seen.filter(children).values("pk")).order_by()
    firsts = of_them.values("episode__child").annotate(first=Min("set_on"))
    risky = _earliest(firsts.values_list("episode__child", "first"), kept)
    referrals: dict[int, list[date]] = defaultdict(list)
    for child, day in seen.filter(children).values_list("child_id", "referred_on"):
        referrals[kept.get(child, child)].append(day)
    return [
        repeated(child, days, risky.get(child))
        for child, days in referrals.items()
        if len(days) >= FEWEST
    ]


def first_support(user: User, children: Iterable[int]) -> dict[int, date]:
    """Give the day on which support first began for each of these children."""
    kept = all_kept(user)
    rows = ServiceReferral.objects.visible_to(user).known().filter(started_on__isnull=False)
    of_them = rows.filter(episode__child__in=records_of(kept, children)).order_by()
    firsts = of_them.values("episode__child").annotate(first=Min("started_on"))
    return _earliest(firsts.values_list("episode__child", "first"), kept)


def _earliest(firsts: Iterable[tuple[int, date]], kept: Mapping[int, int]) -> dict[int, date]:
    found: dict[int, date] = {}
    for record, day in firsts:
        child = kept.get(record, record)
        found[child] = min(day, found.get(child, day))
    return found
