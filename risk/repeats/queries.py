"""Reading who was referred several times, when they were first at risk, and when support began."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Min

from hub.accounts.models import User
from referrals.caseload.rules import LEVELS_AT_RISK
from referrals.episodes.models import Episode
from referrals.support.models import ServiceReferral
from risk.levels.models import RiskLevel
from risk.repeats.rules import FEWEST, Repeated, repeated


def all_repeated(user: User) -> list[Repeated]:
    """Give every child with more than one episode, with what the rules count, in two queries."""
    seen = Episode.objects.visible_to(user).order_by()
    several = seen.values("child_id").annotate(many=Count("pk")).filter(many__gte=FEWEST)
    children = several.values("child_id")
    levels = RiskLevel.objects.visible_to(user).known().filter(level__in=LEVELS_AT_RISK)
    of_them = levels.filter(episode__child__in=children).order_by().values("episode__child")
    risky = dict(of_them.annotate(first=Min("set_on")).values_list("episode__child", "first"))
    referrals: dict[int, list[date]] = defaultdict(list)
    for child, day in seen.filter(child__in=children).values_list("child_id", "referred_on"):
        referrals[child].append(day)
    return [repeated(child, days, risky.get(child)) for child, days in referrals.items()]


def first_support(user: User, children: Iterable[int]) -> dict[int, date]:
    """Give the day on which support first began for each of these children."""
    rows = ServiceReferral.objects.visible_to(user).known().filter(started_on__isnull=False)
    of_them = rows.filter(episode__child__in=list(children)).order_by().values("episode__child")
    return dict(of_them.annotate(first=Min("started_on")).values_list("episode__child", "first"))
