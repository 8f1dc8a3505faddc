"""The tests of the pure rules notice every change to them: whatever is altered, one of them fails."""

import os
import random
from pathlib import Path

import pytest

from tests.drill.mutants import RULES, Laboratory, equivalents, function_of


@pytest.mark.drill
def test_no_change_to_the_pure_rules_goes_unnoticed(tmp_path: Path) -> None:
    verdicts = Laboratory(tmp_path / "copy").run()
    print(*verdicts.figures(), sep="\n")
    unknown = verdicts.survivors - equivalents()
    print(f"of the survivors {len(verdicts.survivors - unknown)} are known to change nothing")
    assert not unknown, "No test notices:\n\n" + "\n\n".join(map(str, sorted(unknown)))
    gone = equivalents() - verdicts.survivors
    assert not gone, "No longer survive:\n\n" + "\n\n".join(map(str, sorted(gone)))


@pytest.mark.long
def test_a_sample_of_changes_to_the_pure_rules_is_noticed(tmp_path: Path) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    dice = random.Random(seed)
    file, number = dice.choice(sorted(RULES)), dice.randint(2, 4)
    print(
        f"seed {seed}: of {file} each function's first mutant, and of that number where there is one"
    )
    verdicts = Laboratory(tmp_path / "copy", [file]).run(f"*__mutmut_[1{number}]")
    assert verdicts.status
    unknown = verdicts.survivors - equivalents()
    assert not unknown, "No test notices:\n\n" + "\n\n".join(map(str, sorted(unknown)))


@pytest.mark.drill
def test_a_change_that_no_test_notices_is_found(tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path / "copy", ["risk/levels/rules.py"])
    careless = laboratory.folder / "tests" / "risk" / "test_level_rules.py"
    careless.write_text(
        "from datetime import date\n"
        "from risk.levels.rules import review_due\n"
        "def test_some_day_is_due():\n"
        "    assert review_due(date(2016, 3, 2), 'LOW', {'LOW': 90})\n"
    )
    survivors = laboratory.run("*review_due*").survivors
    assert "return set_on - timedelta(days) if days else None" in {c.after for c in survivors}


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("hub.days.rules.x_age_on__mutmut_7", "hub.days.rules.age_on"),
        ("hub.days.rules.x__bank__mutmut_12", "hub.days.rules._bank"),
        ("a.rules.xǁPlanǁ_check__mutmut_1", "a.rules.Plan._check"),
    ],
)
def test_a_mutant_is_called_by_its_function(name: str, function: str) -> None:
    assert function_of(name) == function
