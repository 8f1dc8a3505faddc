"""The house rules as questions to a syntax tree: each guard names the faults of one file."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.house.exceptions import ACTIONS, DOORS, NOT_OF_THE_DATABASE, QUERIES
from tests.house.trees import ROOT, Function, Source, chain, functions, length

ORM_WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create",
              "update_or_create", "save"}  # fmt: skip
SQL_WRITES = re.compile(
    r"^\s*(insert\s+into|update\s+\S+(\s+as)?(\s+\w+)?\s+set\b|delete\s+from|truncate|merge\s+into|copy\s.*\sfrom)\b",
    re.IGNORECASE | re.DOTALL,
)
WHERE_WRITES_LIVE = {"actions", "migrations"}
# Everything else is a door, or a word at a door.
WHERE_READS_ARE_FREE = {"actions", "models", "gate", "moments", "migrations"}
SIGNALS = {
    "pre_save",
    "post_save",
    "pre_delete",
    "post_delete",
    "m2m_changed",
    "pre_init",
    "post_init",
}
LONGEST_FUNCTION = 50
LONGEST_FILE = 400


def writes_outside_actions(source: Source) -> Iterator[str]:
    """A row is written in an action, or not at all."""
    if source.words & WHERE_WRITES_LIVE or _not_of_the_database(source):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _writes_by_orm(node):
            yield source.at(node, f"writes by .{chain(node)[-1]}(): only an action may")
        elif isinstance(node, ast.Constant) and _writes_by_sql(node.value):
            yield source.at(node, "writes by SQL: only an action may")


def _writes_by_orm(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ORM_WRITES:
        return False
    if call.func.attr == "save":  # a document is saved to a file: that is a positional argument
        return not call.args
    if call.func.attr == "update":  # as dicts and hashes are, with one positional argument
        return not call.args and bool(call.keywords)
    return True


def _writes_by_sql(value: object) -> bool:
    return isinstance(value, str) and bool(SQL_WRITES.match(value))


def _not_of_the_database(source: Source) -> bool:
    return any(str(source.path).startswith(f"{folder}/") for folder in NOT_OF_THE_DATABASE)


def loose_actions(source: Source) -> Iterator[str]:
    """A public action is keyword-only, names who acts, and is one transaction."""
    if "actions" not in source.words or _not_of_the_database(source):
        return
    for node in source.tree.body:
        if not isinstance(node, Function) or not _is_public(source, node):
            continue
        if f"{source.path}:{node.name}" not in ACTIONS:
            yield from (source.at(node, f"{node.name} {fault}") for fault in action_faults(node))


def _is_public(source: Source, node: Function) -> bool:
    """In actions.py what has no underscore; of a package actions/ what its __init__ defines or offers."""
    if source.path.stem in {"actions", "__init__"}:
        return not node.name.startswith("_")
    return node.name in offered(source.path.parent)


def offered(package: PurePosixPath) -> set[str]:
    """The names in `__all__` of a package: what it takes from its parts to hand on."""
    init = ROOT / package / "__init__.py"
    tree = ast.parse(init.read_text(encoding="utf-8") if init.exists() else "")
    lists = (node.value for node in tree.body if isinstance(node, ast.Assign) and _is_all(node))
    return {name for value in lists for name in ast.literal_eval(value)}


def _is_all(node: ast.Assign) -> bool:
    return any(isinstance(name, ast.Name) and name.id == "__all__" for name in node.targets)


def past_the_front(source: Source) -> Iterator[str]:
    """A package of actions has one front: who is outside imports from it, never from its parts."""
    for node in ast.walk(source.tree):
        module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        package, found, _part = module.partition(".actions.")
        if found and not ".".join(source.path.parts).startswith(f"{package}.actions."):
            yield source.at(node, f"imports {module}, a part of the actions there")


def action_faults(node: Function) -> Iterator[str]:
    """What is loose about one action."""
    if node.args.args or node.args.posonlyargs or node.args.vararg:
        yield "takes positional arguments"
    if "by" not in {argument.arg for argument in node.args.kwonlyargs}:
        yield "does not take `by`"
    if not any(chain(mark) == ["transaction", "atomic"] for mark in node.decorator_list):
        yield "is not @transaction.atomic"


def ungated_reads(source: Source) -> Iterator[str]:
    """A door and a query read through `visible_to`, and no raw SQL at all."""
    if source.words & WHERE_READS_ARE_FREE or _not_of_the_database(source):
        return
    gated = {
        id(node.value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "visible_to"
    }
    for function, node in _with_function(source):
        if f"{source.path}:{function}" in DOORS | QUERIES:
            continue
        if _is(node, "objects", "_default_manager", "_base_manager") and id(node) not in gated:
            yield source.at(node, "reads without .visible_to(user)")
        elif _is(node, "cursor", "raw"):
            yield source.at(node, "reads by SQL, past .visible_to(user)")


def _is(node: ast.AST, *names: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in names


def _with_function(source: Source) -> Iterator[tuple[str, ast.AST]]:
    """Every node with the name of the top-level function or class it stands in."""
    for top in source.tree.body:
        for node in ast.walk(top):
            yield getattr(top, "name", ""), node


def saving_overridden(source: Source) -> Iterator[str]:
    """What is saved is what an action wrote: no model saves in a way of its own."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, Function) and method.name in {"save", "delete", "full_clean"}:
                    yield source.at(method, f"{node.name} overrides {method.name}()")


