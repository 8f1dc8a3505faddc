"""Without any one rule of the application's wall somebody does or sees what they should not: it is noticed.

In their turn: each `require` is left out, or asks of no partnership; each `visible_to` of a door shows all;
and each condition of the filters that say who sees what is left out. The function is changed where it runs.
"""

import ast
import copy
import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from referrals.information.models import Information
from tests.cast import Cast, ClientFor
from tests.drill.asked_again import EQUIVALENT
from tests.drill.watching import Watch
from tests.house.guards import ungated_reads
from tests.house.trees import ROOT, Source
from tests.make import make_note
from tests.oracle.extracts import random_extract
from tests.walls import as_it_should_be, make_everything

ROOMS = ("hub", "partners", "referrals", "risk", "reporting")
# What runs as the database's owner or writes the invented people of the demo: nobody's doors.
ELSEWHERE = {"migrations", "management", "demo"}
STANDING = "__import__('hub.access.gate', fromlist=['gate']).standing_of"
Function = ast.FunctionDef


@dataclass(frozen=True)
class Mutant:
    """A function of a module without one of its rules."""

    path: PurePosixPath
    function: str
    gone: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.path}:{self.function}: {self.gone}"

    @property
    def module(self) -> ModuleType:
        return import_module(".".join(self.path.with_suffix("").parts).removesuffix(".__init__"))

    @cached_property
    def original(self) -> Any:
        found: Any = self.module
        for part in self.function.split("."):
            found = getattr(found, part)
        return inspect.unwrap(found)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        before = self.original.__code__
        self.original.__code__ = self._changed()
        try:
            yield
        finally:
            self.original.__code__ = before

    def _changed(self) -> Any:
        code: Any = compile(self.tree, str(self.path), "exec")
        for part in self.function.split("."):
            code = next(c for c in code.co_consts if getattr(c, "co_name", "") == part)
        return code


# --- what is taken away --------------------------------------------------------------------------------

GATES = {"require", "require_access", "_require_cases"}
SCOPES = {"visible_to", "shared_with", "hidden_from", "without_hidden", "active_for", "in_force",
          "standing_of", "_same_partnership", "standing", "held_on", "lasting"}  # fmt: skip


def functions_of(source: Source) -> Iterator[tuple[str, Function]]:
    for node in source.tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function) and not _is_property(inner):
                    yield f"{node.name}.{inner.name}", inner


def _is_property(node: Function) -> bool:
    return any("property" in ast.unparse(decorator) for decorator in node.decorator_list)


def mutants(room: str) -> Iterator[Mutant]:
    for path in sorted((ROOT / room).rglob("*.py")):
        own = PurePosixPath(path.relative_to(ROOT))
        if not ELSEWHERE & set(own.parts):
            yield from _of_file(Source(own, path.read_text("utf-8")))


def _of_file(source: Source) -> Iterator[Mutant]:
    for name, function in functions_of(source):
        for place, node in enumerate(ast.walk(function)):
            for gone, change in _changes(name.rpartition(".")[2], node):
                tree = copy.deepcopy(source.tree)
                [there] = [f for n, f in functions_of_tree(tree) if n == name][:1]
                change(list(ast.walk(there))[place])
                yield Mutant(source.path, name, gone, ast.fix_missing_locations(tree))


