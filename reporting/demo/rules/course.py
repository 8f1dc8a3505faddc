"""How an episode goes: the first decision, the levels over time, the closing."""

from datetime import date

from reporting.demo.rules.chance import Chance, table
from reporting.demo.rules.days import (
    after,
    birthday,
    thursday_from,
    weekday_from,
    weekday_until,
)
from reporting.demo.rules.facts import Episode
from reporting.demo.rules.people import LAST_DAYS_BEFORE_18

NO_RISK, LOW, MEDIUM, HIGH = "NO_RISK", "LOW", "MEDIUM", "HIGH"
Steps = list[tuple[date, str]]

DAYS_TO_DECIDE = table({0: 55, 1: 35, 2: 7, 3: 3})
FIRST_LEVELS = table({NO_RISK: 33, LOW: 26, MEDIUM: 30, HIGH: 11})
FIRST_AT_RISK = table({LOW: 40, MEDIUM: 44, HIGH: 16})
MOVES = {
    HIGH: table({HIGH: 50, MEDIUM: 45, LOW: 5}),
    MEDIUM: table({HIGH: 12, MEDIUM: 55, LOW: 33}),
    LOW: table({HIGH: 4, MEDIUM: 16, LOW: 80}),
    NO_RISK: table({LOW: 1}),
}
CLOSED_FROM_LOW = table({"RISK_REDUCED": 91, "MOVED": 5, "TRANSFERRED": 3, "OTHER": 1})
CLOSED_AT_RISK = table({"MOVED": 50, "TRANSFERRED": 42, "OTHER": 8})
SHORTEST = 21
LAST_STEP_BEFORE_CLOSING = 7
PAPERWORK_WAITS_FROM = date(2016, 8, 2)


def decided_on(draw: Chance, referred_on: date) -> date:
    """Draw the day of the first decision: the next weekday mornings after the referral."""
    return weekday_from(after(referred_on, draw.of(DAYS_TO_DECIDE)))


def last_day(born: date) -> date:
    """Give the last weekday before the eighteenth birthday, by which every case is closed."""
    return weekday_until(after(birthday(born, 18), -1))


def new_episode(draw: Chance, mean_days: float, referred_on: date, born: date) -> Episode:
    """Draw the whole course of an episode from its referral."""
    decided, level = decided_on(draw, referred_on), draw.of(FIRST_LEVELS)
    if level == NO_RISK:
        return no_risk_episode(draw, referred_on, decided, last_day(born))
    return finish(draw, referred_on, [(decided, level)], decided, mean_days, born)


def no_risk_episode(draw: Chance, referred_on: date, decided: date, last: date) -> Episode:
    """Close an episode without risk the same or the next day; some wait for their paperwork.

    From the summer of 2016 more of them wait, so that on most days about as many stand open as the
    report of 2016 found, and a published report does not stand on a handful.
    """
    wait = draw.random()
    if wait < 0.5:
        closed = decided
    elif wait < (0.86 if referred_on < PAPERWORK_WAITS_FROM else 0.54):
        closed = weekday_from(after(decided, 1))
    else:
        closed = min(weekday_from(after(decided, 4 + draw.wait(35))), max(decided, last))
    return Episode(referred_on, closed, "NO_CSE_RISK", [(decided, NO_RISK)])


def finish(
    draw: Chance, referred_on: date, steps: Steps, start: date, mean_days: float, born: date
) -> Episode:
    """Let an episode with these levels go on from a day, for as long as is usual, to its closing."""
    half = (mean_days - SHORTEST) / 2
    planned = thursday_from(after(start, SHORTEST + draw.wait(half) + draw.wait(half)))
    closed = min(planned, last_day(born))
    _walk(draw, steps, start, closed)
    return ending(draw, referred_on, steps, start, closed, born)


def closed_by(draw: Chance, referred_on: date, steps: Steps, closed: date, born: date) -> Episode:
    """Let an episode with these levels go on to a given closing."""
    _walk(draw, steps, steps[-1][0], closed)
    return ending(draw, referred_on, steps, steps[-1][0], closed, born)


def ending(
    draw: Chance, referred_on: date, steps: Steps, start: date, closed: date, born: date
) -> Episode:
    """Draw the reason of a closing, lowering the level first (after `start`) where that is it."""
    if after(closed, 4) >= last_day(born):
        return Episode(referred_on, closed, "TURNED_18", steps)
    if steps[-1][1] == LOW:
        return Episode(referred_on, closed, draw.of(CLOSED_FROM_LOW), steps)
    lowered = thursday_from(after(max(start, steps[-1][0]), LAST_STEP_BEFORE_CLOSING))
    if lowered >= closed or draw.happens(0.25):
        return Episode(referred_on, closed, draw.of(CLOSED_AT_RISK), steps)
    steps.append((lowered, LOW))
    return Episode(referred_on, closed, "RISK_REDUCED", steps)


def _walk(draw: Chance, steps: Steps, start: date, closed: date) -> None:
    latest = after(closed, -LAST_STEP_BEFORE_CLOSING)
    day = _next_meeting(draw, max(start, steps[-1][0]))
    while day < latest:
        steps.append((day, draw.of(MOVES[steps[-1][1]])))
        day = _next_meeting(draw, day)


def _next_meeting(draw: Chance, day: date) -> date:
    return thursday_from(after(day, 28 + draw.wait(48)))


def referred_again(draw: Chance, closed: date, born: date, again: float) -> date | None:
    """Draw the day of the next referral, if there is one before the child is nearly 18."""
    if not draw.happens(again):
        return None
    referred = weekday_from(after(closed, 14 + draw.wait(150)))
    return referred if referred < after(birthday(born, 18), -LAST_DAYS_BEFORE_18) else None