def model_signals(source: Source) -> Iterator[str]:
    """News travels by a named signal of ours, never by Django's own on saving."""
    for node in ast.walk(source.tree):
        names = {getattr(node, "id", ""), getattr(node, "attr", "")}
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
        if names & SIGNALS:
            yield source.at(node, "uses a signal of Django's models")


def prints(source: Source) -> Iterator[str]:
    """Only a command speaks to the terminal."""
    if "commands" in source.words:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and chain(node) == ["print"]:
            yield source.at(node, "prints: only a command may")


def marked_safe(source: Source) -> Iterator[str]:
    """Text from people is escaped, always."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name | ast.Attribute) and chain(node)[-1:] == ["mark_safe"]:
            yield source.at(node, "marks text as safe")


def too_long(source: Source) -> Iterator[str]:
    """A function fits a screen, a file can be held in mind."""
    for node in functions(source):
        if length(node) > LONGEST_FUNCTION:
            yield source.at(node, f"{node.name} has {length(node)} lines, more than 50")
    lines = source.text.count("\n")
    if lines >= LONGEST_FILE:
        yield f"{source.path}:1: the file has {lines} lines, 400 or more"


def impure_rules(source: Source) -> Iterator[str]:
    """Rules know other rules, the errors, and nothing else of ours; and no clock."""
    if "rules" not in source.words:
        return
    for node in ast.walk(source.tree):
        module = node.module if isinstance(node, ast.ImportFrom) else None
        if module and module.split(".")[0] in ROOMS_OF_OURS and not _is_rules(module, node):
            yield source.at(node, f"a rule imports {module}")
        if isinstance(node, ast.Call) and chain(node)[-2:] in CLOCKS:
            yield source.at(node, "a rule asks the clock: time comes as an argument")


ROOMS_OF_OURS = {"hub", "partners", "referrals", "risk", "reporting"}
CLOCKS = (["datetime", "now"], ["date", "today"], ["datetime", "utcnow"], ["timezone", "now"],
          ["time", "time"], ["datetime", "today"])  # fmt: skip


def _is_rules(module: str, node: ast.AST) -> bool:
    names = {alias.name for alias in getattr(node, "names", [])}
    return "rules" in module.split(".") or module == "hub.errors" or names <= {"rules"}


GUARDS = (
    writes_outside_actions,
    loose_actions,
    past_the_front,
    ungated_reads,
    saving_overridden,
    model_signals,
    prints,
    marked_safe,
    too_long,
    impure_rules,
)
