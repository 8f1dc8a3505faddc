"""Rows made of what a function of the database tells as JSON, as the ORM would have read them.

Days, moments and times are read; a column of another kind that JSON has no word for is not known here yet.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.db import models

Column = tuple[str, str, Callable[[Any], Any] | None]


def row_of(model: type[models.Model], told: dict[str, Any]) -> Any:
    """Make a row of what JSON says: all its columns, what else it names, and the rows it points to.

    One that another points to may have a few columns alone: the others are read when they are asked for.
    Raises KeyError where a column is missing.
    """
    return _made(model, told, _columns(model))


def _made(model: type[models.Model], told: dict[str, Any], here: "list[Column]") -> Any:
    values = [read(told.pop(column)) if read else told.pop(column) for _name, column, read in here]
    row = model.from_db("default", [name for name, _column, _read in here], values)
    for name, value in told.items():
        setattr(row, name, _pointed_to(model, name, value) if isinstance(value, dict) else value)
    return row


def _pointed_to(model: type[models.Model], name: str, told: dict[str, Any]) -> models.Model:
    related: Any = model._meta.get_field(name).related_model
    here = [column for column in _columns(related) if column[1] in told]
    made: models.Model = _made(related, told, here)
    return made


@cache
def _columns(model: type[models.Model]) -> "list[Column]":
    """Give each column's name in Python and in its table, and what reads its JSON."""
    fields: Any = model._meta.concrete_fields
    return [(field.attname, field.column, _reader(field)) for field in fields]


def _reader(field: Any) -> Callable[[Any], Any] | None:
    """Give what reads a column's JSON, where it is not what it says."""
    for kind, read in (
        (models.DateTimeField, datetime.fromisoformat),
        (models.DateField, date.fromisoformat),
        (models.TimeField, time.fromisoformat),
    ):
        if isinstance(field, kind):
            return _unless_empty(read)
    return None


def _unless_empty(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda text: text and read(text)
