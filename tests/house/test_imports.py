"""Imports run downward only: the contracts are kept here, and broken where a fault is planted."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.trees import ROOMS, ROOT, own_files

LINT = Path(sys.executable).with_name("lint-imports")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
SUBJECTS = next(c for c in CONTRACTS if c["name"].startswith("Doors"))["containers"]
# The engines start before Django and are arranged in their own way (docs/decisions/0001).
APART = {"hub.engines"}
NOT_SUBJECTS = {"management", "migrations", "templatetags"}

# One fault for each contract: the file it is planted in, and the line.
PLANTED = {
    "The rooms form one line": ("partners/services/rules.py", "import risk.levels.rules"),
    "The subjects of the floor form one line": ("hub/days/rules.py", "import hub.codes.rules"),
    "The subjects of partners form one line": (
        "partners/agencies/models.py",
        "import partners.services.models",
    ),
    "The subjects of referrals form one line": (
        "referrals/children/models.py",
        "import referrals.episodes.models",
    ),
    "The subjects of risk form one line": ("risk/crimes/models.py", "import risk.suspects.models"),
    "The subjects of reporting form one line": (
        "reporting/extracts/models.py",
        "import reporting.appendix1.rules",
    ),
    "Doors, words, verbs, nouns, arithmetic": (
        "hub/accounts/models.py",
        "import hub.accounts.actions",
    ),
    "Rules are plain Python": ("partners/partnerships/rules.py", "import django.utils.timezone"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
    )  # fmt: skip


def test_every_contract_is_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_planted_import_breaks_each_contract(tmp_path: Path) -> None:
    for path in own_files():
        if path.suffix == ".py" and path.parts[0] in ROOMS:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, tmp_path / path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in PLANTED.values():
        with (tmp_path / file).open("a") as target:
            target.write(f"\n{line}\n")
    result = lint(tmp_path)
    assert result.returncode == 1
    assert {contract["name"] for contract in CONTRACTS} == set(PLANTED)
    for name in PLANTED:
        assert f"{name} BROKEN" in result.stdout, result.stdout + result.stderr


def test_every_subject_is_under_the_contract_of_doors_and_nouns() -> None:
    packages = {
        ".".join(path.parts[:2])
        for path in own_files()
        if len(path.parts) > 2 and path.parts[0] in ROOMS and path.suffix == ".py"
    }
    subjects = {name for name in packages if name.split(".")[1] not in NOT_SUBJECTS}
    assert subjects - APART == set(SUBJECTS)
