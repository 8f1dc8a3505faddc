"""The work on an episode: rationales, reviews, allocations, services, missing episodes."""

from datetime import date, datetime

from reporting.demo.rules.chance import Chance, Table, table
from reporting.demo.rules.course import Steps
from reporting.demo.rules.days import after, between, weekday_from
from reporting.demo.rules.district import District
from reporting.demo.rules.facts import (
    Allocation,
    Child,
    Episode,
    Level,
    Missing,
    Review,
    ServiceReferral,
)
from reporting.demo.rules.words import CHANGE_REASONS, ENDINGS, FIRST_REASONS

HEIGHT = {"NO_RISK": 0, "LOW": 1, "MEDIUM": 2, "HIGH": 3}
LATENESS = table({-4: 12, -1: 22, 0: 26, 2: 14, 5: 10, 9: 7, 16: 6, 30: 5, 50: 2})
RECORDING_DELAY = table({0: 88, 1: 7, 2: 3, 4: 2})
SOURCES = table(
    {
        "6": 36, "5A": 23, "2A": 14, "8": 7, "3F": 3, "3E": 2, "3C": 2, "5D": 3, "1A": 3, "2B": 2,
        "7": 2, "4": 1, "1B": 0.5, "1C": 0.5, "1D": 0.5, "9": 0.5, "10": 0.3,
    }
)  # fmt: skip
EARLY_TYPES = table({"CSE": 94, "CSE;CCE": 6})
LATER_TYPES = table({"CSE": 70, "CSE;CCE": 16, "CCE": 14})
# Criminal exploitation came to the hub's remit in 2018 (the 2019 report).
REMIT_WIDENED = date(2018, 4, 1)
DAYS_BETWEEN_MISSING = {"HIGH": 70, "MEDIUM": 200, "LOW": 600}


def work(draw: Chance, district: District, child: Child) -> None:
    """Give every episode of a child its records, and the child its missing episodes."""
    for number, episode in enumerate(child.episodes, 1):
        episode.id = f"{child.id}-{number}"
        episode.source = draw.of(SOURCES)
        widened = episode.referred_on >= REMIT_WIDENED
        episode.types = draw.of(LATER_TYPES if widened else EARLY_TYPES)
        episode.levels = _levels(draw, episode.steps)
        if episode.at_risk:
            episode.reviews = _reviews(draw, district, episode)
            episode.allocations = _allocations(draw, district, episode)
            if draw.happens(0.5):
                episode.services.append(refer(draw, district, episode))
            child.missing += _missing(draw, episode)


def _levels(draw: Chance, steps: Steps) -> list[Level]:
    before = None
    levels = []
    for day, level in steps:
        recorded = weekday_from(after(day, draw.of(RECORDING_DELAY)))
        at = _at(recorded, draw.between(9, 17), draw.between(0, 59))
        levels.append(Level(day, level, at, _rationale(draw, before, level)))
        before = level
    return levels


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001  # London time


def _rationale(draw: Chance, before: str | None, level: str) -> str:
    return f"{draw.pick(_reasons(before, level))}; {draw.pick(ENDINGS)}"


def _reasons(before: str | None, level: str) -> tuple[str, ...]:
    if before is None:
        return FIRST_REASONS[level]
    change = HEIGHT[level] - HEIGHT[before]
    return CHANGE_REASONS["up" if change > 0 else "down" if change else "same"]


def _reviews(draw: Chance, district: District, episode: Episode) -> list[Review]:
    """Each review is done at its time, or by a meeting that sets a level, or at the closing."""
    risky = [step for step in episode.steps if step[1] != "NO_RISK"]
    meetings = [*risky[1:], (episode.closed_on, "")]
    since, level = risky[0]
    reviews = []
    for meeting, next_level in meetings:
        while since < meeting:
            due = weekday_from(after(since, district.review_days[level]))
            done = min(weekday_from(after(due, draw.of(LATENESS))), meeting)
            reviews.append(Review(since, due, done))
            since = done
        level = next_level
    return reviews


def _allocations(draw: Chance, district: District, episode: Episode) -> list[Allocation]:
    start, end = weekday_from(after(episode.steps[0][0], draw.between(0, 2))), episode.closed_on
    spells = [Allocation(draw.pick(district.leads), start, end, lead=True)]
    days = between(start, end)
    if days > 60 and draw.happens(0.22):
        spells += _handover(draw, district, spells[0], days)
    if draw.happens(0.4):
        joined = min(weekday_from(after(start, draw.between(3, 40))), end)
        spells.append(Allocation(draw.pick(district.seconds), joined, end, lead=False))
    return spells


def _handover(draw: Chance, district: District, first: Allocation, days: int) -> list[Allocation]:
    follower, end = draw.pick(district.leads), first.end
    if follower is first.worker:
        return []
    first.end = weekday_from(after(first.start, draw.between(20, days - 20)))
    return [Allocation(follower, first.end, end, lead=True)]


def refer(
    draw: Chance, district: District, episode: Episode, latest: date | None = None
) -> ServiceReferral:
    """Refer an episode's child to a service soon after the first decision (`latest` at the latest)."""
    first, end = episode.steps[0][0], episode.closed_on
    referred = min(weekday_from(after(first, draw.between(0, 21))), latest or end, end)
    decided = min(weekday_from(after(referred, draw.between(1, 28))), end)
    ended = min(weekday_from(after(decided, 40 + draw.wait(120))), end)
    service = draw.pick(district.services).code
    return ServiceReferral(service, referred, decided, draw.happens(0.85), ended)


def _missing(draw: Chance, episode: Episode) -> list[Missing]:
    mean = DAYS_BETWEEN_MISSING[_first_risk(episode)]
    episodes = []
    day = after(episode.referred_on, draw.wait(mean))
    while day < episode.closed_on:
        episodes.append(_one_missing(draw, day))
        day = after(day, 4 + draw.wait(mean))
    return episodes


def _first_risk(episode: Episode) -> str:
    return next(level for _, level in episode.steps if level != "NO_RISK")


NIGHTS_AWAY: Table[int] = table({0: 35, 1: 45, 2: 13, 3: 5, 5: 2})


def _one_missing(draw: Chance, day: date) -> Missing:
    nights = draw.of(NIGHTS_AWAY)
    # Hours between one and two do not exist on the night the clocks go forward: none is used.
    found = _at(after(day, nights), draw.between(6, 14) if nights else 22, draw.between(0, 59))
    answered = after(found.date(), draw.between(1, 5))
    return Missing(
        missing_from=_at(day, draw.between(15, 21), draw.between(0, 59)),
        found_at=found,
        category="MISSING" if draw.happens(0.85) else "ABSENT",
        answered_on=answered,
        accepted=draw.happens(0.78),
    )
