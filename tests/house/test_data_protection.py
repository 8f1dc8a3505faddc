"""docs/data-protection.md describes every field that the hub stores, and none that it does not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import models

from hub.facts.models import Fact, Spell
from tests.house.trees import ROOMS, ROOT

PAGE = (ROOT / "docs/data-protection.md").read_text()
KINDS = {"personal", "special", "offence", "none"}
# Django's own tables that we fill.
BESIDES = {"Session"}
SECTION = re.compile(r"^### `(\w+)`\n(.+)\n\n((?:\|.*\n)+)", re.MULTILINE)
ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
LINE = re.compile(r"Source: (.+)\. Basis: (.+)\. Retention: `(\w+)`\.")
Tables = dict[str, set[str]]


@dataclass(frozen=True)
class Described:
    """One table as the page describes it; a field's words are what it is, its kind and whose."""

    line: str
    fields: dict[str, tuple[str, str, str]]


def described(page: str) -> dict[str, Described]:
    return {
        name: Described(line, {field: (what, kind, whose) for field, what, kind, whose in ROW.findall(rows)})
        for name, line, rows in SECTION.findall(page)
    }  # fmt: skip


def stored() -> Tables:
    """Every table with its fields; those that all facts share stand under Fact and Spell."""
    tables = {base.__name__: {f.name for f in base._meta.local_fields} for base in (Fact, Spell)}
    tables["Spell"] -= tables["Fact"]
    for model in apps.get_models():
        if model._meta.app_label in ROOMS or model.__name__ in BESIDES:
            tables[model.__name__] = set(own_fields(model))
    return tables


def own_fields(model: type[models.Model]) -> Iterator[str]:
    shared = {
        field.name
        for base in (Fact, Spell)
        if issubclass(model, base)
        for field in base._meta.local_fields
    }
    for field in model._meta.local_fields:
        if field.name not in shared and not isinstance(field, models.AutoField):
            yield field.name


def codes(page: str, heading: str) -> set[str]:
    part = page.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE))


def faults(page: str, tables: Tables) -> Iterator[str]:
    """What the page leaves out, what it invents, and what it says in words that it does not explain."""
    found = described(page)
    yield from (f"{name} is not described" for name in sorted(set(tables) - set(found)))
    yield from (f"{name} is not stored" for name in sorted(set(found) - set(tables)))
    for name in sorted(set(found) & set(tables)):
        fields = set(found[name].fields)
        yield from (f"{name}.{f} is not described" for f in sorted(tables[name] - fields))
        yield from (f"{name}.{f} is not stored" for f in sorted(fields - tables[name]))
        yield from (f"{name}: {fault}" for fault in _unexplained(page, found[name]))


def _unexplained(page: str, table: Described) -> Iterator[str]:
    line = LINE.fullmatch(table.line)
    if line is None:
        yield "source, basis or retention is not said"
        return
    bases = set(re.findall(r"`(\w+)`", line[2]))
    if not bases or not bases <= codes(page, "Bases"):
        yield f"basis {line[2]} is not explained"
    if line[3] not in codes(page, "Retention"):
        yield f"retention {line[3]} is not explained"
    for field, (_what, kind, whose) in table.fields.items():
        if kind not in KINDS:
            yield f"{field} is of the unknown kind {kind}"
        elif (kind == "none") != (whose == "-"):
            yield f"{field}: whose it is goes with its kind"
    if bases == {"none"} and {kind for _, kind, _ in table.fields.values()} != {"none"}:
        yield "holds what needs a basis"


def test_every_field_is_described_and_every_description_is_of_a_field() -> None:
    assert list(faults(PAGE, stored())) == []


def test_the_tables_of_cases_are_among_those_looked_at() -> None:
    tables = stored()
    assert {"surname", "nhs_number"} <= tables["ChildDetails"]
    assert "recorded_by" in tables["Fact"]
    assert "recorded_by" not in tables["ChildDetails"]
    assert tables["Spell"] == {"to_known_from"}


def test_a_new_table_and_a_new_field_are_found() -> None:
    tables = stored()
    tables["Child"].add("school")
    assert list(faults(PAGE, {**tables, "Diary": {"text"}})) == [
        "Diary is not described",
        "Child.school is not described",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("| `surname` | surname | personal | child |", "| `gone` | x | personal | child |", "gone is not"),
        ("### `Alias`", "### `Nickname`", "Nickname is not stored"),
        ("| `upn` | unique pupil number | personal |", "| `upn` | pupil | private |", "unknown kind private"),
        ("NHS number | personal | child |", "NHS number | none | child |", "whose it is"),
        ("Retention: `police`.", "Retention: `ever`.", "retention ever is not explained"),
        ("Basis: `police`.", "Basis: `habit`.", "basis `habit` is not explained"),
        ("Source: current values of its facts. ", "", "is not said"),
        ("or the daily meeting. Basis: `care`", "or the daily meeting. Basis: `none`", "needs a basis"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(old: str, new: str, said: str) -> None:
    assert old in PAGE
    found = list(faults(PAGE.replace(old, new), stored()))
    assert any(said in fault for fault in found), found


def test_each_period_is_marked_as_a_default_that_can_be_changed() -> None:
    assert "**Each figure is a default, not a rule**" in PAGE
    assert re.search(r"^\| code \| default \| where the default comes from \|$", PAGE, re.MULTILINE)
