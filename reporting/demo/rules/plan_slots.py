"""The referrals of January 2014 to March 2016 as slots: how many, when, and how each will end.

The counts are those of the Bradford report of 2016 (Appendix 1, strategic overview); what it
leaves open is drawn, and settled in docs/decisions/0006-synthetic-history.md.
"""

from dataclasses import dataclass
from datetime import date

from reporting.demo.rules.chance import Chance
from reporting.demo.rules.course import decided_on, no_risk_episode
from reporting.demo.rules.days import after, between, weekday_from, weekdays_of

YEAR_START, YEAR_END = date(2015, 4, 1), date(2016, 3, 31)
SNAPSHOT, MOVEMENT_TO = date(2016, 3, 29), date(2016, 8, 1)
LAST_BEFORE = date(2015, 3, 31)

# Referrals by month; the quarters are the report's, the months within them are ours.
BEFORE = {
    (2014, 1): 26, (2014, 2): 28, (2014, 3): 29,
    (2014, 4): 31, (2014, 5): 32, (2014, 6): 33, (2014, 7): 34, (2014, 8): 34, (2014, 9): 36,
    (2014, 10): 36, (2014, 11): 38, (2014, 12): 38, (2015, 1): 39, (2015, 2): 39, (2015, 3): 41,
}  # fmt: skip
YEAR = {
    (2015, 4): 44, (2015, 5): 46, (2015, 6): 48, (2015, 7): 47, (2015, 8): 50, (2015, 9): 53,
    (2015, 10): 55, (2015, 11): 56, (2015, 12): 57, (2016, 1): 61, (2016, 2): 64, (2016, 3): 69,
}  # fmt: skip
CARRIED, CARRIED_STILL_OPEN = 63, 22
NO_RISK, OPEN_NO_RISK = 217, 17
OPEN_AT_RISK = 271
SHARE_NO_RISK = 1 / 3
TOO_RECENT_TO_CLOSE = 45


@dataclass(slots=True, eq=False)
class Slot:
    """A referral to be given to a child.

    `closed_on` is None if the episode is still open on the snapshot (`open`) or was referred after
    it; `decided_on` is set where the first decision has to fall on a certain day.
    """

    referred_on: date
    at_risk: bool
    open: bool = False
    decided_on: date | None = None
    closed_on: date | None = None


def slots_before(draw: Chance) -> list[Slot]:
    """Make the referrals before the report year; 63 of them are carried into it, still open."""
    slots = _referrals(draw, BEFORE)
    for slot in slots:
        slot.at_risk = not draw.happens(SHARE_NO_RISK)
    risky = [slot for slot in slots if slot.at_risk]
    carried = _likely_open(draw, risky, LAST_BEFORE, 21, CARRIED)
    for slot in slots:
        if not slot.at_risk:
            _close_without_risk(draw, slot, LAST_BEFORE)
        elif slot not in carried:
            slot.closed_on = _closing(draw, after(slot.referred_on, 21), LAST_BEFORE, 140)
    _carry(draw, carried)
    return slots


def slots_of_year(draw: Chance) -> list[Slot]:
    """Make the 650 referrals of the report year, 217 of them not at risk."""
    slots = _referrals(draw, YEAR)
    waiting = [s for s in slots if 5 <= between(s.referred_on, SNAPSHOT) <= 60]
    _open(draw.shuffled(waiting)[:OPEN_NO_RISK], at_risk=False)
    others = draw.shuffled([slot for slot in slots if not slot.open])
    for slot in others[: NO_RISK - OPEN_NO_RISK]:
        slot.at_risk = False
        _close_without_risk(draw, slot, SNAPSHOT if slot.referred_on <= SNAPSHOT else None)
    risky = [s for s in slots if s.at_risk and s.referred_on <= SNAPSHOT]
    still_open = _likely_open(
        draw, risky, SNAPSHOT, TOO_RECENT_TO_CLOSE, OPEN_AT_RISK - CARRIED_STILL_OPEN
    )
    _open(still_open, at_risk=True)
    for slot in risky:
        if not slot.open:
            slot.closed_on = _closing(draw, after(slot.referred_on, 21), SNAPSHOT, 240)
    return slots


def _referrals(draw: Chance, months: dict[tuple[int, int], int]) -> list[Slot]:
    days = [
        draw.pick(weekdays_of(year, month))
        for (year, month), count in months.items()
        for _ in range(count)
    ]
    return [Slot(day, at_risk=True) for day in sorted(days)]


def _open(slots: list[Slot], *, at_risk: bool) -> None:
    for slot in slots:
        slot.open, slot.at_risk = True, at_risk


def _likely_open(draw: Chance, slots: list[Slot], on: date, recent: int, count: int) -> list[Slot]:
    """Choose who is still open on a day: all recent ones, of the others the later the likelier."""
    new = [slot for slot in slots if between(slot.referred_on, on) < recent]
    old = [slot for slot in slots if between(slot.referred_on, on) >= recent]
    keys = [draw.random() ** (1 + between(slot.referred_on, on) / 110) for slot in old]
    order = sorted(range(len(old)), key=lambda n: -keys[n])
    return new + [old[n] for n in order[: count - len(new)]]


def _close_without_risk(draw: Chance, slot: Slot, last: date | None) -> None:
    decided = decided_on(draw, slot.referred_on)
    closed = no_risk_episode(draw, slot.referred_on, decided, after(decided, 60)).closed_on
    slot.closed_on = min(closed, last) if last else closed
    slot.decided_on = min(decided, slot.closed_on)


def _closing(draw: Chance, first: date, before: date, longest: int) -> date:
    """Draw a closing from a day on, before another day and within so many days."""
    room = min(longest, max(0, between(first, before) - 1))
    return min(weekday_from(after(first, draw.between(0, room))), after(before, -1))


def _carry(draw: Chance, carried: list[Slot]) -> None:
    by_age = sorted(carried, key=lambda slot: slot.referred_on)
    still_open = draw.shuffled(by_age[len(by_age) // 3 :])[:CARRIED_STILL_OPEN]
    _open(still_open, at_risk=True)
    for slot in carried:
        if not slot.open:
            first = max(after(slot.referred_on, 21), YEAR_START)
            slot.closed_on = _closing(draw, first, SNAPSHOT, 300)
