"""The children of January 2014 to March 2016: the slots given out, the snapshot's row to each.

569 children share the report year's 713 episodes: 76 have two, 24 three, 4 four and 2 five.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from reporting.demo.rules.casework import refer
from reporting.demo.rules.chance import Chance, table
from reporting.demo.rules.children import come_back, complete
from reporting.demo.rules.course import (
    FIRST_AT_RISK,
    Steps,
    closed_by,
    decided_on,
    ending,
    finish,
    last_day,
)
from reporting.demo.rules.days import after, between, thursday_from, weekday_from
from reporting.demo.rules.district import District, snapshot_2016
from reporting.demo.rules.facts import Child, Episode
from reporting.demo.rules.people import GROUPS, child_born
from reporting.demo.rules.places import Situation, situation
from reporting.demo.rules.plan_slots import (
    LAST_BEFORE,
    MOVEMENT_TO,
    SNAPSHOT,
    YEAR_END,
    Slot,
    slots_before,
    slots_of_year,
)

EPISODES_OF_REPEATED = (5, 5, 4, 4, 4, 4, *[3] * 24, *[2] * 76)
# 102 boys with 128 episodes: 14 with two, 6 with three, the others with one.
BOYS_WITH = {3: 6, 2: 14}
BOYS = 102
KNOWN_BEFORE = 45
REPEATED_BEFORE = 35
LEAST_GAP = 10

Row = dict[str, str]


@dataclass(slots=True, eq=False)
class Plan:
    """A child to be: its slots in order of time, its gender and, if open on the snapshot, its row."""

    slots: list[Slot]
    gender: str = "F"
    row: Row | None = None
    repeated: int = field(default=1)

    @property
    def open_kind(self) -> str:
        """Say what its last episode is on the snapshot: NO_RISK, AT_RISK or not open at all."""
        last = self.slots[-1]
        return "" if not last.open else "AT_RISK" if last.at_risk else "NO_RISK"


def planned_children(draw: Chance) -> list[Plan]:
    """Give out all slots, so that every count of the report holds; in order of first referral."""
    before, year = slots_before(draw), slots_of_year(draw)
    earlier = [s for s in before if s.closed_on is not None and s.closed_on <= LAST_BEFORE]
    dealt_with = sorted([s for s in before if s not in earlier] + year, key=_referred)
    plans = _share_out(draw, dealt_with, EPISODES_OF_REPEATED)
    _choose_boys(draw, plans)
    _give_rows(draw, plans)
    older = _add_earlier(draw, plans, earlier)
    return sorted(plans + older, key=lambda plan: plan.slots[0].referred_on)


def _referred(slot: Slot) -> date:
    return slot.referred_on


def _share_out(draw: Chance, slots: list[Slot], repeated: tuple[int, ...]) -> list[Plan]:
    free = list(slots)
    plans = []
    for count in repeated:
        chain = _chain(draw, free, count)
        plans.append(Plan(chain, repeated=count))
        for slot in chain:
            free.remove(slot)
    return plans + [Plan([slot]) for slot in free]


def _chain(draw: Chance, free: list[Slot], count: int) -> list[Slot]:
    """Choose so many slots, each closed some days before the next; tries ends until one fits."""
    while True:
        chain = [draw.pick(free)]
        while len(chain) < count and (earlier := _before(free, chain[0])):
            chain.insert(0, draw.pick(earlier[-60:]))
        if len(chain) == count:
            return chain


def _before(free: list[Slot], slot: Slot) -> list[Slot]:
    latest = after(slot.referred_on, -LEAST_GAP)
    return [other for other in free if other.closed_on is not None and other.closed_on <= latest]


def _choose_boys(draw: Chance, plans: list[Plan]) -> None:
    """Make 102 children boys, so that on the snapshot 24 of them are at risk and 5 are not."""
    wanted = {"NO_RISK": 5, "AT_RISK": 24}
    wanted[""] = BOYS - sum(wanted.values())
    for repeated, count in {**BOYS_WITH, 1: BOYS - sum(BOYS_WITH.values())}.items():
        those = draw.shuffled([plan for plan in plans if plan.repeated == repeated])
        for plan in those:
            if count and wanted[plan.open_kind] and _room(repeated, plan.open_kind, wanted):
                plan.gender = "M"
                wanted[plan.open_kind] -= 1
                count -= 1


def _room(repeated: int, kind: str, wanted: dict[str, int]) -> bool:
    """Keep places on the snapshot for boys with a single episode."""
    return repeated == 1 or kind == "" or wanted[kind] > 2


def _give_rows(draw: Chance, plans: list[Plan]) -> None:
    rows = draw.shuffled(snapshot_2016())
    for plan in plans:
        if plan.open_kind:
            row = next(row for row in rows if _fits(row, plan))
            rows.remove(row)
            plan.row = row


def _fits(row: Row, plan: Plan) -> bool:
    same_risk = (row["level"] == "NO_RISK") == (plan.open_kind == "NO_RISK")
    return same_risk and row["gender"] == plan.gender


def _add_earlier(draw: Chance, plans: list[Plan], earlier: list[Slot]) -> list[Plan]:
    """Give earlier episodes to some of the year's children; the rest are children of their own."""
    free = list(earlier)
    for plan in draw.shuffled(plans)[: 2 * KNOWN_BEFORE]:
        fitting = _before(free, plan.slots[0])
        if fitting and len(earlier) - len(free) < KNOWN_BEFORE:
            plan.slots.insert(0, draw.pick(fitting[-90:]))
            free.remove(plan.slots[0])
    older = _share_out(draw, free, (2,) * REPEATED_BEFORE)
    for plan in older:
        plan.gender = "M" if draw.happens(0.17) else "F"
    return older


