"""Where a child lives and what social care holds: spells around one day of which we are sure."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from reporting.demo.rules.chance import Chance, table
from reporting.demo.rules.days import after, birthday
from reporting.demo.rules.district import District
from reporting.demo.rules.facts import Address, Child, Status
from reporting.demo.rules.words import POSTCODE_LETTERS, STREET_KINDS, STREETS

OUT_OF_AREA = "OUT_OF_AREA"
CONFIDENTIAL = "CONFIDENTIAL"
# Neighbouring districts by postcode area: their first ward's number and how many they have.
ELSEWHERE = (("LS", 1411, 33), ("HX", 1371, 17), ("WF", 1444, 21))
STATUSES = table({"LAC": 24, "CP": 12, "CIN": 14, "PREVIOUS": 17, "NEVER": 33})
EARLIER = table({"CIN": 60, "CP": 25, "LAC": 15})
# Nothing changes within these days after the day of certainty (the report looks four months ahead).
STEADY_DAYS = 150


@dataclass(frozen=True, slots=True)
class Situation:
    """What holds of a child on one day: area (a ward's name, or what stands for it) and status."""

    on: date
    area: str
    status: str
    previously_looked_after: bool = False


def situation(draw: Chance, district: District, on: date) -> Situation:
    """Draw a situation as the districts' shares have it; only looked-after children live outside."""
    status = draw.of(STATUSES)
    if status == "LAC" and draw.happens(0.36):
        return Situation(on, OUT_OF_AREA, status)
    return Situation(on, CONFIDENTIAL if draw.happens(0.03) else draw.of(district.areas), status)


def settle(draw: Chance, district: District, child: Child, held: Situation) -> None:
    """Give a child the spells of status and address that make the situation hold on its day."""
    child.statuses = _statuses(draw, child.born, held)
    child.addresses = _addresses(draw, district, child, held)


def _statuses(draw: Chance, born: date, held: Situation) -> list[Status]:
    spells = []
    if held.previously_looked_after:
        end = after(held.on, -draw.between(300, 900))
        spells.append(Status("LAC", after(end, -draw.between(200, 900)), end))
    if held.status == "NEVER":
        spells += _later_need(draw, held.on)
    elif held.status == "PREVIOUS":
        end = after(held.on, -draw.between(15, 700))
        spells.append(Status(draw.of(EARLIER), after(end, -draw.between(90, 600)), end))
    else:
        spells += _current(draw, held)
    return _within_childhood(spells, born)


def _later_need(draw: Chance, on: date) -> list[Status]:
    if not draw.happens(0.12):
        return []
    start = after(on, draw.between(STEADY_DAYS, 400))
    return [Status("CIN", start, after(start, draw.between(90, 300)))]


def _current(draw: Chance, held: Situation) -> list[Status]:
    longest = 900 if held.status == "LAC" else 260
    start = after(held.on, -draw.between(10, longest))
    end = after(held.on, draw.between(STEADY_DAYS, 2 * longest))
    spells = [Status(held.status, start, end)]
    if held.status != "CIN" and draw.happens(0.6):
        spells.insert(0, Status("CIN", after(start, -draw.between(60, 400)), start))
    if held.status == "CP" and draw.happens(0.5):
        spells.append(Status("CIN", end, after(end, draw.between(60, 200))))
    return spells


def _within_childhood(spells: list[Status], born: date) -> list[Status]:
    adult = birthday(born, 18)
    for spell in spells:
        spell.start = max(spell.start, born)
        if spell.end is None or spell.end > adult:
            spell.end = adult
    return [spell for spell in spells if spell.start < adult]


def _addresses(draw: Chance, district: District, child: Child, held: Situation) -> list[Address]:
    start = max(child.born, after(held.on, -draw.between(300, 2500)))
    outside = held.area == OUT_OF_AREA
    homes = [_home(draw, district, start, draw.of(district.areas) if outside else held.area)]
    if start > child.born and draw.happens(0.25):
        homes.insert(0, _home(draw, district, child.born, draw.of(district.areas)))
    if outside:
        looked_after = next(x.start for x in child.statuses if x.status == "LAC")
        homes.append(_elsewhere(draw, _placed_on(draw, max(looked_after, start), held.on)))
    if draw.happens(0.5 if outside else 0.15):
        moved = after(held.on, draw.between(STEADY_DAYS, 1200))
        homes.append(_home(draw, district, moved, draw.of(district.areas)))
    for home, following in pairwise(homes):
        home.end = following.start
    return homes


def _placed_on(draw: Chance, first: date, last: date) -> date:
    return after(first, draw.between(1, max(1, (last - first).days - 1)))


def _home(draw: Chance, district: District, start: date, area: str) -> Address:
    ward = draw.of(district.areas) if area == CONFIDENTIAL else area
    return Address(
        start, None, _street(draw), _postcode(draw, district.postcode_area),
        district.wards[ward], confidential=area == CONFIDENTIAL,
    )  # fmt: skip


def _elsewhere(draw: Chance, start: date) -> Address:
    area, first, count = draw.pick(ELSEWHERE)
    ward = f"E0500{first + draw.between(0, count - 1)}"
    return Address(start, None, _street(draw), _postcode(draw, area), ward, out_of_area=True)


def _street(draw: Chance) -> str:
    return f"{draw.between(1, 148)} {draw.pick(STREETS)} {draw.pick(STREET_KINDS)}"


def _postcode(draw: Chance, area: str) -> str:
    """Districts 40 to 69 exist in none of the areas used, so that no real home is named."""
    letters = draw.pick(POSTCODE_LETTERS) + draw.pick(POSTCODE_LETTERS)
    return f"{area}{draw.between(40, 69)} {draw.between(1, 9)}{letters}"
