"""Days and moments: dates are Europe/London, working days are England's, `now` is passed down."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
NOON = time(12, 0)


def london_date(moment: datetime) -> date:
    """Say on which Europe/London date an aware moment fell."""
    return moment.astimezone(LONDON).date()


def day_ends(day: date) -> datetime:
    """Give the moment at which a day of Europe/London is over."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON)


def noon(day: date) -> datetime:
    """Give 12:00 Europe/London of a day: when a fact without a time counts as known (extract contract)."""
    return datetime.combine(day, NOON, LONDON)


def parse_moment(text: str) -> datetime:
    """Read an ISO timestamp; without an offset it is Europe/London.

    Raises ValueError where the text is no timestamp.
    """
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


TYPED_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")
SHORT_DAYS = ("%d/%m/%y", "%d %B %y", "%d %b %y")


def read_day(text: str, today: date) -> date | None:
    """Read a day as people type it: 3/5/2010, 3.5.10, 3 May 2010, 2010-05-03; None where it is none.

    A year of two figures is the latest one that does not lie more than a year ahead.
    """
    plain = " ".join(text.split())
    if not plain[:4].isdecimal():
        plain = plain.replace(".", "/").replace("-", "/")
    for form in (*TYPED_DAYS, *SHORT_DAYS):
        try:
            day = datetime.strptime(plain, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
        return _of_this_age(day, today) if form in SHORT_DAYS else day
    return None


def read_typed_day(text: str, today: date) -> date | None:
    """Read a day of a form: as `read_day`, and besides "today", "+28" or "-7" in days from today."""
    plain = text.strip().lower()
    if plain == "today":
        return today
    number = plain[1:]
    if plain[:1] in ("+", "-") and number.isascii() and number.isdecimal() and len(number) < 5:
        return today + timedelta(days=int(plain))
    return read_day(text, today)


def _of_this_age(day: date, today: date) -> date:
    # A leap year stays one: a year that lies ahead is never 2000, whose century before has no 29 February.
    return day.replace(year=day.year - 100) if day.year > today.year + 1 else day


def utc(moment: datetime) -> datetime:
    """Put an aware moment into UTC, as it is stored."""
    return moment.astimezone(UTC)


@cache
def _bank_holidays() -> frozenset[date]:
    """Read England's from our file, a line for each year.

    The library `holidays`, which the file is made from and compared with, would bring every country's
    into each web worker: ten megabytes for one set of days.
    """
    lines = Path(__file__).with_name("bank_holidays.txt").read_text().splitlines()
    return frozenset(
        date.fromisoformat(f"{year}-{day}") for year, *days in map(str.split, lines) for day in days
    )


def is_working_day(day: date) -> bool:
    """Monday to Friday and not a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays()


def add_working_days(day: date, count: int) -> date:
    """Count working days onward; 0 gives the same day, or the next working day after a rest day."""
    while not is_working_day(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_day_before(day: date) -> date:
    """Give the working day before a day: that of the daily meeting before."""
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative where the end lies before."""
    if end < start:
        return -working_days_between(end, start)
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for day in span if is_working_day(day))


def counted(number: int, thing: str) -> str:
    """Say how many of a thing there are: 1 week, 2 weeks."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


# A review this near is worth a word.
SOON = timedelta(days=7)


def review_note(due_on: date, day: date) -> str:
    """Say in words that a review is late, in working days, or due within a week; else nothing."""
    ahead = (due_on - day).days
    if ahead < 0:
        late = working_days_between(due_on, day)
        return f"{late} working {'day' if late == 1 else 'days'} over" if late else "overdue"
    if ahead > SOON.days:
        return ""
    return {0: "due today", 1: "due tomorrow"}.get(ahead, f"in {ahead} days")


def age_on(born: date, day: date) -> int:
    """Whole years on a day; one born on 29 February turns a year older on 1 March in a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def years_after(day: date, years: int) -> date:
    """Move a day by whole years; 29 February becomes 1 March in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def last_day_of_month(day: date) -> date:
    """Give the last day of the day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """Move the first of a month by whole months."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, day.day)
