"""What a report is asked for, and what of it is refused."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hub.days.rules import LONDON, add_months

DEFINITIONS = 1  # the version of the pinned definitions; a change of any of them raises it
TYPE = re.compile(r"[A-Z][A-Z0-9_]*")
YEARS = range(1900, 2200)
CODE = re.compile(r"[a-z0-9_-]{1,40}")
FULL, PUBLISHED = "full", "published"


class ParameterError(ValueError):
    """A parameter that cannot be answered; the message says what to give instead."""


@dataclass(frozen=True)
class Parameters:
    """The windows, the moment and the scope of a report. Windows include both ends.

    `known_at` is aware, or None for what is known now. Raises ParameterError from `checked`.
    """

    year_start: date
    year_end: date
    snapshot: date
    suspects_from: date
    suspects_to: date
    movement_to: date | None = None
    known_at: datetime | None = None
    disclosure: str = FULL
    types: tuple[str, ...] = ("CSE",)
    partnerships: tuple[str, ...] = ("bradford",)

    def checked(self, now: datetime) -> "Parameters":
        """Give these parameters back if each can be answered at `now`."""
        self._check_windows()
        if self.movement_to is not None and self.movement_to < self.snapshot:
            raise ParameterError("movement-to lies before the snapshot: give a day on or after it.")
        if self.known_at is not None and self.known_at > now:
            raise ParameterError(
                "known-at lies in the future: nobody knows yet what will be known."
            )
        if self.known_at is not None and self.known_at.year not in YEARS:
            raise ParameterError("known-at must lie between the years 1900 and 2199.")
        self._check_scope()
        return self

    def _check_windows(self) -> None:
        days = (self.year_start, self.year_end, self.snapshot, self.suspects_from, self.suspects_to)
        if any(day.year not in YEARS for day in (*days, self.movement_to or self.snapshot)):
            raise ParameterError("the dates must lie between the years 1900 and 2199.")
        whole_year = self.year_start.day == 1
        if not whole_year or self.year_end != add_months(self.year_start, 12) - timedelta(1):
            raise ParameterError(
                "the year must be twelve whole months from the first of a month, "
                "for example 2015-04-01 to 2016-03-31."
            )
        if self.suspects_to < self.suspects_from:
            raise ParameterError("suspects-to lies before suspects-from: swap them.")

    def _check_scope(self) -> None:
        wrong = [name for name in self.types if not TYPE.fullmatch(name)]
        if wrong or not self.types:
            raise ParameterError(
                "types must be names in capitals joined by commas, for example CSE,CCE."
            )
        if not all(CODE.fullmatch(name) for name in self.partnerships) or not self.partnerships:
            raise ParameterError(
                "partnership must be codes joined by commas, for example bradford,kirklees."
            )
        for what, names in (("types", self.types), ("partnership", self.partnerships)):
            if len(set(names)) != len(names):
                raise ParameterError(f"{what} names something twice: name each once.")

    def in_year(self, day: date) -> bool:
        """Say whether a day lies in the report's year."""
        return self.year_start <= day <= self.year_end

    @property
    def previous_start(self) -> date:
        """Give the first day of the year before."""
        return add_months(self.year_start, -12)

    def covers(self) -> tuple[date, date]:
        """Give the first and last day that any table of the report speaks of, the year before included."""
        days = [
            self.previous_start,
            self.year_end,
            self.snapshot,
            self.suspects_from,
            self.suspects_to,
        ]
        days += [self.movement_to] if self.movement_to else []
        return min(days), max(days)

    def as_json(self) -> dict[str, Any]:
        """Give the parameters as the report carries them."""
        return {
            "year_start": self.year_start.isoformat(),
            "year_end": self.year_end.isoformat(),
            "snapshot": self.snapshot.isoformat(),
            "movement_to": self.movement_to.isoformat() if self.movement_to else None,
            "suspects_from": self.suspects_from.isoformat(),
            "suspects_to": self.suspects_to.isoformat(),
            "known_at": self.known_at.astimezone(LONDON).isoformat() if self.known_at else None,
            "disclosure": self.disclosure,
            "types": list(self.types),
            "partnerships": list(self.partnerships),
            "definitions": DEFINITIONS,
        }
