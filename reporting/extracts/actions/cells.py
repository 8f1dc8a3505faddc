"""The SQL of a cell: whether its text is what the column holds, what is wrong with it, and its value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reporting.extracts.rules.layout import Column, Kind

ISO_DAY = (
    "CASE WHEN substr({c}, 3, 1) = '/'"
    " THEN substr({c}, 7, 4) || '-' || substr({c}, 4, 2) || '-' || substr({c}, 1, 2) ELSE {c} END"
)
DAY_SHAPE = "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}/[0-9]{2}/[0-9]{4})$"
MOMENT_SHAPE = (
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
    "(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?$"
)
# London's clock shows one hour of autumn twice: without an offset the first is meant, as in Python.
LONDON = "(({c})::timestamp AT TIME ZONE 'Europe/London')"
EARLIER = f"({LONDON} - interval '1 hour')"
MOMENT = (
    "CASE WHEN substr({c}, 12) ~ '[Z+-]' THEN ({c})::timestamptz"
    f" WHEN {EARLIER} AT TIME ZONE 'Europe/London' = ({{c}})::timestamp THEN {EARLIER}"
    f" ELSE {LONDON} END"
)


@dataclass(frozen=True)
class Shape:
    """What a kind of cell looks like, the words for one that does not, and what else must hold."""

    pattern: str
    problem: str
    valid: str = "true"


SHAPES: dict[Kind, Shape] = {
    Kind.DATE: Shape(
        DAY_SHAPE,
        "is not a date (YYYY-MM-DD or DD/MM/YYYY)",
        f"pg_input_is_valid({ISO_DAY}, 'date')",
    ),
    Kind.MOMENT: Shape(
        MOMENT_SHAPE,
        "is not a timestamp (YYYY-MM-DDTHH:MM, with or without an offset)",
        "pg_input_is_valid({c}, 'timestamptz')",
    ),
    Kind.FLAG: Shape("^[YN]$", "is neither Y nor N"),
    Kind.TYPES: Shape(
        "^[A-Z][A-Z0-9_]{0,39}(;[A-Z][A-Z0-9_]{0,39})*$", "is not a list of types such as CSE;CCE"
    ),
    Kind.WARD: Shape("^[EWSN][0-9]{8}$", "is not a ward's GSS code"),
    Kind.NHS_NUMBER: Shape("^[0-9]{3} ?[0-9]{3} ?[0-9]{4}$", "is not an NHS number of ten digits"),
    Kind.UPN: Shape(
        "^[A-Z][0-9]{11}[0-9A-Z]$", "is not a UPN (a letter, eleven digits, a digit or letter)"
    ),
}


@dataclass(frozen=True)
class Check:
    """What each cell of a column must meet: `holds` in SQL, and the words for one that does not."""

    column: str
    problem: str
    holds: str
    asked: Any = None

    @property
    def params(self) -> dict[str, Any]:
        """What its SQL takes."""
        return {f"asked_{self.column}": self.asked} if self.asked is not None else {}

    @property
    def as_row(self) -> str:
        """Column, problem, the cell and whether it holds, as a row in SQL."""
        problem = self.problem.replace("'", "''")
        return f"('{self.column}', '{problem}', {self.column}, {self.holds})"

    @property
    def as_kept(self) -> str:
        """Keep the cell where it holds, else blank it."""
        return f"{self.column} = CASE WHEN {self.holds} THEN {self.column} END"


def checks_of(column: Column) -> Iterator[Check]:
    """Give what a column's cells must meet; nothing where any text will do."""
    c, asked = column.name, f"%(asked_{column.name})s"
    if column.every_row_needs_it:
        yield Check(c, "is empty", f"coalesce(btrim({c}), '') <> ''")
    if column.kind in SHAPES:
        shape = SHAPES[column.kind]
        holds = f"{c} IS NULL OR ({c} ~ {asked} AND {shape.valid.format(c=c)})"
        yield Check(c, shape.problem, holds, shape.pattern)
    elif column.kind is Kind.CODE:
        few = len(column.codes) <= 5
        problem = f"is none of {', '.join(column.codes)}" if few else "is not in the code list"
        yield Check(c, problem, f"{c} IS NULL OR {c} = ANY({asked})", list(column.codes))
    elif column.longest:
        problem = f"is longer than {column.longest} characters"
        yield Check(c, problem, f"{c} IS NULL OR length({c}) <= {asked}", column.longest)


VALUES: dict[Kind, str] = {
    Kind.DATE: f"({ISO_DAY})::date",
    Kind.MOMENT: MOMENT,
    Kind.FLAG: "({c} = 'Y')",
    Kind.TYPES: "coalesce(string_to_array({c}, ';'), '{{}}')::varchar[]",
    Kind.NHS_NUMBER: "replace({c}, ' ', '')",
}


def value_of(column: Column) -> str:
    """Give a cell's value, once it has passed its check; an empty one's is what the layout says."""
    value = VALUES.get(column.kind, "{c}").format(c=column.name)
    if column.empty is None:
        return value
    empty = str(column.empty).lower() if isinstance(column.empty, bool) else f"'{column.empty}'"
    return f"coalesce({value}, {empty})"
