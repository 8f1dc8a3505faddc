"""Chance, as extracts need it: dates near the edges that matter, many ways to write a file."""

import csv
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from tests.oracle.reading import LONDON, Row, Tables

# Where the default report of 2015/16 turns: the year, its quarters, the year before, snapshot,
# movement, the suspects window, the ends of February, the days when the clocks change.
EDGES = [
    date(2014, 4, 1), date(2015, 4, 1), date(2016, 3, 31), date(2015, 7, 1), date(2015, 9, 30),
    date(2016, 3, 29), date(2016, 8, 1), date(2016, 6, 30), date(2015, 2, 28), date(2015, 3, 1),
    date(2016, 2, 29), date(2016, 3, 1), date(2015, 10, 25), date(2016, 3, 27), date(2015, 3, 29),
]  # fmt: skip
FIRST, LAST = date(2013, 9, 1), date(2016, 10, 31)

# Every column of the extract contract, the required ones before the semicolon.
_CONTRACT = {
    "children": (
        "child_id forenames surname date_of_birth gender; ethnicity nhs_number upn "
        "learning_disability"
    ),
    "aliases": "child_id name; kind",
    "addresses": "child_id from_date; to_date line postcode ward out_of_area confidential",
    "statuses": "child_id status from_date; to_date",
    "episodes": (
        "episode_id child_id referred_on; referral_source referring_agency exploitation_types "
        "closed_on closure_reason"
    ),
    "risk_levels": "episode_id set_on level; recorded_at rationale",
    "missing_episodes": (
        "missing_id child_id missing_from; found_at category return_interview_on "
        "return_interview_accepted"
    ),
    "allocations": "episode_id worker from_date; worker_name agency to_date lead",
    "reviews": "episode_id due_on; done_on",
    "service_referrals": "episode_id service referred_on; outcome started_on ended_on",
    "crimes": (
        "crime_ref offence_code offence_date cse_tag; recorded_on outcome outcome_on "
        "victim_ref victim_child_id victim_date_of_birth victim_gender"
    ),
    "suspects": "suspect_id; forenames surname date_of_birth gender ethnicity",
    "crime_suspects": "crime_ref suspect_id;",
    "suspect_occurrences": "occurrence_id suspect_id created_on; closed_on",
    "suspect_risk_levels": "occurrence_id set_on level;",
}
REQUIRED = {name: text.split(";")[0].split() for name, text in _CONTRACT.items()}
OPTIONAL = {name: text.split(";")[1].split() for name, text in _CONTRACT.items()}


class Dice(random.Random):
    """A seeded source of days, moments and cells."""

    def chance(self, of_one: float) -> bool:
        return self.random() < of_one

    def maybe(self, text: str, of_one: float = 0.7) -> str:
        """The cell, or at times an empty one."""
        return text if self.chance(of_one) else ""

    def day(self, first: date = FIRST, last: date = LAST) -> date:
        """A day in the window, half of the time within a day or two of an edge."""
        if self.chance(0.5):
            near = self.choice(EDGES) + timedelta(self.choice([-2, -1, 0, 0, 0, 1, 2]))
            if first <= near <= last:
                return near
        return first + timedelta(self.randint(0, max(0, (last - first).days)))

    def later(self, start: date, mean_days: int = 150) -> date:
        """A day not before `start`; often that day itself, the next or an edge."""
        kind = self.random()
        if kind < 0.2:
            return start + timedelta(self.choice([0, 0, 1, 2, 3]))
        if kind < 0.5:
            return self.day(start, max(start, LAST))
        return start + timedelta(int(self.expovariate(1 / mean_days)))

    def written(self, on: date) -> str:
        """A date as either kind of system exports it."""
        return on.strftime("%d/%m/%Y") if self.chance(0.15) else on.isoformat()

    def moment(self, on: date) -> datetime:
        """A moment of a London day, often near midnight or a change of the clocks."""
        hour = self.choice([0, 0, 1, 9, 12, 15, 23, 23])
        # 01:30 is left out of the spring change, where there is no such time.
        hour = 3 if hour == 1 and on in (date(2015, 3, 29), date(2016, 3, 27)) else hour
        return datetime.combine(on, time(hour, self.choice([0, 15, 30, 59])), tzinfo=LONDON)

    def hours_after(self, at: datetime, hours: int) -> datetime:
        """So many real hours later, on London's clock."""
        return (at.astimezone(UTC) + timedelta(hours=hours)).astimezone(LONDON)

    def stamped(self, at: datetime) -> str:
        """A timestamp without an offset, with London's, or in universal time."""
        kind = self.choice(["bare", "london", "utc", "zulu"])
        if kind == "bare":
            return at.astimezone(LONDON).replace(tzinfo=None).isoformat()
        if kind == "london":
            return at.isoformat()
        text = at.astimezone(UTC).isoformat()
        return text.replace("+00:00", "Z") if kind == "zulu" else text


def write(tables: Tables, folder: Path, dice: Dice) -> None:
    """The tables as CSV files, each with a header, line ends and column order of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write_file(folder / f"{name}.csv", rows, header(name, rows), dice)


def header(name: str, rows: Sequence[Row]) -> list[str]:
    """The columns that any of the rows has; of an empty file, all."""
    return [
        c for c in [*REQUIRED[name], *OPTIONAL[name]] if any(c in row for row in rows) or not rows
    ]


def write_file(path: Path, rows: Sequence[Row], columns: list[str], dice: Dice) -> None:
    """One file; at times with a byte-order mark, Windows line ends, or every cell quoted."""
    columns = dice.sample(columns, len(columns)) if dice.chance(0.5) else columns
    encoding = "utf-8-sig" if dice.chance(0.3) else "utf-8"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(
            file,
            columns,
            restval="",
            lineterminator=dice.choice(["\n", "\r\n"]),
            quoting=dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        )
        writer.writeheader()
        writer.writerows(rows)
