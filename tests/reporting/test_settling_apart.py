"""Settling conflicts: several of one day or name, somebody else meanwhile, what the hub entered itself."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from hub.accounts.models import User
from hub.errors import Conflict, NotAllowed, RuleBroken
from hub.facts.actions import correct, withdraw
from hub.facts.moments import write_moment
from referrals.children.models import Alias, Child
from referrals.episodes.models import Episode
from reporting.extracts.models import ImportConflict, version_of
from reporting.extracts.rules.facts import FACTS
from reporting.imports.actions import settle
from risk.levels.models import RiskLevel
from tests.cast import Cast
from tests.make import set_level
from tests.reporting.importing import E1, JODIE, counts, import_files, level, take
from tests.reporting.settling import Stands, recorded_in_the_hub, settled

pytestmark = pytest.mark.django_db


# --- several of one day, several names --------------------------------------------------------------


def levels_of_e1() -> list[tuple[int, str]]:
    """Each level that stands, by its place."""
    facts = RiskLevel.objects.known().filter(episode__reference="E1")
    return list(facts.order_by("position").values_list("position", "level"))


def test_each_of_two_levels_of_a_day_finds_its_own_place(
    cast: Cast, ana: User, amira: User, tmp_path: Path
) -> None:
    import_files(tmp_path)
    episode = Episode.objects.get(reference="E1")
    set_level(episode=episode, level="HIGH", set_on=date(2015, 5, 1), by=amira)
    two = [level("2015-05-01", "LOW"), level("2015-05-01", "MEDIUM")]
    assert import_files(tmp_path, risk_levels=two).new_conflicts == 2
    for conflict in ImportConflict.objects.order_by("place"):
        settled(conflict, ana)
    assert levels_of_e1() == [(1, "LOW"), (2, "MEDIUM")]
    assert Episode.objects.get(reference="E1").level == "MEDIUM"
    again = take(tmp_path)
    assert (again.changes, again.new_conflicts, counts(again, "risk_levels").held_back) == (0, 0, 0)


def test_a_level_behind_the_extract_s_own_gives_way_to_the_place_of_the_row(
    cast: Cast, ana: User, amira: User, tmp_path: Path
) -> None:
    import_files(tmp_path)
    episode = Episode.objects.get(reference="E1")
    set_level(episode=episode, level="HIGH", set_on=date(2015, 5, 1), position=3, by=amira)
    import_files(tmp_path, risk_levels=[level("2015-05-01", "LOW")])
    settled(ImportConflict.objects.get(), ana)
    assert levels_of_e1() == [(1, "LOW")]
    assert not take(tmp_path).changes


def test_two_names_may_stand_side_by_side_but_two_levels_may_not(
    cast: Cast, ana: User, amira: User, tmp_path: Path
) -> None:
    name = {"child_id": "C1", "name": "Jo"}
    import_files(tmp_path, aliases=[name])
    recorded_in_the_hub("referrals_alias", amira, name="Jody")
    import_files(tmp_path, aliases=[{**name, "name": "Jodi"}])
    settled(ImportConflict.objects.get(), ana, Stands.BOTH, "She uses both.")
    child = Child.objects.get(reference="C1")
    names = Alias.objects.known().filter(child=child).order_by("position")
    assert [(alias.position, alias.name) for alias in names] == [(1, "Jodi"), (2, "Jody")]
    again = take(tmp_path)
    assert (again.changes, again.new_conflicts) == (0, 0)

    episode = Episode.objects.get(reference="E1")
    set_level(episode=episode, level="HIGH", set_on=date(2015, 5, 1), by=amira)
    import_files(tmp_path, risk_levels=[level("2015-05-01", "LOW")])
    conflict = ImportConflict.objects.get(settled_at=None)
    with pytest.raises(RuleBroken, match="Only one"):
        settled(conflict, ana, Stands.BOTH)


# --- somebody else meanwhile ------------------------------------------------------------------------


@pytest.fixture
def conflict(cast: Cast, amira: User, tmp_path: Path) -> ImportConflict:
    """A level of the hub against another of the extract."""
    import_files(tmp_path)
    episode = Episode.objects.get(reference="E1")
    set_level(episode=episode, level="HIGH", set_on=date(2015, 5, 1), by=amira)
    import_files(tmp_path, risk_levels=[level("2015-05-01", "LOW")])
    return ImportConflict.objects.get()


def test_it_is_settled_once(conflict: ImportConflict, ana: User) -> None:
    seen = version_of(conflict.hub_version())
    settle(conflict=conflict, stands=Stands.HUB, seen=seen, reason="So it is.", by=ana)
    with pytest.raises(Conflict, match="settled this conflict already"):
        settle(conflict=conflict, stands=Stands.EXTRACT, seen=seen, reason="No.", by=ana)
    assert levels_of_e1() == [(1, "HIGH")]


def test_a_hub_that_says_something_else_than_what_was_seen_is_looked_at_again(
    conflict: ImportConflict, ana: User, amira: User
) -> None:
    seen = version_of(conflict.hub_version())
    fact = RiskLevel.objects.known().get(episode__reference="E1")
    now = write_moment(fact.partnership_id)
    correct(fact=fact, now=now, by=amira, reason="Told by telephone.", level="MEDIUM")
    for stands in (Stands.HUB, Stands.EXTRACT):
        with pytest.raises(Conflict, match="changed the hub's record meanwhile"):
            settle(conflict=conflict, stands=stands, seen=seen, reason="So it is.", by=ana)
    settled(conflict, ana, Stands.HUB)
    conflict.refresh_from_db()
    assert conflict.in_hub["level"] == "MEDIUM"  # what was judged


def test_where_the_hub_took_its_own_back_there_is_nothing_to_replace(
    conflict: ImportConflict, ana: User, amira: User, tmp_path: Path
) -> None:
    fact = RiskLevel.objects.known().get(episode__reference="E1")
    withdraw(fact=fact, now=write_moment(fact.partnership_id), by=amira, reason="Mistyped.")
    with pytest.raises(RuleBroken, match="Import again"):
        settled(conflict, ana)
    assert take(tmp_path).changes == 1
    assert conflict.hub_version() is None  # an extract's stands there now
    settled(conflict, ana, Stands.HUB, "It has come right by itself.")
    assert levels_of_e1() == [(1, "LOW")]


def test_settling_asks_for_the_right_and_a_reason(
    conflict: ImportConflict, ana: User, dev: User
) -> None:
    with pytest.raises(RuleBroken, match="Say why"):
        settled(conflict, ana, reason="   ")
    with pytest.raises(NotAllowed):
        settled(conflict, dev)


# --- what the hub recorded by itself ---------------------------------------------------------------


def test_children_and_episodes_that_the_hub_entered_are_left_alone(
    cast: Cast, tmp_path: Path
) -> None:
    before = list(Episode.objects.order_by("pk").values())
    facts = {fact.table: _versions(fact.table) for fact in FACTS}
    result = import_files(tmp_path)
    assert (counts(result, "children").new, counts(result, "children").withdrawn) == (1, 0)
    again = import_files(tmp_path, risk_levels=[level("2015-05-01", "LOW")])
    assert again.new_conflicts == 0
    assert list(Episode.objects.exclude(reference="E1").order_by("pk").values()) == before
    assert {table: _versions(table) for table in facts} == facts


def _versions(table: str) -> list[dict[str, Any]]:
    versions: Any = apps.get_model(table.replace("_", ".", 1))._default_manager
    return list(versions.filter(source=None).order_by("pk").values())


def test_a_child_of_the_hub_under_an_id_of_the_extract_is_met_fact_by_fact(
    cast: Cast, tmp_path: Path
) -> None:
    child = cast.shared.child
    theirs = {**JODIE, "child_id": child.reference}
    mine = {**E1, "episode_id": cast.shared.reference, "child_id": child.reference}
    result = import_files(tmp_path, children=[theirs], episodes=[mine])
    assert (counts(result, "children").held_back, counts(result, "episodes").held_back) == (1, 1)
    child.refresh_from_db()
    assert child.surname == "Marden"
    assert set(ImportConflict.objects.values_list("table", flat=True)) == {"children", "episodes"}