def functions_of_tree(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{i.name}", i) for i in node.body if isinstance(i, Function))


Change = Callable[[Any], Any]


def _changes(function: str, node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Call):
        yield from _of_call(function, node)
    if function in SCOPES:
        yield from _of_condition(node)
    if isinstance(node, ast.Return) and node.value is not None and _says_who_may(node.value):
        for answer in (True, False):
            yield f"{answer} for {ast.unparse(node.value)}", _set("value", ast.Constant(answer))


def _of_call(function: str, call: ast.Call) -> Iterator[tuple[str, Change]]:
    said = " ".join(ast.unparse(call).split())[:160]
    called = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if called in GATES and function != "require":
        yield said, _let_through
        if len(call.args) > 2:
            yield f"{said} of whichever partnership", lambda there: there.args.pop()
    if called == "visible_to" and function != "visible_to":
        yield said, _show_all
    if function in SCOPES and called in ("filter", "exclude"):
        yield from _conditions(said, call)


def _of_condition(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.If | ast.IfExp):
        for answer in (True, False):
            yield f"{answer} for {ast.unparse(node.test)}", _set("test", ast.Constant(answer))
    if isinstance(node, ast.BoolOp):
        nothing = ast.Constant(isinstance(node.op, ast.And))
        for place in range(len(node.values)):
            yield f"part {place + 1} of {ast.unparse(node)}", _put("values", place, nothing)


def _set(name: str, value: ast.AST) -> Change:
    return lambda there: setattr(there, name, value)


def _put(name: str, place: int, value: ast.AST) -> Change:
    return lambda there: getattr(there, name).__setitem__(place, value)


def _drop(name: str, place: int) -> Change:
    return lambda there: getattr(there, name).pop(place)


def _says_who_may(value: ast.expr) -> bool:
    """Say whether what is given back is an answer, yes or no, that rests on a right."""
    if isinstance(value, ast.BoolOp):
        return ".may(" in ast.unparse(value)
    return isinstance(value, ast.Call) and getattr(value.func, "attr", "") == "may"


def _conditions(said: str, call: ast.Call) -> Iterator[tuple[str, Change]]:
    for place, word in enumerate(call.keywords):
        yield f"{word.arg}={ast.unparse(word.value)} in {said}", _drop("keywords", place)
    for place, condition in enumerate(call.args):
        yield f"{ast.unparse(condition)} in {said}", _drop("args", place)


def _let_through(call: Any) -> None:
    """The gate gives the standing, and stops nobody."""
    call.func, call.args = ast.parse(STANDING, mode="eval").body, call.args[:1]


def _show_all(call: Any) -> None:
    call.func.attr, call.args = "all", []


# --- who notices ----------------------------------------------------------------------------------------


def noticed_by(watch: Watch, mutant: Mutant) -> str:
    """Say how it is noticed: by the house rule, or by what somebody does or sees; empty: not at all."""
    source = Source(mutant.path, ast.unparse(mutant.tree))
    if list(ungated_reads(source)):
        return "guard"
    with mutant.in_force(), transaction.atomic():
        try:
            with transaction.atomic():
                seen = any(look(mutant) for look in watch.who_looks(mutant))
                transaction.set_rollback(True)  # what was let through stays for nobody
                return "behaviour" if seen else ""
        except Exception:  # noqa: BLE001  # what breaks is noticed
            return "behaviour"


def said_twice(mutant: Mutant) -> bool:
    """Say whether a view asks whose a thing is that came to it through `visible_to`, as all it reads does."""
    return "views" in mutant.path.as_posix() and mutant.gone.endswith("of whichever partnership")


def told_to_ben_alone(cast: Cast) -> None:
    """New information in a note of the police's own."""
    ben, child = cast.people["ben"], cast.shared.child
    note = make_note(child=child, by=ben, kind="information", seen_by="own")
    Information.objects.create(
        partnership=cast.bradford, child=child, episode=cast.shared, kind="sighting", note=note.position,
        source="5A", recorded_at=timezone.now() - timedelta(days=4), recorded_by=ben,
    )  # fmt: skip


@pytest.mark.drill
@pytest.mark.parametrize("room", ROOMS)
def test_no_rule_of_the_application_can_be_taken_away_unnoticed(
    room: str, cast: Cast, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    logging.disable()
    # The drill takes longer than a session does.
    for name in ("SESSION_IDLE", "SESSION_LONGEST"):
        monkeypatch.setattr(settings, name, timedelta(days=2))
    monkeypatch.setattr(settings, "SESSION_COOKIE_AGE", 2 * 24 * 60 * 60)
    monkeypatch.setattr("tests.second_wall._run", lambda statement: None)  # this wall alone
    records = make_everything(cast)
    told_to_ben_alone(cast)
    random_extract(1, tmp_path)
    watch = Watch(cast, client_for, as_it_should_be(cast), records, tmp_path)
    assert watch.alarmed() == []
    told: dict[str, list[str]] = {"behaviour": [], "guard": [], "said twice": [], "": []}
    for mutant in mutants(room):
        found = noticed_by(watch, mutant) or ("said twice" if said_twice(mutant) else "")
        told[found].append(str(mutant))
        if found != "behaviour":
            print(found or "lived", str(mutant), flush=True)
    assert watch.alarmed() == [], "nor is anybody after the last one"
    logging.disable(logging.NOTSET)
    print({found: len(names) for found, names in told.items()})
    here = [name for name in EQUIVALENT if name.startswith(f"{room}/")]
    assert [name for name in told[""] if name not in EQUIVALENT] == []
    assert [name for name in here if name not in told[""]] == [], "these are noticed now"
