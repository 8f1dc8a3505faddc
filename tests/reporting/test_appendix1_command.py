"""The report's door: options, refusals, files; and who may open it."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed, RuleBroken
from partners.partnerships.actions import set_up
from reporting.appendix1.actions import make_report
from reporting.appendix1.rules.parameters import PUBLISHED
from tests.oracle.extracts import random_extract
from tests.reporting.test_appendix1 import ASKED, load

pytestmark = pytest.mark.django_db

YEAR = ("--year-start", "2015-04-01", "--year-end", "2016-03-31", "--snapshot", "2016-03-29")


def run(*words: str) -> str:
    out = StringIO()
    call_command("appendix1", *YEAR, *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def bradford() -> None:
    set_up(code="bradford", now=timezone.now(), by=operator())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--year-start", "2015-04-02"), "twelve whole months"),
        (("--year-end", "2016-03-30"), "twelve whole months"),
        (("--year-end", "2016-02-31"), "is no date"),
        (("--snapshot", "yesterday"), "is no date"),
        (("--movement-to", "2016-01-01"), "before the snapshot"),
        (("--suspects-from", "2016-07-01"), "swap them"),
        (("--known-at", "soon"), "no moment"),
        (("--known-at", "2999-01-01T00:00"), "lies in the future"),
        (("--known-at", ""), "no moment"),
        (("--known-at", "0001-01-01T00:00+14:00"), "between the years"),
        (("--year-start", "0001-01-01", "--year-end", "0001-12-31"), "between the years"),
        (("--year-start", "9999-01-01", "--year-end", "9999-12-31"), "between the years"),
        (("--types", "cse"), "in capitals"),
        (("--types", ","), "in capitals"),
        (("--partnership", "atlantis"), "There are: bradford"),
        (("--partnership", "bradford,bradford"), "twice"),
        (("--partnership", "br\0adford"), "must be codes"),
        (("--format", "pdf"), "needs --output"),
        (("--output", "/nowhere/at/all.json"), "cannot write"),
        (("--disclosure", "some"), "invalid choice"),
        (("--format", "odt"), "invalid choice"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_bad_option_is_refused_with_what_to_do(
    bradford: None, words: tuple[str, ...], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        run(*words)
    assert not AuditEvent.objects.filter(event__startswith="appendix1").exists()


def test_the_file_holds_what_the_terminal_would_show(bradford: None, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    assert run("--output", str(target)) == ""
    assert json.loads(target.read_text()) == json.loads(run())


def test_each_report_is_on_the_trail(bradford: None) -> None:
    run()
    event = AuditEvent.objects.get(event="appendix1.full")
    assert event.username == "operator"
    assert event.after is not None
    assert event.after["year_start"] == "2015-04-01"


@pytest.mark.parametrize("person", ["amira", "ben", "chloe", "nora", "bea", "otto", "sid", "gus"])
def test_who_does_not_hold_the_right_cannot_make_the_full_report(
    person: str, bradford: None, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        make_report(asked=ASKED, now=timezone.now(), by=user)


@pytest.mark.parametrize("person", ["dev", "ana"])
def test_manager_and_analyst_can_make_the_full_report(
    person: str, bradford: None, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(person)
    made = make_report(asked=ASKED, now=timezone.now(), by=user)
    assert made["parameters"]["disclosure"] == "full"


def test_an_analyst_cannot_count_another_partnership(ana: User) -> None:
    set_up(code="kirklees", now=timezone.now(), by=operator())
    from dataclasses import replace

    with pytest.raises(RuleBroken, match="no records of the partnership kirklees"):
        make_report(asked=replace(ASKED, partnerships=("kirklees",)), now=timezone.now(), by=ana)


def test_a_published_report_is_entered_once_and_comes_back_the_same(
    bea: User, tmp_path: Path
) -> None:
    from dataclasses import replace

    from reporting.disclosure.models import Release

    random_extract(7, tmp_path)
    moment = load(tmp_path)
    asked = replace(ASKED, disclosure=PUBLISHED, known_at=moment)
    first, second = (published(asked, bea) for _time in range(2))
    assert first == second
    if not isinstance(first, str):
        assert Release.objects.count() == 1


def published(asked: Any, by: User) -> dict[str, Any] | str:
    try:
        return make_report(asked=asked, now=timezone.now(), by=by)
    except RuleBroken as refused:
        return str(refused)
