"""The documents say what is there: no more, no less, and nothing that has gone."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import pytest
from django.core.management import get_commands, load_command_class

from tests.house.guards import SQL_WRITES
from tests.house.test_shape import ROOM_FOLDERS
from tests.house.trees import ROOMS, ROOT, Source, chain, own_files, python_files, read

DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
OURS = re.compile(r"(HUB_|DATABASE_|REDIS_|XDG_)[A-Z_]+")
HEAVIEST = 170 * 1024  # bytes of a picture: the day it is made on moves it a little
HEADINGS = ["Why", "What we decided", "What follows", "What would change our mind"]


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


# --- the environment ---------------------------------------------------------------------------------


def variables_read(sources: Iterable[Source]) -> set[str]:
    """The variables of the environment that the code asks for, by `environ.get` or `environ[...]`."""
    return {name for source in sources for node in ast.walk(source.tree) for name in _asked(node)}


def _asked(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and chain(node)[-2:] == ["environ", "get"]:
        name: ast.expr | None = node.args[0]
    elif isinstance(node, ast.Subscript) and chain(node.value)[-1:] == ["environ"]:
        name = node.slice
    else:
        name = None
    if isinstance(name, ast.Constant) and OURS.fullmatch(str(name.value)):
        yield str(name.value)


def variables_described(page: str) -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))


def test_every_variable_of_the_environment_is_described_and_every_description_is_of_one() -> None:
    assert variables_described(text_of("operations.md")) == variables_read(python_files())


@pytest.mark.parametrize(
    "line", ["os.environ.get('HUB_NEW', '')", "environ['HUB_NEW']", "os.environ['HUB_NEW'] = 'x'"]
)
def test_a_new_variable_is_found(line: str) -> None:
    assert variables_read([Source(PurePosixPath("hub/settings.py"), line)]) == {"HUB_NEW"}


# --- commands, rooms, words --------------------------------------------------------------------------


def own_commands() -> list[str]:
    return sorted(name for name, app in get_commands().items() if app in ROOMS)


def test_every_command_is_described_and_says_itself_what_it_does() -> None:
    described = set(re.findall(r"^\| `([a-z0-9_]+)` \|", text_of("operations.md"), re.MULTILINE))
    assert described == set(own_commands())
    for name in own_commands():
        assert load_command_class(get_commands()[name], name).help, name


def subjects() -> set[str]:
    return {
        "/".join(path.parts[:2])
        for path in own_files()
        if path.parts[0] in ROOMS and len(path.parts) > 2 and path.suffix == ".py"
        if path.parts[1] not in ROOM_FOLDERS
    }


def test_the_plan_of_rooms_names_every_subject_and_no_other() -> None:
    lines = re.findall(r"^\| `(\w+)` \| (`.*) \|$", text_of("architecture.md"), re.MULTILINE)
    named = {
        f"{room}/{subject}" for room, line in lines for subject in re.findall(r"`(\w+)`", line)
    }
    assert named == subjects()


def test_every_word_of_the_glossary_that_names_a_class_names_one_that_there_is() -> None:
    classes = {
        node.name
        for source in python_files(*ROOMS)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
    }
    named = set(re.findall(r"`([A-Z]\w+)`", text_of("glossary.md")))
    assert named - classes == {"CodeFont"}


def test_the_glossary_has_a_word_for_every_table_of_the_field() -> None:
    gathered = [
        s for s in python_files(*ROOMS[1:]) if s.path.name == "models.py" and len(s.path.parts) == 2
    ]
    tables = {name for source in gathered for name in _all_of(source)}
    assert {name for name in tables if f"`{name}`" not in text_of("glossary.md")} == set()


def _all_of(source: Source) -> list[str]:
    lists = (n.value for n in source.tree.body if isinstance(n, ast.Assign))
    return [name for value in lists for name in ast.literal_eval(value)]


# --- paths and commands in the text ------------------------------------------------------------------

PATH = re.compile(
    r"(?<![\w./-])((?:hub|partners|referrals|risk|reporting|tests|docs|templates|bench)/[\w./-]*\w)"
)
LINK = re.compile(r"\]\(([^)#:]+)\)")


def missing_paths(page: Path, text: str) -> list[str]:
    """The paths in code font and the links of a page that lead nowhere."""
    spans = re.findall(r"`([^`\n]+)`", text)
    named = [ROOT / path for span in spans for path in PATH.findall(span)]
    named += [page.parent / link for link in LINK.findall(text)]
    return [f"{page.name}: {path}" for path in named if not _there(path)]


def _there(path: Path) -> bool:
    # A module that has become a package is still found by its old name.
    return path.exists() or (path.suffix == ".py" and path.with_suffix("").is_dir())


def test_every_path_and_link_of_the_documents_leads_somewhere() -> None:
    assert [fault for page in PAGES for fault in missing_paths(page, page.read_text())] == []


@pytest.mark.parametrize(
    "text", ["see `hub/gone.py`", "see [here](gone.md)", "`tests/hub/test_gone.py`"]
)
def test_a_path_that_leads_nowhere_is_found(text: str) -> None:
    assert missing_paths(DOCS / "planted.md", text)


def pictures_named(text: str) -> set[tuple[str, str]]:
    """Each picture that a page shows: its file's name, and what is said to who cannot see it."""
    return {
        (PurePosixPath(path).name, alt)
        for alt, path in re.findall(r"!\[([^]]*)\]\(([^)]+)\)", text)
    }


