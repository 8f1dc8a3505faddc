"""A published report with its keys where the report has them: the register keeps no order of keys."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from reporting.appendix1.rules.cases import Cases
from reporting.appendix1.rules.parameters import Parameters
from reporting.appendix1.rules.report import full_report
from reporting.disclosure.rules.categories import coarsened


def in_order(published: Mapping[str, Any]) -> dict[str, Any]:
    """Give a published report as it left the hub, byte for byte once it is written as JSON."""
    ordered: dict[str, Any] = _like(published, _empty())
    return ordered


def _like(node: Any, model: Any) -> Any:
    """Put keys in the model's order; names of places, which it does not have, stand first and sorted."""
    if not isinstance(node, Mapping) or not isinstance(model, Mapping):
        return node
    row = next(iter(model.values()), None)  # all rows of a table have the same columns
    keys = [
        *sorted(key for key in node if key not in model),
        *(key for key in model if key in node),
    ]
    return {key: _like(node[key], model.get(key, row)) for key in keys}


@cache
def _empty() -> dict[str, Any]:
    """A published report of nobody: every key that is not the name of a place, in its order."""
    day = date(2000, 12, 31)
    asked = Parameters(date(2000, 1, 1), day, day, day, day, movement_to=day)
    return coarsened(full_report(Cases([], [], [], [], {}, [], [], []), asked), geography={})
