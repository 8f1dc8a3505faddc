"""Which cases stand behind each figure of the full report, and why each of them counts.

The figures are counted in strategic.py, tactical.py and police.py; here the same predicates name the
cases. A test holds the two together: for every path as many different cases as the figure says.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reporting.appendix1.rules.cases import Cases
from reporting.appendix1.rules.parameters import Parameters
from reporting.appendix1.rules.plan import is_derived
from reporting.appendix1.rules.tracing.behind import Behind, Id, Traced
from reporting.appendix1.rules.tracing.police import crimes, missing, suspect_management
from reporting.appendix1.rules.tracing.snapshot import movement, tactical
from reporting.appendix1.rules.tracing.year import strategic

__all__ = ["Behind", "Id", "behind", "figures", "traced"]

NOBODY: Behind[Any] = Behind({}, str)
Tracer = Callable[[Cases, Parameters], Iterator[Traced]]
SECTIONS: Mapping[str, Tracer] = {
    "strategic": strategic,
    "tactical": tactical,
    "movement": movement,
    "crimes": crimes,
    "missing": missing,
    "suspect_management": suspect_management,
}


def figures(report: Mapping[str, Any]) -> dict[str, int]:
    """Give every figure of a full report that counts cases, by its JSON path joined with points."""
    return {
        path: value
        for section in SECTIONS
        for path, value in _leaves(report[section], section)
        if isinstance(value, int) and not is_derived(path)
    }


def _leaves(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _leaves(value, f"{path}.{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _leaves(value, f"{path}.{place}")
    else:
        yield path, node


def traced(cases: Cases, asked: Parameters, section: str) -> dict[str, Behind[Any]]:
    """Give the cases behind each figure of a section; a path that nobody stands behind is absent."""
    return dict(SECTIONS[section](cases, asked))


def behind(path: str, cases: Cases, asked: Parameters) -> Behind[Any]:
    """Give the cases behind a figure, in the order of their numbers; none for a figure of zero."""
    return traced(cases, asked, path.partition(".")[0]).get(path, NOBODY)
