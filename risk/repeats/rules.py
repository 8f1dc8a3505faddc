"""How often a child was referred before somebody acted, and how long that took.

"Why did a number of referrals have to be made before action?" (the committee's minutes of 2017/18): so a
child stands on the list from the second referral before the first level at risk, or while there is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

FEWEST = 2
MOST = 9


@dataclass(frozen=True)
class Repeated:
    """A child who was referred that often before the first decision at risk (None: none was made yet)."""

    child: int
    times: int
    first_on: date
    at_risk_on: date | None

    @property
    def days_to_risk(self) -> int | None:
        """The days from the first referral to the first decision at risk."""
        return (self.at_risk_on - self.first_on).days if self.at_risk_on else None


def repeated(child: int, referrals: Iterable[date], at_risk_on: date | None) -> Repeated:
    """Count the referrals up to the first decision at risk, that of its own day too."""
    days = sorted(referrals)
    before = [day for day in days if at_risk_on is None or day <= at_risk_on]
    return Repeated(child, len(before), days[0], at_risk_on)


def times_asked(typed: str) -> int:
    """Read how many referrals a child must have had to be listed: 2 to 9, and 2 where nothing is said."""
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 3 else FEWEST
    return min(max(number, FEWEST), MOST)


def longest_first(found: Iterable[Repeated], times: int) -> list[Repeated]:
    """Keep the children referred that often, the most often referred first, then the longest ago."""
    kept = (row for row in found if row.times >= times)
    return sorted(kept, key=lambda row: (-row.times, row.first_on, row.child))
