"""A figure's name in words, from its path; and which figures of two reports differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reporting.appendix1.rules.definitions import DEFINITIONS
from reporting.appendix1.rules.labels import label
from reporting.appendix1.rules.plan import SECTIONS, OneWay, TwoWay, is_derived

TABLES = {table.key: table for section in SECTIONS for table in section.tables}
SHORT = {section.key: section.short for section in SECTIONS}


def table_of(path: str) -> str:
    """Give the key of the definition under which a path stands; KeyError for no such path."""
    while path and path not in DEFINITIONS:
        path = path.rpartition(".")[0]
    if not path:
        raise KeyError(path)
    return path


def name_of(path: str, *, published: bool = False) -> str:
    """Name a figure: `Open cases: Risk level and gender, High, Female`."""
    key = table_of(path)
    rest = path.removeprefix(key).lstrip(".")
    table, section = TABLES.get(key), SHORT[key.partition(".")[0]]
    parts = [f"{section}: {DEFINITIONS[key].heading}"]
    if isinstance(table, TwoWay):
        # A ward's name may hold a point, a column never does.
        parts += [label(part, published=published) for part in rest.rsplit(".", 1)]
    elif isinstance(table, OneWay):
        parts.append(label(rest, table.codes, published=published))
    elif rest:
        parts.append(f"quarter {int(rest) + 1}")
    return ", ".join(parts)


@dataclass(frozen=True)
class Difference:
    """A figure that two reports give differently; None where one has no such category."""

    name: str
    then: int
    now: int | None


def differences(released: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """Give the shown counts of a published report that the same categories count otherwise now.

    What is hidden or left out in the published report is not compared.
    """
    return [
        Difference(name_of(path, published=True), then, _at(now, steps))
        for steps, then in _shown(released)
        if not is_derived(path := ".".join(str(step) for step in steps)) and _at(now, steps) != then
    ]


def _shown(report: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], int]]:
    for section in SECTIONS:
        yield from _counts(report.get(section.key), (section.key,))


def _counts(node: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], int]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _counts(value, (*steps, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _counts(value, (*steps, place))
    elif isinstance(node, int):
        yield steps, node


def _at(report: Any, steps: tuple[str | int, ...]) -> int | None:
    """Find a count; a category that is no longer there counts nobody, a section not asked for nothing."""
    for step in steps:
        if report is None:
            return None
        if isinstance(report, Mapping) and step not in report:
            return 0
        report = report[step]
    return report if isinstance(report, int) else None
