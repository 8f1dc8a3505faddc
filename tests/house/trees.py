"""The project's own files, as the house rules look at them: paths, lines and syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("hub", "partners", "referrals", "risk", "reporting")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the project's folder, and its text."""

    path: PurePosixPath
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text)

    @property
    def words(self) -> set[str]:
        """The folders of the path, and the file's name without its ending."""
        return {*self.path.parts[:-1], self.path.stem}

    def at(self, node: ast.AST, what: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def own_files() -> tuple[PurePosixPath, ...]:
    """Every file of the project: what is tracked, and what is about to be."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    paths = (PurePosixPath(name) for name in listing.split("\0") if name)
    return tuple(path for path in sorted(paths) if (ROOT / path).is_file())


def read(path: PurePosixPath) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def python_files(*folders: str) -> tuple[Source, ...]:
    """The Python files below these folders (all, where none is named), without migrations."""
    return tuple(
        Source(path, read(path))
        for path in own_files()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and (not folders or path.parts[0] in folders)
    )


def functions(source: Source) -> Iterator[Function]:
    for node in ast.walk(source.tree):
        if isinstance(node, Function):
            yield node


def length(node: ast.AST) -> int:
    """How many lines a definition takes, its decorators not counted."""
    return (getattr(node, "end_lineno", None) or 0) - getattr(node, "lineno", 0) + 1


def chain(node: ast.expr) -> list[str]:
    """The names of `a.b(...).c` from left to right: a, b, c."""
    if isinstance(node, ast.Call):
        return chain(node.func)
    if isinstance(node, ast.Attribute):
        return [*chain(node.value), node.attr]
    return [node.id] if isinstance(node, ast.Name) else []
