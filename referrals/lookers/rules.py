"""Who has looked at a child: what a line of it says, and which days are read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

USUAL_DAYS = 90
KEPT_BY_THEM = "Kept by that agency"


@dataclass(frozen=True)
class Look:
    """Something that was done with a child's record; `reason` is another agency's own where it is None."""

    at: datetime
    name: str
    role: str
    agency: str
    verb: str
    event: str
    page: str
    reason: str | None

    @property
    def what(self) -> str:
        """Say what was done, in the words of the list."""
        if self.event.startswith("search"):
            return "Found in a search"
        if self.event == "child.printed":
            return "Printed"
        if self.verb == "disclosure":
            return f"Passed on: {self.event}"
        if self.verb == "consultation":
            return f"Saw: {self.page or self.event}"
        return f"Changed: {self.event}"

    @property
    def why(self) -> str:
        """Give the reason as far as the reader may know it."""
        return KEPT_BY_THEM if self.reason is None else self.reason or "Not said"


@dataclass(frozen=True)
class Looker:
    """Somebody who looked, as what they did so last, and how often on which days of UTC."""

    user_id: int
    name: str
    role: str
    agency: str
    days: list[date]
    numbers: list[int]

    @property
    def times(self) -> int:
        """Say how often in all."""
        return sum(self.numbers)


@dataclass(frozen=True)
class Part:
    """Between which moments a part of the list lies, and how many looks of those days stand before it."""

    from_at: datetime
    to_at: datetime
    skipped: int


def part_of(lookers: Iterable[Looker], first: int, last: int) -> Part | None:
    """Find the days of the looks from one to before another, counted from the latest; None for no look."""
    of_days: Counter[date] = Counter()
    for one in lookers:
        of_days.update(dict(zip(one.days, one.numbers, strict=True)))
    days: list[date] = []
    before = skipped = 0
    for day in sorted(of_days, reverse=True):
        if first < before + of_days[day] and before < last:
            skipped = skipped if days else first - before
            days.append(day)
        before += of_days[day]
    if not days:
        return None
    return Part(_start(days[-1]), _start(days[0] + timedelta(days=1)), skipped)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
