"""How a caseload is narrowed and sorted, and how that is written in an address."""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from urllib.parse import urlencode

from hub.days.rules import counted

SIZES = (25, 50, 100)
USUAL_SIZE = 50

ANY = ""
AT_RISK = "AT_RISK"
NOT_SET = "NOT_SET"
# The gravest first: the order in which the column of levels is sorted.
GRAVITY = ("HIGH", "MEDIUM", "LOW", "NO_RISK", "")
LEVELS_AT_RISK = GRAVITY[:3]
LEVELS = {
    AT_RISK: "High, Medium or Low",
    "HIGH": "High",
    "MEDIUM": "Medium",
    "LOW": "Low",
    "NO_RISK": "No CSE risk",
    NOT_SET: "Not set",
}

OVERDUE, DUE_SOON, NO_REVIEW = "overdue", "soon", "none"
REVIEWS = {OVERDUE: "Overdue", DUE_SOON: "Due within 7 days", NO_REVIEW: "None planned"}

WITH_SERVICE, WITHOUT_SERVICE = "with", "without"
SERVICES = {WITH_SERVICE: "With a service", WITHOUT_SERVICE: "Without a service"}

# Turning 18: within the partnership's weeks, or turned already; and those who need a plan and have none.
NEAR_18, NO_PLAN = "near18", "noplan"
AGES = {NEAR_18: "18, or within {near}", NO_PLAN: "17 or older, no transition plan"}


def ages_in_words(weeks_before: int) -> dict[str, str]:
    """Give the codes of ages with their words; `weeks_before` the 18th birthday a child is near it."""
    return {code: words.format(near=counted(weeks_before, "week")) for code, words in AGES.items()}


MINE, NOBODY = "mine", "nobody"

# Column's code: its heading. A dash before the code turns the order round.
SORTS = {
    "reference": "Reference",
    "name": "Name",
    "age": "Age",
    "level": "Level",
    "since": "Since",
    "referred": "Referred",
    "review": "Review due",
    "worker": "Lead worker",
}
USUAL_SORT = "review"


@dataclass(frozen=True)
class Filters:
    """What a caseload is narrowed to. Each is empty (None) where anything goes.

    `age`, `level`, `review` and `service` are codes of the lists above; `worker` is MINE, NOBODY or a
    `worker_code`; `since` the earliest day of referral; `set_before` the day before which the level in force
    was set; `reference` a part of the episode's or the child's reference.
    """

    age: str = ANY
    level: str = ANY
    worker: str = ANY
    review: str = ANY
    service: str = ANY
    set_before: date | None = None
    since: date | None = None
    reference: str = ""


@dataclass(frozen=True)
class View:
    """A caseload as somebody looks at it: the filters, the order, how many rows a page."""

    filters: Filters = Filters()
    sort: str = USUAL_SORT
    size: int = USUAL_SIZE

    @property
    def column(self) -> str:
        """The code of the column it is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def downward(self) -> bool:
        """Say whether the order is turned round."""
        return self.sort.startswith("-")

    @property
    def query(self) -> str:
        """Write it as an address does, without what is usual; never with a name (screens' privacy)."""
        chosen = self.filters
        parts = {
            "reference": chosen.reference,
            "age": chosen.age,
            "level": chosen.level,
            "set_before": chosen.set_before.isoformat() if chosen.set_before else "",
            "since": chosen.since.isoformat() if chosen.since else "",
            "review": chosen.review,
            "worker": chosen.worker,
            "service": chosen.service,
            "sort": "" if self.sort == USUAL_SORT else self.sort,
            "size": "" if self.size == USUAL_SIZE else str(self.size),
        }
        return urlencode({name: value for name, value in parts.items() if value})

    def sorted_by(self, column: str) -> "View":
        """Give the view that a heading leads to: sorted by it, or turned round where it is already."""
        here = column == self.column and not self.downward
        return replace(self, sort=f"-{column}" if here else column)

    def without(self, name: str) -> "View":
        """Give the view with one filter dropped."""
        return replace(self, filters=replace(self.filters, **{name: getattr(Filters(), name)}))

    def of_size(self, size: int) -> "View":
        """Give the view with another number of rows a page."""
        return replace(self, size=size)

    def cleared(self) -> "View":
        """Give the view with every filter dropped."""
        return replace(self, filters=Filters())


def born_by(day: date, age: int) -> date:
    """Give the last day of birth of those who are of an age, or older, on a day."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February: who was born on 1 March has the birthday tomorrow
        return date(day.year - age, 2, 28)


def worker_code(name: str) -> str:
    """Give the code that stands for a lead worker in an address, where no name may be."""
    return sha256(name.encode()).hexdigest()[:10]


# Filters that nobody need save first: what a worker asks for most, in one click.
READY = (
    ("Mine, high and overdue", View(Filters(level="HIGH", worker=MINE, review=OVERDUE))),
    ("Turning 18", View(Filters(age=NEAR_18), "-age")),
)