def test_every_picture_is_shown_made_by_the_command_and_said_in_words() -> None:
    shown = {one for page in PAGES for one in pictures_named(page.read_text())}
    folder = DOCS / "pictures"
    there = {path.name for path in folder.glob("*.png")}
    made = set(re.findall(r'Picture\(\s*"([\w-]+)"', (folder / "__main__.py").read_text()))
    assert {name for name, _alt in shown} == there == {f"{name}.png" for name in made}
    assert [name for name, alt in shown if len(alt) < 20] == []
    heavy = {path.name for path in folder.glob("*.png") if path.stat().st_size > HEAVIEST}
    assert heavy == set()


def test_a_picture_without_words_is_found() -> None:
    assert pictures_named("![](pictures/home.png) ![Home](x/y.png)") == {
        ("home.png", ""),
        ("y.png", "Home"),
    }


def test_every_make_word_of_the_documents_is_in_the_makefile() -> None:
    words = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"(?:^    |`)make ([a-z-]+)", page.read_text(), re.MULTILINE))
        assert named <= words, f"{page.name} names make {', '.join(sorted(named - words))}"


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "\n    make demo\n" in readme
    assert "\n    make test\n" in readme


def test_every_manage_command_of_the_documents_is_one_with_those_options() -> None:
    faults = []
    for page in PAGES:
        whole = page.read_text().replace("\\\n", " ")
        code = re.findall(r"^    .*|`[^`\n]+`", whole, re.MULTILINE)
        for name, rest in re.findall(r"manage\.py ([a-z0-9_]+)([^`\n]*)", "\n".join(code)):
            faults += [f"{page.name}: {fault}" for fault in _faults_of(name, rest)]
    assert faults == []


def _faults_of(name: str, rest: str) -> list[str]:
    if name not in get_commands():
        return [f"manage.py {name}"]
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    known = set(parser._option_string_actions)
    return [
        f"manage.py {name} {word}" for word in re.findall(r"--[a-z-]+", rest) if word not in known
    ]


def test_an_option_that_a_command_lost_is_found() -> None:
    assert _faults_of("appendix1", " --gone 1 --snapshot 2016-03-29") == [
        "manage.py appendix1 --gone"
    ]
    assert _faults_of("gone", "") == ["manage.py gone"]


# --- decisions ---------------------------------------------------------------------------------------


def decisions() -> list[Path]:
    return sorted((DOCS / "decisions").glob("*.md"))


def test_decisions_are_numbered_without_a_gap_or_a_double() -> None:
    numbers = [int(path.name[:4]) for path in decisions()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.stem)
def test_a_decision_says_why_what_what_follows_and_what_would_change_it(path: Path) -> None:
    text = path.read_text()
    assert text.startswith(f"# {int(path.name[:4])}. ")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [heading for heading in headings if heading in HEADINGS] == HEADINGS


def test_the_reports_statements_only_read() -> None:
    statements = [p for p in own_files() if p.suffix == ".sql" and p.parts[1] == "appendix1"]
    bodies = {path: re.sub(r"--.*", "", read(path)) for path in statements}
    assert bodies
    assert [
        path for path, body in bodies.items() if SQL_WRITES.match(body) or "update" in body.lower()
    ] == []
