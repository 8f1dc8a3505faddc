"""The extract's files and columns, as the extract contract fixes them.

Staging, checking, comparing and writing all read this one declaration.
"""

from dataclasses import dataclass
from enum import StrEnum

from hub.codes.rules import code_list


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    CODE = "code"
    TYPES = "types"
    WARD = "ward"
    NHS_NUMBER = "nhs_number"
    UPN = "upn"


@dataclass(frozen=True)
class Column:
    """A column: what its cells hold, whether the file needs it, and what an empty cell stands for.

    `longest`: characters of a text at most. `refers`: the file whose id it names. `may_be_empty`: a
    column that the file needs, but not each row. `empty`: what is stored for an empty cell.
    """

    name: str
    kind: Kind = Kind.TEXT
    needed: bool = False
    may_be_empty: bool = False
    longest: int = 0
    codes: tuple[str, ...] = ()
    refers: str = ""
    empty: str | bool | None = None

    @property
    def every_row_needs_it(self) -> bool:
        """Whether an empty cell is a fault."""
        return self.needed and not self.may_be_empty


@dataclass(frozen=True)
class File:
    """A file of the extract. `own_id`: the column that must be unique in it.

    `equals`: the columns that make rows equals, whose order in the file tells them apart.
    `in_order`: pairs of columns of which the second may not lie before the first; `odd_order`: likewise,
    but real extracts have it, so it is a warning.
    """

    name: str
    columns: tuple[Column, ...]
    required: bool = False
    own_id: str = ""
    equals: tuple[str, ...] = ()
    in_order: tuple[tuple[str, str], ...] = ()
    odd_order: tuple[tuple[str, str], ...] = ()

    @property
    def csv(self) -> str:
        """Its name in the folder."""
        return f"{self.name}.csv"

    def column(self, name: str) -> Column:
        """Give a column by its name; KeyError where the file has none of it."""
        return {column.name: column for column in self.columns}[name]

    @property
    def references(self) -> tuple[Column, ...]:
        """The columns that name a row of another file."""
        return tuple(column for column in self.columns if column.refers)


ID, NAME = 60, 120


def _id(name: str, refers: str = "") -> Column:
    return Column(name, needed=True, longest=ID, refers=refers, empty="")


def _text(name: str, longest: int, *, needed: bool = False) -> Column:
    return Column(name, needed=needed, longest=longest, empty="")


def _day(name: str, *, needed: bool = False) -> Column:
    return Column(name, Kind.DATE, needed=needed)


def _moment(name: str, *, needed: bool = False) -> Column:
    return Column(name, Kind.MOMENT, needed=needed)


def _flag(name: str, *, needed: bool = False, empty: bool | None = None) -> Column:
    return Column(name, Kind.FLAG, needed=needed, empty=empty)


def _code(name: str, *codes: str, needed: bool = False, empty: str = "") -> Column:
    return Column(name, Kind.CODE, needed=needed, codes=codes, empty=empty)


def _listed(*lists: str) -> tuple[str, ...]:
    return tuple(code for name in lists for code in code_list(name))


GENDER = ("F", "M", "U")
CHILD = _id("child_id", "children")
EPISODE = _id("episode_id", "episodes")
CRIME = _id("crime_ref", "crimes")
SUSPECT = _id("suspect_id", "suspects")
OCCURRENCE = _id("occurrence_id", "suspect_occurrences")

