"""Every subject looks the same, the templates are dull, and the project speaks of itself alone."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import pytest

from tests.house.exceptions import EXTRA_AT_THE_TOP, EXTRA_FILES
from tests.house.trees import ROOMS, ROOT, own_files, read

MODULES = {
    "__init__",
    "rules",
    "models",
    "actions",
    "forms",
    "serializers",
    "views",
    "api",
    "tasks",
    "urls",
}
ROOM_FOLDERS = {"management", "migrations", "templatetags"}
DECISION = ROOT / "docs/decisions/0001-five-rooms-in-one-line.md"


def misnamed(paths: Iterable[PurePosixPath]) -> Iterator[str]:
    """Modules whose name no reader of the house would expect there."""
    for path in paths:
        if path.parts[0] not in ROOMS or path.suffix != ".py" or ROOM_FOLDERS & set(path.parts):
            continue
        room, *below = path.with_suffix("").parts
        if len(below) == 1 and below[0] not in {
            "__init__",
            "models",
            *EXTRA_AT_THE_TOP.get(room, ()),
        }:
            yield f"{path}: not a file that the top of a room has"
        elif len(below) > 1 and below[1] not in MODULES | EXTRA_FILES.get(
            f"{room}/{below[0]}", set()
        ):
            yield f"{path}: not a file that a subject has"


def test_every_subject_holds_the_same_few_files() -> None:
    assert list(misnamed(own_files())) == []


@pytest.mark.parametrize(
    "path",
    [
        "risk/levels/helpers.py",
        "risk/utils.py",
        "risk/levels/selectors/a.py",
        "hub/days/models2.py",
    ],
)
def test_a_file_with_another_name_is_found(path: str) -> None:
    assert list(misnamed([PurePosixPath(path)]))


def test_each_extra_file_is_there_and_its_reason_is_written_down() -> None:
    reasons = DECISION.read_text(encoding="utf-8")
    for subject, names in EXTRA_FILES.items():
        assert (ROOT / subject).is_dir()
        for name in names:
            module = ROOT / subject / name
            assert module.is_dir() or module.with_suffix(".py").is_file(), f"{module} has gone"
            assert f"{subject}/{name}.py" in reasons, (
                f"{subject}/{name}.py has no reason in {DECISION.name}"
            )


# --- templates ---------------------------------------------------------------------------------

DULL = {
    "marks text as safe": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
    "holds a script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "holds a style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "holds a handler": re.compile(r"\son[a-z]+\s*=|javascript:", re.IGNORECASE),
}


def lively(name: object, text: str) -> list[str]:
    """What a template does that it should not."""
    found = [f"{name}: {fault}" for fault, pattern in DULL.items() if pattern.search(text)]
    return found + ([f"{name}: has 120 lines or more"] if text.count("\n") >= 120 else [])


def test_templates_are_dull() -> None:
    templates = [path for path in own_files() if path.suffix == ".html"]
    assert [fault for path in templates for fault in lively(path, read(path))] == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ name|safe }}",
        "{{ name| safe }}",
        "{% autoescape off %}",
        "<script>go()</script>",
        "<style>a {}</style>",
        '<p style="color:red">',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        "\n" * 120,
    ],
)
def test_a_lively_template_is_found(text: str) -> None:
    assert len(lively("planted.html", text)) == 1


def test_a_script_from_a_file_may_stay() -> None:
    assert lively("a.html", "<script src=\"{% static 'a.js' %}\" defer></script>") == []


# --- words that have no place here -----------------------------------------------------------------

STRAY = {
    "names a package registry": re.compile(
        r"py[p]i\.org|python[h]osted|npm[j]s|un[p]kg|js[d]elivr|deb\.[d]ebian|--index-url"
    ),
    "names a path of one machine": re.compile(
        r"/wor[k]/|/home/\w|/Users/\w|/tmp/\w|/root/|bash_[j]obs"
    ),
    "speaks of how it was made": re.compile(
        r"(?<![\w./-])(\.\./)?share[d]/|\bissues? #?\d+\b|\bsub-?[a]gent|\bthis [s]ession"
        r"|\b[A]I\b|\b[c]laude|\b[a]nthropic|\b[L]LM\b"
    ),
}
THIS = PurePosixPath("tests/house/test_shape.py")


def strays(name: object, text: str) -> list[str]:
    """The lines of a file that speak of something else than the project."""
    lines = enumerate(text.splitlines(), 1)
    return [
        f"{name}:{number}: {fault}: {match.group()}"
        for number, line in lines
        for fault, pattern in STRAY.items()
        for match in pattern.finditer(line)
    ]


def test_no_file_names_a_registry_a_machine_or_how_it_was_made() -> None:
    found = []
    for path in own_files():
        if path != THIS and path.suffix not in {".ico", ".png", ".woff2", ".min.css"}:
            found += strays(path, (ROOT / path).read_bytes().decode("utf-8", errors="replace"))
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "pip install --index-url x",
        f"see https://{'py'}pi.org/project/x",
        f"open('/{'work'}/main/x')",
        "cd /tmp/x",
        f"see ../{'shared'}/house.md",
        "as issue 12 says",
        f"deb http://deb.{'debian'}.org",
    ],
)
def test_a_stray_word_is_found(text: str) -> None:
    assert strays("planted.py", text)


@pytest.mark.parametrize(
    "text", ["child.shared/", "the session ends", "an issue is raised", "a tmp/ folder"]
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert not strays("plain.md", text)
