"""Mutation testing of the pure rules: mutmut at work in a copy of the project, and its verdicts.

mutmut writes changed copies of the functions into a folder beside the sources and lets the tests run on
each change; a change that no test notices has survived. It needs tests that start nothing, so each file
of rules is named here with those that try it without a database.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).parent / "equivalent_mutants.txt"
ROOMS = ("hub", "partners", "referrals", "risk", "reporting")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "static", "fonts")

_COUNTING = ("tests/reporting/test_appendix1_rules.py",)
_ASKING = ("tests/reporting/test_appendix1_parameters.py",)
_DAYS = (
    "tests/hub/test_days.py",
    "tests/hub/test_days_elsewhere.py",
    "tests/hub/test_typed_days.py",
)
_MEETINGS = ("tests/risk/test_meeting_rules.py",)
_CODES = ("tests/hub/test_codes.py", "tests/hub/test_code_files.py")
RULES: dict[str, tuple[str, ...]] = {
    "hub/days/rules.py": _DAYS,
    "hub/access/rules.py": ("tests/hub/test_gate.py",),
    "hub/access/gate.py": ("tests/hub/test_gate.py",),
    "hub/codes/rules.py": _CODES,
    "risk/meetings/rules/calendar.py": _MEETINGS,
    "risk/meetings/rules/effects.py": _MEETINGS,
    "risk/meetings/rules/quorum.py": _MEETINGS,
    "risk/meetings/rules/room.py": _MEETINGS,
    "risk/proposals/rules.py": ("tests/risk/test_proposal_rules.py",),
    "risk/meetings/rules/times.py": ("tests/risk/test_meeting_paper_rules.py",),
    "risk/meetings/rules/paper.py": ("tests/risk/test_meeting_paper_rules.py",),
    "risk/meetings/rules/others.py": ("tests/risk/test_meeting_others_rules.py",),
    "risk/owed/rules.py": ("tests/risk/test_owed_rules.py", "tests/hub/test_days_elsewhere.py"),
    "partners/staffing/rules.py": ("tests/partners/test_staffing_rules.py",),
    "referrals/disagreements/rules.py": ("tests/referrals/test_disagreement_rules.py",),
    "risk/levels/rules.py": ("tests/risk/test_level_rules.py",),
    "referrals/joinings/rules.py": ("tests/referrals/test_joining_rules.py",),
    "risk/tools/rules.py": ("tests/risk/test_tool_rules.py",),
    "risk/places/rules.py": ("tests/risk/test_place_rules.py",),
    "referrals/children/rules/check_digits.py": ("tests/referrals/test_check_digits.py",),
    "reporting/appendix1/rules/counting.py": _COUNTING,
    "reporting/appendix1/rules/labels.py": ("tests/reporting/test_labels.py",),
    "reporting/appendix1/rules/parameters.py": _ASKING,
    "reporting/appendix1/rules/police.py": _COUNTING,
    "reporting/appendix1/rules/report.py": _COUNTING,
    "reporting/appendix1/rules/strategic.py": _COUNTING,
    "reporting/appendix1/rules/tactical.py": _COUNTING,
}

# --noconftest: the conftest starts engines. A fixed seed: a survivor today is a survivor tomorrow.
PYTEST = ("--noconftest", "-p", "no:cacheprovider", "--hypothesis-seed=0")
CAUGHT = {"killed", "timeout"}


@dataclass(frozen=True, order=True)
class Change:
    """What a mutant did: in which function, and the lines before and after."""

    where: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.where}\n- {self.before}\n+ {self.after}"


@dataclass(frozen=True)
class Verdicts:
    """How the mutants fared by name, and the changes of those that lived."""

    status: Mapping[str, str]
    survivors: frozenset[Change]

    def figures(self) -> Iterator[str]:
        """A line for each module: mutants, killed, survived."""
        made = Counter(module_of(name) for name in self.status)
        killed = Counter(module_of(name) for name, how in self.status.items() if how in CAUGHT)
        for module, number in (*made.items(), ("all", made.total())):
            of_them = killed.total() if module == "all" else killed[module]
            yield f"{module:42}{number:6} mutants{of_them:6} killed{number - of_them:5} survived"


class Laboratory:
    """A copy of the project in which mutmut may do as it likes."""

    def __init__(self, folder: Path, files: Collection[str] = tuple(RULES)) -> None:
        self.folder = folder
        for name in (*ROOMS, "tests"):
            shutil.copytree(PROJECT / name, folder / name, ignore=NOT_COPIED)
        shutil.copy(PROJECT / "pyproject.toml", folder)
        tests = dict.fromkeys(test for file in files for test in RULES[file])
        (folder / "setup.cfg").write_text(_settings(files, tests), encoding="utf-8")

    def run(self, pattern: str = "*") -> Verdicts:
        """Try the mutants whose names match, each against the tests that reach its function.

        Raises RuntimeError, with all that mutmut said, if it could not do its work.
        """
        self._mutmut("run", "--max-children", str(os.cpu_count() or 2), pattern)
        lines = self._mutmut("results", "--all", "true").splitlines()
        pairs = (line.strip().rsplit(": ", 1) for line in lines if ": " in line)
        status = {name: how for name, how in pairs if how != "not checked"}
        alive = (name for name, how in status.items() if how not in CAUGHT)
        return Verdicts(status, frozenset(self._change(name) for name in alive))

    def _change(self, name: str) -> Change:
        lines = self._mutmut("show", name).splitlines()
        before, after = (
            " ".join(line[1:].strip() for line in lines if re.match(rf"[{sign}](?![{sign}])", line))
            for sign in "-+"
        )
        return Change(function_of(name), before, after)

    def _mutmut(self, *words: str) -> str:
        mutmut = Path(sys.executable).with_name("mutmut")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
        done = subprocess.run(
            [str(mutmut), *words], cwd=self.folder, env=clean, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"mutmut {' '.join(words)}:\n{done.stdout[-6000:]}{done.stderr}")
        return done.stdout


def _settings(files: Collection[str], tests: Collection[str]) -> str:
    listed = {
        "source_paths": ROOMS,
        "only_mutate": files,
        "pytest_add_cli_args": PYTEST,
        "pytest_add_cli_args_test_selection": tests,
    }
    lines = (f"{name} =\n    " + "\n    ".join(values) for name, values in listed.items())
    return "[mutmut]\n" + "\n".join(lines) + "\n"


def module_of(name: str) -> str:
    """The module of a mutant called `room.subject.rules.x_function__mutmut_7`."""
    return name.rpartition(".")[0]


def function_of(name: str) -> str:
    """The function of a mutant, with its class where it has one (mutmut writes `xǁClassǁmethod`)."""
    module, _, mangled = name.rpartition(".")
    plain = mangled.partition("__mutmut_")[0].removeprefix("x")
    plain = plain.replace("ǁ", ".") if plain.startswith("ǁ") else plain.removeprefix("_")
    return f"{module}.{plain.lstrip('.')}"


def equivalents() -> set[Change]:
    """The mutants that are known to change nothing; raises ValueError where a reason is missing."""
    blocks = EQUIVALENT.read_text(encoding="utf-8").split("\n\n")
    return {change for block in blocks if not block.startswith("#") for change in _changes(block)}


def _changes(block: str) -> Iterator[Change]:
    where, *lines = block.strip().splitlines()
    if not lines or not lines[-1].startswith("Why: "):
        raise ValueError(f"no reason is given for the mutants of {where}")
    for before, after in zip(lines[:-1:2], lines[1:-1:2], strict=True):
        yield Change(where, before.removeprefix("- "), after.removeprefix("+ "))