FILES: tuple[File, ...] = (
    File(
        "children",
        (
            _id("child_id"),
            _text("forenames", NAME, needed=True),
            _text("surname", NAME, needed=True),
            _day("date_of_birth", needed=True),
            Column("gender", Kind.CODE, needed=True, may_be_empty=True, codes=GENDER, empty="U"),
            _code("ethnicity", *_listed("ethnicity")),
            Column("nhs_number", Kind.NHS_NUMBER, empty=""),
            Column("upn", Kind.UPN, empty=""),
            _flag("learning_disability"),
        ),
        required=True,
        own_id="child_id",
    ),
    File(
        "aliases",
        (
            CHILD,
            _text("name", NAME, needed=True),
            _code("kind", "known_as", "previous", "online"),
        ),
        equals=("child_id",),
    ),
    File(
        "addresses",
        (
            CHILD,
            _day("from_date", needed=True),
            _day("to_date"),
            _text("line", 200),
            _text("postcode", 10),
            Column("ward", Kind.WARD, empty=""),
            _flag("out_of_area", empty=False),
            _flag("confidential", empty=False),
        ),
        equals=("child_id", "from_date"),
        in_order=(("from_date", "to_date"),),
    ),
    File(
        "statuses",
        (
            CHILD,
            _code("status", "CIN", "CP", "LAC", needed=True),
            _day("from_date", needed=True),
            _day("to_date"),
        ),
        equals=("child_id", "status", "from_date"),
        in_order=(("from_date", "to_date"),),
    ),
    File(
        "episodes",
        (
            _id("episode_id"),
            CHILD,
            _day("referred_on", needed=True),
            _code("referral_source", *_listed("referral_sources")),
            _text("referring_agency", NAME),
            Column("exploitation_types", Kind.TYPES),
            _day("closed_on"),
            _code("closure_reason", *_listed("closure_reasons")),
        ),
        required=True,
        own_id="episode_id",
        in_order=(("referred_on", "closed_on"),),
    ),
    File(
        "risk_levels",
        (
            EPISODE,
            _day("set_on", needed=True),
            _code("level", "HIGH", "MEDIUM", "LOW", "NO_RISK", needed=True),
            _moment("recorded_at"),
            _text("rationale", 0),
        ),
        equals=("episode_id", "set_on"),
    ),
    File(
        "missing_episodes",
        (
            _id("missing_id"),
            CHILD,
            _moment("missing_from", needed=True),
            _moment("found_at"),
            _text("category", 60),
            _day("return_interview_on"),
            _flag("return_interview_accepted"),
        ),
        own_id="missing_id",
        in_order=(("missing_from", "found_at"),),
    ),
    File(
        "allocations",
        (
            EPISODE,
            _text("worker", ID, needed=True),
            _text("worker_name", NAME),
            _text("agency", NAME),
            _day("from_date", needed=True),
            _day("to_date"),
            _flag("lead", empty=False),
        ),
        equals=("episode_id", "worker", "from_date"),
        in_order=(("from_date", "to_date"),),
    ),
    File(
        "reviews",
        (EPISODE, _day("due_on", needed=True), _day("done_on")),
        equals=("episode_id", "due_on"),
    ),
    File(
        "service_referrals",
        (
            EPISODE,
            _text("service", 80, needed=True),
            _day("referred_on", needed=True),
            _code("outcome", "ACCEPTED", "DECLINED", "WAITING", "ENDED"),
            _day("started_on"),
            _day("ended_on"),
        ),
        equals=("episode_id", "service", "referred_on"),
        in_order=(("referred_on", "ended_on"),),
        odd_order=(("referred_on", "started_on"), ("started_on", "ended_on")),
    ),
    File(
        "crimes",
        (
            _id("crime_ref"),
            _text("offence_code", 20, needed=True),
            _day("offence_date", needed=True),
            _day("recorded_on"),
            _flag("cse_tag", needed=True),
            _code("outcome", *_listed("crime_outcomes"), empty="NEW"),
            _day("outcome_on"),
            _text("victim_ref", ID),
            Column("victim_child_id", longest=ID, refers="children"),
            _day("victim_date_of_birth"),
            _code("victim_gender", *GENDER),
        ),
        own_id="crime_ref",
        odd_order=(
            ("victim_date_of_birth", "offence_date"),
            ("offence_date", "recorded_on"),
            ("offence_date", "outcome_on"),
        ),
    ),
    File(
        "suspects",
        (
            _id("suspect_id"),
            _text("forenames", NAME),
            _text("surname", NAME),
            _day("date_of_birth"),
            _code("gender", *GENDER, empty="U"),
            _code("ethnicity", *_listed("ethnicity", "ethnicity_16plus1")),
        ),
        own_id="suspect_id",
    ),
    File("crime_suspects", (CRIME, SUSPECT), equals=("crime_ref", "suspect_id")),
    File(
        "suspect_occurrences",
        (
            _id("occurrence_id"),
            SUSPECT,
            _day("created_on", needed=True),
            _day("closed_on"),
        ),
        own_id="occurrence_id",
        in_order=(("created_on", "closed_on"),),
    ),
    File(
        "suspect_risk_levels",
        (
            OCCURRENCE,
            _day("set_on", needed=True),
            _code("level", "HIGH", "MEDIUM", "LOW", "UNSUBSTANTIATED", needed=True),
        ),
        equals=("occurrence_id", "set_on"),
    ),
)
"""In an order in which a file refers to earlier ones alone."""

FILE: dict[str, File] = {file.name: file for file in FILES}
