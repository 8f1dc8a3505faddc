"""Reading disagreements: on an episode, in the list, and each with its steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.days.rules import london_date, review_note
from referrals.disagreements.models import Disagreement, DisagreementQuerySet
from referrals.disagreements.rules import LEVELS, OPEN, STATES


@dataclass(frozen=True)
class Line:
    """A disagreement in words; `note` says of an open one that it is late or near."""

    pk: int
    name: str
    child: str
    child_id: int
    reference: str
    episode: str
    between: str
    who: str
    state: str
    open: bool
    due_on: date
    note: str
    late: bool


@dataclass(frozen=True)
class Step:
    """What was done: raised, taken up to a level, or settled; with its words, by whom, and when."""

    title: str
    words: str
    by: str
    at: datetime
    due_on: date | None


def sees_whole(user: User) -> bool:
    """Say whether the person sees whole cases; else an episode and its numbers may not be theirs to know."""
    standing = standing_of(user)
    return standing is not None and standing.may(Permission.CASES_VIEW)


def with_parties(rows: DisagreementQuerySet, *, whole: bool = True) -> DisagreementQuerySet:
    """Read with each its child, both agencies and, for who sees `whole` cases, its episode."""
    parties = rows.select_related("child", "raised_by", "against", "recorded_by")
    return parties.select_related("episode") if whole else parties


def name_of(fact: Disagreement, *, whole: bool = True) -> str:
    """Name it; its number tells how many others there are, and so is for who sees `whole` cases."""
    return f"Disagreement {fact.number}" if whole else "Disagreement"


def line_of(fact: Disagreement, today: date, *, whole: bool = True) -> Line:
    """Give it in words, as lists show it."""
    is_open = fact.state == OPEN
    return Line(
        pk=fact.pk,
        name=name_of(fact, whole=whole),
        child=f"{fact.child.surname}, {fact.child.forenames}",
        child_id=fact.child_id,
        reference=fact.child.reference,
        episode=fact.episode.reference if whole else "",
        between=f"{fact.raised_by.name} with {fact.against.name}",
        who=LEVELS[fact.level],
        state=STATES[fact.state],
        open=is_open,
        due_on=fact.due_on,
        note=review_note(fact.due_on, today) if is_open else "",
        late=is_open and fact.due_on < today,
    )


def steps_of(versions: Iterable[Disagreement]) -> list[Step]:
    """Give what was done, the first step first; of each version what it changed."""
    found: list[Step] = []
    for fact in versions:
        first = not found
        words = fact.issue if first else fact.reason
        by = fact.recorded_by.name if fact.recorded_by else ""
        due = fact.due_on if fact.state == OPEN else None
        found.append(Step(title_of(fact, first=first), words, by, fact.known_from, due))
    return found


def title_of(fact: Disagreement, *, first: bool) -> str:
    """Say what a version did."""
    if fact.state != OPEN:
        return f"Settled: {STATES[fact.state].lower()}"
    who = LEVELS[fact.level]
    return f"Raised: {who.lower()}" if first else f"Taken up: {who.lower()}"


def versions_of(user: User, fact: Disagreement) -> list[Disagreement]:
    """Read every version of a disagreement, the earliest first."""
    rows = Disagreement.objects.visible_to(user).filter(episode=fact.episode_id, number=fact.number)
    return list(with_parties(rows, whole=sees_whole(user)).order_by("known_from", "pk"))


def of_episode(user: User, episode_id: int, now: datetime) -> list[Line]:
    """Give the disagreements of an episode, those that are open first."""
    rows = Disagreement.objects.visible_to(user).known().filter(episode=episode_id)
    facts = with_parties(rows).order_by("-number")
    lines = [line_of(fact, london_date(now)) for fact in facts]
    return sorted(lines, key=lambda line: not line.open)
