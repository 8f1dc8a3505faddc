"""One row of any model, with the rows it leans on: for tests that walk all the tables there are."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models.fields import NOT_PROVIDED

from hub.accounts.actions import operator
from hub.facts.models import Fact
from partners.partnerships.models import Partnership
from tests.house.trees import ROOMS

DAY = date(2016, 3, 29)
MOMENT = datetime(2016, 3, 29, 12, tzinfo=UTC)
PLAIN: "dict[type[models.Field[Any, Any]], Any]" = {
    models.DateTimeField: MOMENT,
    models.DateField: DAY,
    models.BooleanField: False,
    models.JSONField: {},
    models.TextField: "words",
    models.PositiveSmallIntegerField: 1,
    models.PositiveBigIntegerField: 1,
    models.BigIntegerField: 1,
}

# What a table's constraints ask for beyond its own defaults.
BESIDES: dict[str, dict[str, Any]] = {
    "CheckReminder": {"due_at": lambda: MOMENT + timedelta(seconds=int(_next()))},
    "Information": {"note": lambda: int(_next())},
    "Measure": {"matter": "step", "state": "to_early_help"},
    "CheckAnswer": {"knows": "nothing"},
    "Change": {"transaction": 1, "rows": 1, "keys": "{[1,2)}", "content_digest": b""},
    "Disagreement": {"number": lambda: int(_next())},
    "EmergencyAccess": {"hours": 1, "outcome": "nothing", "grant": None},
    "ExtractUpload": {"stored_as": "a-file"},
    "GroupGrant": {"by_referral": True},
    "IntelligenceLog": {"evaluation": "1", "assessment": "A", "handling": "P"},
    "MachineToken": {"digest": lambda: f"{_next()}"},
    "AgencyView": {"opinion": "agree"},
    "MeetingDecision": {"effect": "none", "level": None, "proposal": None},
    "MeetingItem": {"proposal": None},
    "MeetingSeries": {"every": "week", "takes": "levels", "weekdays": [0], "starts_at": time(9)},
    "MeetingTask": {
        "done_at": datetime(2026, 3, 9, tzinfo=UTC),
        "done_by": operator,
        "came_of_it": "Done.",
    },
    "Note": {"text": "Seen at school."},
    "PersonGrant": {"by_referral": True},
    "PlaceForward": {"discussed_on": DAY, "came_of_it": "Passed on."},
    "Referral": {"number": lambda: int(_next())},
    "Proposal": {"kind": "fall", "to_level": "LOW"},
    "ToolVersion": {"version": lambda: _next()},
    "Sight": {"audience": 1},
    "Restriction": {"kind": "conflict", "person": operator},
}


# Rows that are there already, each by its model.
Leaning = Mapping[type[models.Model], models.Model]


def own_models() -> list[type[models.Model]]:
    """Every table of the five rooms, without the joins that Django makes by itself."""
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def fact_models() -> list[type[Fact]]:
    return [model for model in own_models() if issubclass(model, Fact)]


def any_row(
    model: type[models.Model], partnership: Partnership, leaning_on: Leaning | None = None
) -> Any:
    """A row of that model in that partnership, filled in wherever it must be.

    `leaning_on`: rows that are there already, by their model; it leans on these, and on new ones else.
    """
    if model is Partnership:
        return partnership
    leaning_on = leaning_on or {}
    values = {
        field.name: _value(field, partnership, leaning_on)
        for field in model._meta.concrete_fields
        if not field.null and _is_ours_to_fill(field)
    }
    values |= {
        field.name: leaning_on[target]
        for field in model._meta.concrete_fields
        if field.null and (target := field.related_model) is not None and target in leaning_on
    }
    besides = BESIDES.get(model.__name__, {})
    values |= {name: value() if callable(value) else value for name, value in besides.items()}
    if issubclass(model, Fact):
        values["recorded_by"] = operator()
    return model._default_manager.create(**values)


def _is_ours_to_fill(field: "models.Field[Any, Any]") -> bool:
    """A key that counts by itself is not; one that is another table's row is."""
    counts_itself = field.primary_key and not field.is_relation
    return not counts_itself and not _has_default(field)


def _has_default(field: "models.Field[Any, Any]") -> bool:
    return field.has_default() or field.db_default is not NOT_PROVIDED


def _value(field: "models.Field[Any, Any]", partnership: Partnership, leaning_on: Leaning) -> Any:
    if isinstance(field, models.ForeignKey):
        target = field.related_model
        if target in leaning_on:
            return leaning_on[target]
        if target is Permission:
            return Permission.objects.get(codename="view_child")
        the_same = target is type(operator()) and not field.unique
        return operator() if the_same else any_row(target, partnership, leaning_on)
    if isinstance(field, models.CharField):
        choices = list(field.choices or [])
        return choices[0][0] if choices else f"{field.name}-{_next()}"[: field.max_length]
    if isinstance(field, models.UUIDField):
        return uuid4()
    if type(field) in PLAIN:
        return PLAIN[type(field)]
    return []


_numbers = iter(range(1, 1_000_000))


def _next() -> str:
    return f"{next(_numbers):06}"
