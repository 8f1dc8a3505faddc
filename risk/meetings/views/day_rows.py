"""The rows of a past day's list: each child as it stood then, and what came of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.days.rules import age_on
from referrals.caseload.rules import GRAVITY
from referrals.children.models import Child
from referrals.episodes.models import Allocation, EpisodeFact
from referrals.joinings.queries import records_of
from risk.agenda.queries.then import levels_then, open_then
from risk.agenda.rules import MISSING, Place, Window, nth
from risk.levels.models import RiskLevel
from risk.meetings.queries.day import Since, back_since, decided_on, followed
from risk.meetings.views.agenda import outcome_words

NOBODY = "Nobody has decided since"
NO_EPISODE = "No episode was open"


@dataclass(frozen=True)
class Then:
    """Who asks, of which day, as it was known when its meeting began; `kept` are the joinings of then.

    `hour` is when the meeting was to begin: what is on no agenda (referrals, suspects, places) goes by that.
    """

    user: User
    window: Window
    kept: dict[int, int]
    hour: datetime

    @property
    def at(self) -> datetime:
        """The moment after which nothing counts that became known."""
        return self.window.until

    def may(self, permission: Permission) -> bool:
        """Whether the person holds a right."""
        standing = standing_of(self.user)
        return standing is not None and standing.may(permission)


@dataclass(frozen=True)
class Row:
    """A child on the list of that day: level and lead as they were, and what came of it.

    `level` is None where no episode was seen open; `which` tells of a later one.
    """

    number: int
    child: str
    age: int
    reference: str
    address: str
    level: str | None
    which: str
    reasons: tuple[str, ...]
    came: tuple[str, ...]
    lead: str


@dataclass(frozen=True)
class _Known:
    """What is read of all the children on a page at once; episodes by child, the rest by episode."""

    children: dict[int, Child]
    episodes: dict[int, list[int]]
    before: Counter[int]
    levels: dict[int, RiskLevel]
    leads: dict[int, str]
    decided: dict[int, list[str]]
    followed: dict[int, Since]
    back: dict[int, str]


def rows_then(then: Then, places: list[Place], first: int) -> dict[int, Row]:
    """Build a row for each child on a page that the person may see, numbered from `first`."""
    known = _known(then, places)
    seen = (place for place in places if place.child in known.children)
    return {
        place.child: _row(then, place, number, known) for number, place in enumerate(seen, first)
    }


def _known(then: Then, places: list[Place]) -> _Known:
    user, day = then.user, then.window.day
    numbers = [place.child for place in places]
    records = records_of(then.kept, numbers)
    opened: dict[int, list[int]] = defaultdict(list)
    facts = open_then(user, day, then.at).filter(episode__child__in=records)
    for child, episode in facts.order_by("referred_on", "pk").values_list(
        "episode__child_id", "episode_id"
    ):
        opened[then.kept.get(child, child)].append(episode)
    episodes = [number for each in opened.values() for number in each]
    held = Allocation.objects.visible_to(user).as_at(day, then.at)
    leads = held.filter(lead=True, episode__in=episodes).order_by("from_date", "position", "pk")
    decided: dict[int, list[str]] = defaultdict(list)
    for said in decided_on(user, day, episodes):
        words = f"{said.item.meeting.series.name}: {outcome_words(said)}"
        decided[said.episode_id].append(words)
    missing = records_of(then.kept, [one.child for one in places if one.group == MISSING])
    back = back_since(user, missing, then.at)
    return _Known(
        children=Child.objects.visible_to(user).in_bulk(numbers),
        episodes=opened,
        before=_episodes_by_then(then, records),
        levels=levels_then(user, episodes, day, then.at),
        leads={one.episode_id: one.worker_name or one.worker for one in leads},
        decided=decided,
        followed=followed(user, episodes, then.at),
        back={then.kept.get(child, child): words for child, words in back.items()},
    )


def _episodes_by_then(then: Then, records: list[int]) -> Counter[int]:
    facts = EpisodeFact.objects.visible_to(then.user).known(then.at)
    numbers = facts.filter(episode__child__in=records, referred_on__lte=then.window.day)
    return Counter(
        then.kept.get(child, child) for child in numbers.values_list("episode__child_id", flat=True)
    )


def _row(then: Then, place: Place, number: int, known: _Known) -> Row:
    child, day = known.children[place.child], then.window.day
    episodes = known.episodes.get(place.child, [])
    leads = (known.leads.get(episode, "") for episode in episodes)
    return Row(
        number=number,
        child=f"{child.surname}, {child.forenames}",
        age=age_on(child.date_of_birth, day),
        reference=child.reference,
        address=reverse("risk-child-summary", args=[child.pk]),
        level=_level_of([known.levels.get(episode) for episode in episodes]),
        which=nth(known.before[place.child]),
        reasons=place.reasons,
        came=_came(place, episodes, known),
        lead=next((lead for lead in leads if lead), ""),
    )


def _level_of(levels: Iterable[RiskLevel | None]) -> str | None:
    """Give the level set last, of one day the gravest; None where no episode was open, "" for none set."""
    every, gravity = list(levels), list(GRAVITY)
    if not every:
        return None
    grave = (
        (level.set_on, -gravity.index(level.level), level.level)
        for level in every
        if level is not None and level.level in gravity
    )
    return max(grave, default=(date.min, 0, ""))[2]


def _came(place: Place, episodes: list[int], known: _Known) -> tuple[str, ...]:
    """Say what the meetings of that day decided; where they did not, the first thing that followed."""
    back = [known.back[place.child]] if place.child in known.back else []
    if not episodes:
        return (*back, NO_EPISODE)
    decided = [words for episode in episodes for words in known.decided.get(episode, [])]
    since = sorted(one for episode in episodes for one in known.followed[episode])
    return (*back, *(decided or [words for _at, words in since[:1]] or [NOBODY]))
