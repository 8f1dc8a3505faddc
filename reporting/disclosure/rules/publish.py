"""From a full report to one that may leave the hub."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from .audit import State
from .categories import coarsened
from .cells import HIDDEN, Place, System
from .derived import with_derived
from .nearness import refuse_near
from .register import Release, system_of
from .suppress import suppressed
from .tables import book_of


def publish(
    full: Mapping[str, Any], *, geography: Mapping[str, str], register: Sequence[Release] = ()
) -> dict[str, Any]:
    """The published form of a full Appendix 1 report (definitions, "Disclosure control").

    `geography` gives each ward's constituency, both by name; `register` holds what was released
    before. Raises PublishingRefused where headline figures give a small count away, and where a
    release of nearly the same day is out.
    """
    refuse_near(full["parameters"], register)
    coarse = coarsened(full, geography=geography)
    book = book_of(coarse, geography=geography, full=full)
    system = system_of(book, register, geography)
    return with_derived(_printed(coarse, system, suppressed(system)))


def _printed(coarse: Mapping[str, Any], system: System, state: State) -> dict[str, Any]:
    """The report with "c" for what is hidden and null for what is left out."""
    published = copy.deepcopy(dict(coarse))
    for place in system.places:
        if place.table in state.left_out:
            _set(published, _left_out_at(place), None)
        elif place.key in state.hidden:
            _set(published, place.path, HIDDEN)
    published["left_out"] = [
        f"{table} is left out: hiding small counts in it was not enough."
        for table in sorted(state.left_out)
    ]
    return published


def _left_out_at(place: Place) -> tuple[str | int, ...]:
    """Where null stands for a table left out: the four moves lie beside their matrix."""
    return place.path if place.table == "movement" else tuple(place.table.split("."))


def _set(report: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    *above, last = path
    node: Any = report
    for step in above:
        node = node[step]
    node[last] = value
