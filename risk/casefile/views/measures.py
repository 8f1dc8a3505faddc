"""What others are asked on an episode, as its page shows it: the checks, and the measures as at a day."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from hub.access.rules import Permission
from partners.agencies.models import Agency
from referrals.checks.queries import stands_of
from referrals.checks.rules import Stand
from referrals.measures.models import Measure
from referrals.measures.queries import left_to_do
from referrals.measures.rules import MATTERS, STATES
from risk.casefile.views.deeds import may_record
from risk.casefile.views.reading import Case, EpisodeThen


@dataclass(frozen=True)
class Step:
    """A measure as it is read; `withdraw` leads to the form that takes it back, empty where it cannot be."""

    matter: str
    state: str
    on: date
    because: str
    agencies: str
    by: str
    withdraw: str


@dataclass(frozen=True)
class OthersAsked:
    """Checks, what is left to do, and the measures, the latest first. The past has its measures alone."""

    checks: Stand
    checks_at: str
    left: list[str]
    steps: list[Step]


def others_asked(case: Case, shown: EpisodeThen) -> OthersAsked:
    """Read it for an episode."""
    episode = shown.fact.episode
    now_open = shown.closed_on is None and not case.looking.past
    stands = stands_of(case.user, [episode.pk], timezone.now()) if now_open else {}
    left = left_to_do(case.user, [episode]) if now_open else {}
    return OthersAsked(
        checks=stands.get(episode.pk, Stand()),
        checks_at=reverse("risk-child-checks", args=[case.child.pk]),
        left=left.get(episode.pk, []),
        steps=_steps(case, episode.pk),
    )


def _steps(case: Case, episode: int) -> list[Step]:
    rows = Measure.objects.visible_to(case.user).known(case.looking.known_at)
    rows = rows.filter(episode=episode, on__lte=case.looking.day).select_related("recorded_by")
    facts = list(rows.order_by("-on", "-position", "-pk"))
    wanted = {number for fact in facts for number in fact.agencies}
    agencies = Agency.objects.visible_to(case.user).filter(pk__in=wanted)
    names = dict(agencies.values_list("pk", "name")) if wanted else {}
    return [_step(case, fact, names) for fact in facts]


def _step(case: Case, fact: Measure, names: dict[int, str]) -> Step:
    may = may_record(case, Permission.CASES_RECORD)
    back = reverse("risk-child-measure-withdraw", args=[case.child.pk, fact.pk])
    return Step(
        matter=MATTERS[fact.matter],
        state=STATES[fact.matter].get(fact.state, fact.state),
        on=fact.on,
        because=fact.because,
        agencies=", ".join(names[number] for number in fact.agencies if number in names),
        by=fact.recorded_by.name if fact.recorded_by else "",
        withdraw=back if may else "",
    )
