"""Reading a CSV stream record by record, each with the line on which it starts; nothing stops it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

LONGEST_LINE = 1_000_000


@dataclass(frozen=True)
class Record:
    """One record: its cells, or what is wrong with it."""

    line: int
    cells: list[str]
    problem: str = ""


class Damaged(Exception):
    """The rest of the file cannot be read; `line` is the last that could."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem


def records(stream: IO[str]) -> Iterator[Record]:
    """Give each record that is not a blank line; one with broken quoting carries its problem.

    Raises Damaged where a line is longer than any record can be.
    """
    reader = csv.reader(_lines(stream), strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(start, [], f"cannot be read as CSV: {error}")
            continue
        if cells:
            yield Record(start, cells)


def _lines(stream: IO[str]) -> Iterator[str]:
    """Give the lines, none longer than a bound: a file without line ends must not fill the memory."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise Damaged(number, f"a line is longer than {LONGEST_LINE} characters")
        yield line
