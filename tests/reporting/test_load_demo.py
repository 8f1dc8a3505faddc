"""The demo: loaded through the importer, brought up to a later day, published; its people sign in."""

import json
from dataclasses import replace
from datetime import date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.days.rules import noon
from hub.errors import NotAllowed, RuleBroken
from hub.facts.models import FactSource
from referrals.models import Child, Episode, EpisodeFact
from reporting.appendix1.actions import make_report
from reporting.appendix1.rules.parameters import PUBLISHED
from reporting.demo.actions import bring_up_to_date, set_up_partners
from reporting.demo.rules.accounts import PASSWORD, PEOPLE
from reporting.disclosure.models import Release
from risk.tools.models import ToolVersion
from tests.reporting.conftest import OF_2016
from tests.reporting.test_appendix1 import ASKED, FIGURES_2016, cells, report

pytestmark = pytest.mark.django_db

EARLIER, LATER = OF_2016, date(2016, 12, 31)


def bring(day: date, partnership: str = "bradford") -> bool:
    return bring_up_to_date(partnership=partnership, today=day, now=noon(day), by=operator())


@pytest.mark.long
def test_a_later_start_brings_the_history_up_to_that_day_and_leaves_2016_as_it_was(
    demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Episode.objects.count()
    # The import's own moment is now; the next start asks for what happened since that day.
    monkeypatch.setattr("reporting.demo.actions.loading.london_date", lambda moment: EARLIER)
    assert bring(LATER)
    assert Episode.objects.count() > before + 100
    assert EpisodeFact.objects.filter(referred_on__gt=EARLIER).exists()
    assert list(cells(json.loads(FIGURES_2016.read_text()), report())) == []
    assert FactSource.objects.count() == 2


def test_a_second_start_on_the_same_day_imports_nothing(demo_people: None) -> None:
    assert bring(EARLIER, "kirklees")
    assert not bring(EARLIER, "kirklees")
    assert FactSource.objects.count() == 1


def test_setting_up_twice_makes_nobody_twice(demo_people: None) -> None:
    set_up_partners(now=timezone.now(), by=operator())
    assert User.objects.exclude(is_operator=True).count() == len(PEOPLE)
    tools = ToolVersion.objects.values_list("tool__partnership__code", "tool__name").distinct()
    assert ToolVersion.objects.count() == 2 * tools.count() == 8  # each has a superseded version


@pytest.mark.parametrize("person", [person.username for person in PEOPLE])
def test_each_person_of_the_demo_can_sign_in(person: str, demo_people: None) -> None:
    answer = Client().post("/sign-in/", {"username": person, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_the_charity_of_the_demo_sees_its_own_children_and_no_others(demo: None) -> None:
    charity = User.objects.get(username="charity")
    seen, every = Child.objects.visible_to(charity).count(), Child.objects.count()
    assert 0 < seen < every / 4


@pytest.mark.long
def test_the_command_loads_both_districts_and_prints_people_and_headlines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Then:
        @staticmethod
        def now() -> datetime:
            return noon(EARLIER)

    monkeypatch.setattr("reporting.management.commands.load_demo.timezone", Then)
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert "Bradford: loaded up to today." in said.getvalue()
    assert "Kirklees: loaded up to today." in said.getvalue()
    monkeypatch.undo()
    said = StringIO()
    call_command("load_demo", "--summary", stdout=said)
    assert "63 / 650" in said.getvalue()
    assert "37 / 120 / 114" in said.getvalue()


def publish(by: User, **changed: Any) -> dict[str, Any]:
    asked = replace(ASKED, disclosure=PUBLISHED, **changed)
    return make_report(asked=asked, now=timezone.now(), by=by)


def test_2016_is_published_whole_entered_once_and_comes_back_the_same(demo: None) -> None:
    board, known_at = User.objects.get(username="board"), timezone.now()
    first, again = publish(board, known_at=known_at), publish(board, known_at=known_at)
    assert first == again
    assert first["left_out"] == []
    assert first["strategic"]["episodes"] == 713
    assert first["tactical"]["by_level"] == {"HIGH": 37, "MEDIUM": 120, "LOW": 114, "NO_RISK": 17}
    assert Release.objects.count() == 1
    assert publish(board)["strategic"] == first["strategic"]
    assert (
        Release.objects.count() == 2
    )  # asked without a moment it is another release, of the same data


def test_a_report_that_would_give_a_child_away_is_refused_with_its_table(demo_people: None) -> None:
    bring(EARLIER, "kirklees")
    board = User.objects.get(username="board")
    with pytest.raises(NotAllowed):
        make_report(asked=ASKED, now=timezone.now(), by=board)
    with pytest.raises(RuleBroken, match="publishing is refused"):
        make_report(
            asked=replace(ASKED, disclosure=PUBLISHED, partnerships=("kirklees",)),
            now=timezone.now(),
            by=operator(),
        )
    assert not Release.objects.exists()


@pytest.mark.long
def test_a_snapshot_a_few_days_from_a_released_one_is_refused(demo: None) -> None:
    board = User.objects.get(username="board")
    publish(board)
    with pytest.raises(RuleBroken, match="snapshot 1 days away"):
        publish(board, snapshot=date(2016, 3, 30))
    assert publish(board, snapshot=date(2016, 2, 29))["strategic"]["episodes"] == 713


@pytest.mark.long
def test_two_partnerships_together_are_checked_against_a_release_of_one(demo: None) -> None:
    bring(EARLIER, "kirklees")
    publish(operator())
    with pytest.raises(RuleBroken, match="publishing is refused: tactical"):
        publish(operator(), partnerships=("bradford", "kirklees"))
