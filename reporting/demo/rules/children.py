"""Whole children: who they are, and everything that their episodes bring with them."""

from datetime import date

from reporting.demo.rules import crimes
from reporting.demo.rules.casework import work
from reporting.demo.rules.chance import Chance, chance, table
from reporting.demo.rules.course import new_episode, referred_again
from reporting.demo.rules.days import weekdays_of
from reporting.demo.rules.district import District
from reporting.demo.rules.facts import Child
from reporting.demo.rules.people import ETHNICITY, GROUPS, NAMES, child_born, name, nhs_number, upn
from reporting.demo.rules.places import Situation, settle, situation
from reporting.demo.rules.words import ONLINE, SURNAMES

STREAM = 1
GENDERS = table({"F": 799, "M": 199, "U": 2})


def newcomer(district: District, number: int, month: int) -> Child:
    """Draw a child referred for the first time in a month, with its whole course to 18."""
    draw = chance(district.seed, STREAM, number)
    referred = draw.pick(weekdays_of(month // 12, month % 12 + 1))
    gender = draw.of(GENDERS)
    born = child_born(draw, gender, referred)
    first = new_episode(draw, district.mean_days, referred, born)
    child = Child(number, gender, born, [first])
    come_back(draw, district, child, referred)
    complete(draw, district, child, draw.of(GROUPS), situation(draw, district, referred))
    return child


def come_back(draw: Chance, district: District, child: Child, not_before: date) -> None:
    """Draw later referrals of a child, each a new episode; none before a given day."""
    while referred := referred_again(
        draw, child.episodes[-1].closed_on, child.born, district.again
    ):
        if referred < not_before:
            return
        child.episodes.append(new_episode(draw, district.mean_days, referred, child.born))


def complete(draw: Chance, district: District, child: Child, group: str, held: Situation) -> None:
    """Give a child with its courses a name, numbers, homes, statuses, casework and crimes."""
    _identify(draw, district, child, group)
    settle(draw, district, child, held)
    work(draw, district, child)
    child.crimes += crimes.against(draw, district, child)
    crimes.number_crimes(child)


def _identify(draw: Chance, district: District, child: Child, group: str) -> None:
    child.id = f"{district.prefix}{child.number:06}"
    child.ethnicity = draw.of(ETHNICITY[group])
    child.forenames, child.surname = name(draw, group, child.gender)
    serial = district.numbers_from + child.number
    child.nhs_number = nhs_number(serial) if draw.happens(0.93) else ""
    child.upn = upn(serial, child.born.year + 5) if draw.happens(0.9) else ""
    child.learning_disability = draw.happens(0.06)
    child.aliases = _aliases(draw, child, group)


def _aliases(draw: Chance, child: Child, group: str) -> list[tuple[str, str]]:
    aliases = []
    if draw.happens(0.08):
        aliases.append((child.forenames[:3], "known_as"))
    if draw.happens(0.03):
        surname = draw.pick(SURNAMES[draw.of(NAMES[group])])
        aliases.append((f"{child.forenames} {surname}", "previous"))
    if draw.happens(0.05):
        aliases.append((f"{draw.pick(ONLINE)}{draw.between(10, 9999)}", "online"))
    return aliases
