"""What an import has to tell: faults, counts, and the whole of it."""

from dataclasses import dataclass, field
from datetime import datetime

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Fault:
    """Something wrong, or odd, in one place of the extract. `line` is where the record starts."""

    file: str
    line: int
    column: str
    problem: str
    value: str = ""

    def __str__(self) -> str:
        shown = f" ({shown_value(self.value)})" if self.value.strip() else ""
        return f"{self.file}:{self.line}: {self.column}: {self.problem}{shown}"


def shown_value(value: str) -> str:
    """Show a cell on one line: control characters escaped, long ones cut."""
    plain = "".join(c if c.isprintable() else repr(c)[1:-1] for c in value[:LONGEST_SHOWN])
    return plain + ("..." if len(value) > LONGEST_SHOWN else "")


def formula_safe(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


@dataclass
class FileCounts:
    """One file's line of the reconciliation: read = new + changed + unchanged + held back + refused.

    `withdrawn` counts facts that the extract no longer has; `held_back` rows that say otherwise than the hub.
    """

    file: str
    read: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    refused: int = 0
    held_back: int = 0
    warnings: int = 0
    sha256: str = ""

    @property
    def changes(self) -> int:
        """How much of it changes what is known."""
        return self.new + self.changed + self.withdrawn


Headline = dict[str, int]
"""A count's name to the count, in the order in which people read them."""


@dataclass
class ImportResult:
    """What an import did. `published_at` is None where it changed nothing."""

    partnership: str
    published_at: datetime | None = None
    first: bool = False
    files: list[FileCounts] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    before: Headline = field(default_factory=dict)
    after: Headline = field(default_factory=dict)
    new_conflicts: int = 0

    @property
    def changes(self) -> int:
        """How much changed in all."""
        return sum(file.changes for file in self.files)


class Listener:
    """Is told how an import goes; this one keeps it to itself."""

    def step(self, name: str, size: int = 0) -> None:
        """Hear that a step begins, with so many bytes to read where it reads."""

    def read(self, size: int) -> None:
        """Hear that so many bytes more were read."""

    def note(self, text: str) -> None:
        """Hear something worth knowing that is no fault."""

    def fault(self, fault: Fault) -> None:
        """Hear of a fault."""

    def warning(self, fault: Fault) -> None:
        """Hear of something odd that is imported all the same."""
