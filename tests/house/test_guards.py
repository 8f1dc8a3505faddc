"""The house rules hold in every file; and each guard finds the fault it is there for."""

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from statistics import median, quantiles

import pytest

from tests.house import guards
from tests.house.exceptions import ACTIONS, DOORS, NOT_OF_THE_DATABASE, QUERIES
from tests.house.trees import ROOMS, ROOT, Source, functions, length, python_files

Guard = Callable[[Source], Iterator[str]]


@pytest.mark.parametrize("guard", guards.GUARDS, ids=lambda guard: guard.__name__)
def test_no_file_breaks_the_rule(guard: Guard) -> None:
    faults = [fault for source in python_files(*ROOMS) for fault in guard(source)]
    assert not faults, f"{guard.__doc__}\n" + "\n".join(faults)


def test_tests_and_scripts_are_no_longer_than_code_may_be() -> None:
    assert [fault for source in python_files() for fault in guards.too_long(source)] == []


ATOMIC = "@transaction.atomic\n"
VIEW, ACTION, MODEL, RULE = (
    f"risk/levels/{name}.py" for name in ("views", "actions", "models", "rules")
)
PLANTED = {
    "a view that creates a row": (guards.writes_outside_actions, VIEW, "Level.objects.create(a=1)"),
    "a view that saves a row": (
        guards.writes_outside_actions,
        VIEW,
        "level.save(update_fields=['a'])",
    ),
    "a view that updates rows": (
        guards.writes_outside_actions,
        VIEW,
        "rows.filter(a=1).update(b=2)",
    ),
    "a form that saves": (guards.writes_outside_actions, "risk/levels/forms.py", "form.save()"),
    "a task that deletes": (guards.writes_outside_actions, "risk/levels/tasks.py", "rows.delete()"),
    "a model that writes": (guards.writes_outside_actions, MODEL, "cls.objects.get_or_create(a=1)"),
    "a command that inserts": (
        guards.writes_outside_actions,
        "risk/management/commands/x.py",
        "cursor.execute('INSERT INTO risk_level VALUES (1)')",
    ),
    "a query that updates": (
        guards.writes_outside_actions,
        "reporting/appendix1/queries.py",
        "cursor.execute('''\\n  UPDATE risk_level AS l SET a = 1''')",
    ),
    "a query that reads past the wall": (
        guards.ungated_reads,
        "referrals/search/queries.py",
        "def found(user):\n    return Child.objects.filter(surname='a')",
    ),
    "a view that copies in": (
        guards.writes_outside_actions,
        VIEW,
        "c.copy_expert('COPY t (a) FROM STDIN', f)",
    ),
    "an action with positional arguments": (
        guards.loose_actions,
        ACTION,
        ATOMIC + "def set_level(episode, *, by): ...",
    ),
    "an action without by": (
        guards.loose_actions,
        ACTION,
        ATOMIC + "def set_level(*, episode): ...",
    ),
    "an action that is not atomic": (
        guards.loose_actions,
        ACTION,
        "def set_level(*, episode, by): ...",
    ),
    "an action in a package": (
        guards.loose_actions,
        "risk/levels/actions/__init__.py",
        "def set_level(*, episode, by): ...",
    ),
    "a door that goes past the front": (
        guards.past_the_front,
        VIEW,
        "from risk.levels.actions.parts import set_level",
    ),
    "a view that reads all": (
        guards.ungated_reads,
        VIEW,
        "Level.objects.filter(a=1).visible_to(user)",
    ),
    "a command that reads all": (
        guards.ungated_reads,
        "risk/management/commands/x.py",
        "Level.objects.all()",
    ),
    "a form that offers all": (guards.ungated_reads, "risk/levels/forms.py", "Level.objects"),
    "a way around": (
        guards.ungated_reads,
        VIEW,
        "Level._default_manager.visible_to(user)\nLevel._base_manager",
    ),
    "a view with SQL": (guards.ungated_reads, VIEW, "def f():\n    connection.cursor()"),
    "a model that saves its own way": (
        guards.saving_overridden,
        MODEL,
        "class A(Model):\n    def save(self, **k): ...",
    ),
    "a receiver of post_save": (
        guards.model_signals,
        MODEL,
        "from django.db.models.signals import post_save",
    ),
    "a signal by its module": (guards.model_signals, MODEL, "signals.post_save.connect(f)"),
    "a print": (guards.prints, VIEW, "print('x')"),
    "markup from Python": (guards.marked_safe, VIEW, "mark_safe('x')"),
    "a function of 51 lines": (guards.too_long, VIEW, "def f():\n" + "    a = 1\n" * 50),
    "a file of 400 lines": (guards.too_long, VIEW, "a = 1\n" * 400),
    "a rule that knows a model": (
        guards.impure_rules,
        RULE,
        "from risk.levels.models import RiskLevel",
    ),
    "a rule that asks the clock": (guards.impure_rules, RULE, "def f():\n    return date.today()"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_and_its_place_named(name: str) -> None:
    guard, path, text = PLANTED[name]
    found = list(guard(Source(PurePosixPath(path), text)))
    assert found, name
    assert found[0].startswith(f"{path}:")


def test_what_a_package_of_actions_offers_is_an_action_wherever_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "risk/levels/actions"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("__all__ = ['set_level']")
    monkeypatch.setattr(guards, "ROOT", tmp_path)
    text = "def set_level(episode): ...\ndef a_part_of_it(episode): ..."
    source = Source(PurePosixPath("risk/levels/actions/setting.py"), text)
    assert {fault.split()[1] for fault in guards.loose_actions(source)} == {"set_level"}


ALLOWED = {
    "a part of a package of actions": (
        "risk/levels/actions/parts.py",
        "from risk.levels.actions.sql import run",
    ),
    "an action writes": (ACTION, ATOMIC + "def f(*, by):\n    Level.objects.create(a=1)"),
    "an action's helper is free": (ACTION, "def _f(a):\n    a.save()"),
    "a gated read": (VIEW, "Level.objects.visible_to(user).filter(a=1)"),
    "a dict is updated": (VIEW, "environ.update(other)"),
    "a document is saved": ("reporting/appendix1/documents.py", "document.save(buffer)"),
    "a rule knows rules": (
        RULE,
        "from hub.days.rules import age_on\nfrom hub.errors import RuleBroken",
    ),
    "words that speak of updates": (VIEW, "'Update the level, set a review'"),
    "a command prints": ("hub/management/commands/x.py", "print('x')"),
    "a function of 50 lines": (VIEW, "def f():\n" + "    a = 1\n" * 49),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_house_allows_is_left_alone(name: str) -> None:
    path, text = ALLOWED[name]
    source = Source(PurePosixPath(path), text)
    assert [fault for guard in guards.GUARDS for fault in guard(source)] == []


def test_every_exception_is_still_needed() -> None:
    names = {
        f"{source.path}:{node.name}"
        for source in python_files(*ROOMS)
        for node in functions(source)
    }
    classes = {"referrals/lookers/queries.py:Looks"}
    assert {*ACTIONS, *DOORS, *QUERIES} <= names | classes
    assert all((ROOT / folder).is_dir() for folder in NOT_OF_THE_DATABASE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guards, "QUERIES", {})
        reads = " ".join(fault for s in python_files(*ROOMS) for fault in guards.ungated_reads(s))
    assert all(place.partition(":")[0] in reads for place in QUERIES)
    excused = [
        n for s in python_files(*ROOMS) for n in functions(s) if f"{s.path}:{n.name}" in ACTIONS
    ]
    assert all(list(guards.action_faults(node)) for node in excused)


def test_half_of_the_functions_fit_in_eight_lines_and_nine_in_ten_in_twenty_five() -> None:
    lengths = [length(node) for source in python_files(*ROOMS) for node in functions(source)]
    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[-1] <= 25