def make(draw: Chance, district: District, number: int, plan: Plan) -> Child:
    """Make a planned child; what comes after the planned time is drawn freely."""
    born = _born(draw, plan)
    episodes = [_episode(draw, district, slot, plan, born) for slot in plan.slots]
    child = Child(number, plan.gender, born, episodes)
    # Nobody comes back within the report year, nor a child of the snapshot before the second look.
    come_back(draw, district, child, after(MOVEMENT_TO if plan.row else YEAR_END, 1))
    complete(draw, district, child, _group(draw, plan), _situation(draw, district, plan))
    if plan.row and (plan.row["level"], plan.row["status"]) == ("MEDIUM", "NEVER"):
        _refer_by_snapshot(draw, district, child, len(plan.slots) - 1)
    return child


NEEDS_ROOM = {"CLOSED": date(2016, 4, 21), "": date(2016, 5, 10)}
STILL_OPEN_IN_AUGUST = date(2016, 8, 20)


def _born(draw: Chance, plan: Plan) -> date:
    """Draw a date of birth; the last episode has to end, as planned, before the child is 18."""
    last = plan.slots[-1]
    need = last.closed_on or NEEDS_ROOM[""]
    if plan.row:
        need = NEEDS_ROOM.get(plan.row["level_in_august"], STILL_OPEN_IN_AUGUST)
    while True:
        born = child_born(draw, plan.gender, plan.slots[0].referred_on)
        if last_day(born) >= need:
            return born


def _group(draw: Chance, plan: Plan) -> str:
    return plan.row["ethnicity"] if plan.row else draw.of(GROUPS)


def _situation(draw: Chance, district: District, plan: Plan) -> Situation:
    if plan.row is None:
        return situation(draw, district, plan.slots[0].referred_on)
    looked_after = plan.row["previously_looked_after"] == "Y"
    return Situation(SNAPSHOT, plan.row["area"], plan.row["status"], looked_after)


def _refer_by_snapshot(draw: Chance, district: District, child: Child, number: int) -> None:
    """Every medium child never known to social care had been referred to a service (report 2016)."""
    episode = child.episodes[number]
    if all(referral.referred_on > SNAPSHOT for referral in episode.services):
        episode.services = [refer(draw, district, episode, SNAPSHOT)]


def _episode(draw: Chance, district: District, slot: Slot, plan: Plan, born: date) -> Episode:
    if slot.open and plan.row:
        return _open_episode(draw, district, slot, plan.row, born)
    decided = slot.decided_on or decided_on(draw, slot.referred_on)
    if not slot.at_risk:
        closed = slot.closed_on or decided
        return Episode(slot.referred_on, closed, "NO_CSE_RISK", [(decided, "NO_RISK")])
    steps = [(decided, draw.of(FIRST_AT_RISK))]
    if slot.closed_on:
        return closed_by(draw, slot.referred_on, steps, slot.closed_on, born)
    return finish(draw, slot.referred_on, steps, decided, district.mean_days, born)


BEFORE_IT = {
    "HIGH": table({"HIGH": 45, "MEDIUM": 40, "LOW": 15}),
    "MEDIUM": table({"HIGH": 20, "MEDIUM": 55, "LOW": 25}),
    "LOW": table({"HIGH": 7, "MEDIUM": 38, "LOW": 55}),
}


def _open_episode(draw: Chance, district: District, slot: Slot, row: Row, born: date) -> Episode:
    """An episode with the row's level on the snapshot and its level, or closing, in August."""
    decided = min(decided_on(draw, slot.referred_on), SNAPSHOT)
    steps = _steps_until(draw, decided, row["level"])
    if row["level_in_august"] == "CLOSED":
        return _closed_by_august(draw, slot.referred_on, steps, born)
    if row["level_in_august"] != row["level"]:
        steps.append((thursday_from(after(SNAPSHOT, draw.between(2, 110))), row["level_in_august"]))
    left = district.mean_days * 0.5
    return finish(draw, slot.referred_on, steps, MOVEMENT_TO, left, born)


def _steps_until(draw: Chance, decided: date, level: str) -> Steps:
    """Levels that end with the given one on the snapshot; without risk there is only that one."""
    room = between(decided, SNAPSHOT) - 12
    if level == "NO_RISK" or room < 21:
        return [(decided, level)]
    levels = [level]
    while len(levels) < 1 + room // 70:
        levels.insert(0, draw.of(BEFORE_IT[levels[0]]))
    part = room // len(levels)
    days = [
        thursday_from(after(decided, part * n + draw.between(7, part)))
        for n in range(len(levels) - 1)
    ]
    return list(zip([decided, *days], levels, strict=True))


def _closed_by_august(draw: Chance, referred: date, steps: Steps, born: date) -> Episode:
    if steps[-1][1] == "NO_RISK":
        closed = weekday_from(after(SNAPSHOT, draw.between(2, 20)))
        return Episode(referred, closed, "NO_CSE_RISK", steps)
    planned = weekday_from(after(SNAPSHOT, draw.between(9, 120)))
    closed = min(planned, last_day(born))
    return ending(draw, referred, steps, after(SNAPSHOT, 1), closed, born)


def children(draw: Chance, district: District, stream: Iterator[Chance]) -> list[Child]:
    """Make all planned children, numbered from 1 in order of first referral."""
    plans = planned_children(draw)
    return [make(next(stream), district, number, plan) for number, plan in enumerate(plans, 1)]
