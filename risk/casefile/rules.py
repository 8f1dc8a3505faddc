"""How a case is looked at: as at which day, what had ended by then, which level is the child's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from urllib.parse import urlencode

from hub.days.rules import (
    LONDON,
    add_months,
    counted,
    london_date,
    parse_moment,
    read_day,
    working_day_before,
)

THEN = "then"
# Before this no hub existed, and a moment near the year 1 cannot be put into UTC.
EARLIEST = date(1900, 1, 1)
NO_DATE = "Give the day as a date, for example 29/3/2016."
TO_COME = "The day lies in the future. Give today or a day before it."
LONG_AGO = "The day lies before 1900. Give a later one."
NO_MOMENT = "Give the moment of knowledge as a date and time, for example 2016-04-01T09:00."
# An address that has become confidential since was once known as an open one.
HUB_ALONE = "What was known at an earlier time is shown to the hub alone. Ask for the day only."
# A category of the police: not where the child should be, and thought to be in no danger.
ABSENT = "ABSENT"
RESTRICTED = "Restricted contact: ask the lead before any contact"
MOMENT_TO_COME = "What will be known in the future nobody can say. Give a moment before now."


@dataclass(frozen=True)
class Looking:
    """The day as at which a case is drawn, and the moment up to which facts count as known (None: now).

    `asked` names and values in the address that lead here again; `typed` is the day as it was written,
    `problem` what was wrong with it.
    """

    day: date
    known_at: datetime | None = None
    asked: tuple[tuple[str, str], ...] = ()
    typed: str = ""
    problem: str = ""

    @property
    def past(self) -> bool:
        """Say whether this is another view than the present one."""
        return bool(self.asked)

    @property
    def query(self) -> str:
        """Write what was asked as an address has it."""
        return urlencode(self.asked)


class Unreadable(ValueError):
    """What was asked for is no day or moment of the past; the message says so."""


def looking_at(
    as_at: str = "", known_at: str = "", *, now: datetime, whole: bool = True
) -> Looking:
    """Read what was asked; where it cannot be read, look at the present and say why.

    `known_at` is a moment, or "then": the end of that day. Without a day the moment's own counts.
    `whole` is false for one with whom a part is shared: to them what is known today counts.
    """
    today = london_date(now)
    try:
        if known_at and not whole:
            raise Unreadable(HUB_ALONE)
        day = _day(as_at, today) if as_at else None
        known = _moment(known_at, day or today, now) if known_at else None
    except Unreadable as wrong:
        return Looking(today, typed=as_at, problem=str(wrong))
    if day is None and known is None:
        return Looking(today)
    asked = ("as_at", f"{day or ''}"), ("known_at", known_at)
    here = tuple((name, value) for name, value in asked if value)
    return Looking(day or london_date(known or now), known, here, as_at)


def _day(text: str, today: date) -> date:
    day = read_day(text, today)
    if day is None:
        raise Unreadable(NO_DATE)
    if day > today:
        raise Unreadable(TO_COME)
    if day < EARLIEST:
        raise Unreadable(LONG_AGO)
    return day


def _moment(text: str, day: date, now: datetime) -> datetime:
    if text == THEN:
        return min(datetime.combine(day, time.max, LONDON), now)
    try:
        moment = parse_moment(text.strip())
    except ValueError:
        raise Unreadable(NO_MOMENT) from None
    if moment.date() < EARLIEST:
        raise Unreadable(LONG_AGO)
    if moment > now:
        raise Unreadable(MOMENT_TO_COME)
    return moment


def seen_end(end: date | None, known_from: datetime | None, looking: Looking) -> date | None:
    """Give the end of a spell as it is seen from there: None where it lay ahead or was not yet known."""
    if end is None or end > looking.day:
        return None
    if looking.known_at and known_from and known_from > looking.known_at:
        return None
    return end


def recorded_late(happened: date, known_from: datetime) -> date | None:
    """Give the day on which something was recorded, where that was more than a day after it happened."""
    recorded = london_date(known_from)
    return recorded if recorded > happened + timedelta(days=1) else None


@dataclass(frozen=True)
class Standing:
    """The level that stands on an open episode; `code` is empty where none was set."""

    code: str = ""
    set_on: date | None = None
    rank: int = -1


def overall(levels: Iterable[Standing]) -> Standing | None:
    """Give a child's level: of those of its open episodes the one set last, among equal dates the highest.

    None where no episode is open (Appendix 1 definitions, "level on a day").
    """
    return max(levels, key=lambda level: (level.set_on or date.min, level.rank), default=None)


def movement(before: tuple[str, int] | None, rank: int) -> str:
    """Say in words how a level moved from the label and rank of the one before it on the same scale."""
    if before is None:
        return "first level"
    label, height = before
    if rank == height:
        return "confirmed, as before"
    return f"{'▲ up' if rank > height else '▼ down'} from {label}"


def nearing_18(born: date, day: date, weeks_before: int) -> str:
    """Say that a child turns 18 within so many weeks: services and the law change with that day."""
    adult = add_months(born.replace(day=1), 18 * 12) + timedelta(born.day - 1)
    left = (adult - day).days
    if not 0 < left <= weeks_before * 7:
        return ""
    weeks = left // 7
    return f"turns 18 in {counted(weeks, 'week') if weeks else counted(left, 'day')}"


def last_meeting(day: date) -> date:
    """Give the working day before: what has happened since then, the daily meeting has not heard."""
    return working_day_before(day)


def missing_alert(categories: list[str], since: date) -> str:
    """Say how often a child went missing, and came back, since the last meeting; nothing for never."""
    if not categories:
        return ""
    what = "Missing or absent" if ABSENT in categories else "Missing"
    return f"{what} {counted(len(categories), 'time')} since {since:%A} {since.day} {since:%b %Y}"


def length_of(start: datetime, end: datetime) -> str:
    """Say how long somebody was missing, in whole hours or days and hours."""
    hours = round((end - start).total_seconds() / 3600)
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return counted(hours, "hour")
    return f"{counted(hours // 24, 'day')} {counted(hours % 24, 'hour')}"


def words_of(code: str) -> str:
    """Write a code as words, where nothing knows its label: SOCIAL_CARE is Social care."""
    return code.replace("_", " ").strip().capitalize()


@dataclass(frozen=True)
class Version:
    """A version of a fact: its own number, its key, from when it was known, until when it stood.

    `corrects`: it bears the reason of a correction, so it took the place of another.
    """

    number: int
    key: tuple[object, ...]
    known_from: datetime
    superseded_at: datetime | None = None
    corrects: bool = False


def heirs(versions: Iterable[Version]) -> dict[int, int]:
    """Say which version took the place of which; one that was withdrawn has no heir.

    It stands from the very moment, under the same key; or, where the key itself was wrong (the day of an
    address), it is the correction of that moment that took no other's place.
    """
    began: dict[datetime, list[Version]] = defaultdict(list)
    gone: dict[datetime, list[Version]] = defaultdict(list)
    for row in versions:
        began[row.known_from].append(row)
        if row.superseded_at:
            gone[row.superseded_at].append(row)
    found = {}
    for moment, ended in gone.items():
        taken = {row.key for row in ended}
        for old in ended:
            # A version is written after the one whose place it takes.
            later = [row for row in began[moment] if row.number > old.number]
            same = (row for row in later if row.key == old.key)
            moved = (row for row in later if row.corrects and row.key not in taken)
            heir = next(chain(same, moved), None)
            if heir is not None:
                found[old.number] = heir.number
    return found


def last_of(number: int, heir: Mapping[int, int]) -> int:
    """Follow a version to the one that is the last of its line."""
    while number in heir:
        number = heir[number]
    return number
