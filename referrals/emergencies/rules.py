"""How long emergency access may last, how often it may be asked for, and how soon it is reviewed."""

from dataclasses import dataclass
from datetime import date, timedelta

from hub.errors import RuleBroken
from referrals.search.rules import plain

HOURS = (1, 4, 12)
# So few that nobody can go through the children of a district: each attempt is an alert besides.
MOST_A_DAY = 5
A_DAY = timedelta(hours=24)
REVIEWED_WITHIN = 3  # working days
LONGEST_REASON = 1000

WHO = "Enter the child's reference, or the name and the date of birth"
NO_REASON = "Write why you must open this record now: whoever reviews it reads this"
NO_HOURS = "Choose for how long"
TOO_OFTEN = (
    f"You have asked {MOST_A_DAY} times within a day. Ask the child's lead worker, or your manager."
)


@dataclass(frozen=True)
class Asked:
    """Whom somebody must see, why, and for how long: a reference, or a name with the day of birth."""

    because: str
    hours: int
    reference: str = ""
    name: str = ""
    born: date | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the name, as the index of names holds them."""
        return tuple(plain(self.name).split())

    def as_json(self) -> dict[str, str | int]:
        """Write what was typed as the trail keeps it, but for the reason, which has a place of its own."""
        born = self.born.isoformat() if self.born else ""
        typed = {"reference": self.reference, "name": self.name, "born": born}
        return {"hours": self.hours, **{name: text for name, text in typed.items() if text}}


def check_asked(asked: Asked) -> None:
    """Refuse what names nobody, gives no reason, or lasts as long as none may."""
    if not asked.reference.strip() and not (asked.parts and asked.born):
        raise RuleBroken("emergency.who", WHO, "reference")
    if not asked.because.strip():
        raise RuleBroken("emergency.reason", NO_REASON, "because")
    if asked.hours not in HOURS:
        raise RuleBroken("emergency.hours", NO_HOURS, "hours")


def check_times(times: int) -> None:
    """Refuse one who has asked often enough for a day, whatever came of it."""
    if times >= MOST_A_DAY:
        raise RuleBroken("emergency.too_often", TOO_OFTEN, noted=True)
