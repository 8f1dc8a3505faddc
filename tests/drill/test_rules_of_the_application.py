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
from functools import cached_property
from importlib import import_module
from pathlib import PurePosixPath
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from django.urls import get_resolver

from tests.access_matrix import MATRIX
from tests.cast import Cast, ClientFor
from tests.house.guards import ungated_reads
from tests.house.trees import ROOT, Source
from tests.leaks import Asking
from tests.rights import ASKED
from tests.test_access_matrix import _address, _all_methods, _answer
from tests.test_no_leak import Records, try_words
from tests.test_rights import misjudged
from tests.walls import Walls, as_it_should_be, make_everything

ROOMS = ("hub", "partners", "referrals", "risk", "reporting")
STANDING = "__import__('hub.access.gate', fromlist=['gate']).standing_of"
# Changes that change nothing, and why.
EQUIVALENT: dict[str, str] = {}
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


def mutants() -> Iterator[Mutant]:
    for folder in ROOMS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts and "management" not in path.parts:
                source = Source(PurePosixPath(path.relative_to(ROOT)), path.read_text("utf-8"))
                yield from _of_file(source)


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
    return (
        isinstance(value, ast.BoolOp | ast.Call)
        and ".may(" in ast.unparse(value)
        and "any(" not in ast.unparse(value)
    )


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


@dataclass
class Watch:
    """Those who may notice, from the quickest to the slowest."""

    cast: Cast
    client_for: ClientFor
    walls: Walls
    records: Records

    def notices(self, mutant: Mutant) -> str:
        source = Source(mutant.path, ast.unparse(mutant.tree))
        if list(ungated_reads(source)):
            return "guard"
        with mutant.in_force(), transaction.atomic():
            try:
                with transaction.atomic():
                    return (
                        "behaviour" if any(see(mutant) for see in self._who_looks(mutant)) else ""
                    )
            except Exception:  # noqa: BLE001  # what breaks is noticed
                return "behaviour"

    def _who_looks(self, mutant: Mutant) -> list[Callable[[Mutant], bool]]:
        if mutant.path.stem in ("models", "gate"):
            return [self._rows, self._rights]
        if "actions" in mutant.path.parts or mutant.path.stem == "actions":
            return [self._rights]
        return [self._answers, self._words]

    def _rights(self, mutant: Mutant) -> bool:
        """Whoever tries the rights of the actions of that subject, or of all for a rule of the floor."""
        package = mutant.module.__name__.partition(".actions")[0]
        names = [name for name in ASKED if name.startswith(f"{package}.actions.")]
        return next(misjudged(names or list(ASKED)), None) is not None

    def _words(self, mutant: Mutant) -> bool:
        """Whoever looks for words that are not theirs, with the application's wall alone."""
        for name in ("ben", "chloe", "erin", "ana"):
            asker = Asking(self.client_for(self.cast.people[name]), name)
            try_words(asker, self.records)
            for address in ("/", "/episodes/", "/imports/", "/imports/conflicts/"):
                asker.ask("GET", address)
            if asker.leaks:
                return True
        return False

    def _rows(self, mutant: Mutant) -> bool:
        for user in self.cast.people.values():
            user.__dict__.pop("standing_here", None)
        return as_it_should_be(self.cast).read != self.walls.read

    def _answers(self, mutant: Mutant) -> bool:
        room = ".".join(mutant.module.__name__.split(".")[:2])
        for name in MATRIX:
            if _room_of(name) != room:
                continue
            for person, answers in MATRIX[name].items():
                browser = self.client_for(self.cast.people.get(person))
                for method, expected in _all_methods(person, answers).items():
                    if method in ("GET", "POST") and expected != _answer(
                        browser, method, _address(name, self.cast)
                    ):
                        return True
        return False


def _room_of(name: str) -> str:
    for pattern in _patterns(get_resolver().url_patterns):
        if pattern.name == name:
            return ".".join(pattern.callback.__module__.split(".")[:2])
    return ""


def _patterns(entries: Any) -> Iterator[Any]:
    for entry in entries:
        yield from _patterns(entry.url_patterns) if hasattr(entry, "url_patterns") else [entry]


@pytest.mark.drill
def test_no_rule_of_the_application_can_be_taken_away_unnoticed(
    cast: Cast, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.disable()
    monkeypatch.setattr("tests.second_wall._run", lambda statement: None)  # this wall alone
    records = make_everything(cast)
    watch = Watch(cast, client_for, as_it_should_be(cast), records)
    told: dict[str, list[str]] = {"behaviour": [], "guard": [], "": []}
    for mutant in mutants():
        told[found := watch.notices(mutant)].append(str(mutant))
        if found != "behaviour":
            print(found or "lived", str(mutant), flush=True)
    logging.disable(logging.NOTSET)
    print({found: len(names) for found, names in told.items()})
    assert [name for name in told[""] if name not in EQUIVALENT] == []
