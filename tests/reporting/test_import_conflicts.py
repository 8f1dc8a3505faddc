"""What the hub recorded stays as it is; where an extract says otherwise, a person is asked."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hub.accounts.actions import operator
from hub.errors import Conflict
from hub.facts.models import FactSource
from hub.facts.moments import write_moment
from partners.partnerships.models import Partnership
from referrals.episodes.models import Episode, EpisodeFact
from reporting.extracts.models import ImportConflict
from risk.levels.models import RiskLevel
from tests.make import set_level
from tests.reporting.importing import E1, counts, history, import_files, level, take, write_extract

pytestmark = pytest.mark.django_db


def test_a_level_of_the_hub_stands_and_the_conflict_is_listed_once(tmp_path: Path) -> None:
    import_files(tmp_path)
    by = operator()
    set_level(episode=Episode.objects.get(), level="HIGH", set_on=date(2015, 5, 1), by=by)
    result = import_files(
        tmp_path, risk_levels=[level("2015-05-01", "LOW"), level("2015-06-01", "LOW")]
    )
    assert (counts(result, "risk_levels").held_back, counts(result, "risk_levels").new) == (1, 1)
    conflict = ImportConflict.objects.get()
    assert (conflict.table, conflict.key) == ("risk_levels", "E1 2015-05-01")
    assert conflict.in_extract["level"] == "LOW"
    assert conflict.in_hub["level"] == "HIGH"
    assert conflict.source == FactSource.objects.order_by("-published_at").first()
    again = take(tmp_path)
    assert (again.new_conflicts, again.changes) == (0, 0)
    ImportConflict.objects.update(settled_at=conflict.found_at)
    assert take(tmp_path).new_conflicts == 0
    assert history(RiskLevel.objects.order_by("set_on"), "level", "recorded_by_id") == [
        ("HIGH", by.pk, True),
        ("LOW", None, True),
    ]


def test_a_level_of_the_hub_on_another_day_is_not_withdrawn(tmp_path: Path) -> None:
    import_files(tmp_path)
    set_level(episode=Episode.objects.get(), level="HIGH", set_on=date(2015, 7, 1), by=operator())
    result = import_files(tmp_path, risk_levels=[level("2015-05-01", "LOW")])
    assert counts(result, "risk_levels").withdrawn == 0
    assert Episode.objects.get().level == "HIGH"


def test_a_row_that_says_what_the_hub_says_is_no_conflict(tmp_path: Path) -> None:
    import_files(tmp_path)
    set_level(
        episode=Episode.objects.get(), level="LOW", set_on=date(2015, 5, 1), by=operator(),
        rationale="",
    )  # fmt: skip
    result = import_files(tmp_path, risk_levels=[level("2015-05-01", "LOW")])
    assert not result.changes
    assert not ImportConflict.objects.exists()


def test_a_second_level_of_one_day_waits_for_a_person(tmp_path: Path) -> None:
    one = [level("2015-05-01", "LOW")]
    import_files(tmp_path, risk_levels=one)
    set_level(
        episode=Episode.objects.get(),
        level="HIGH",
        set_on=date(2015, 5, 1),
        position=2,
        by=operator(),
    )
    assert not import_files(tmp_path, risk_levels=one).changes
    result = import_files(tmp_path, risk_levels=[*one, level("2015-05-01", "MEDIUM")])
    assert counts(result, "risk_levels").held_back == 1
    assert Episode.objects.get().level == "HIGH"


def test_a_closing_recorded_in_the_hub_stands_against_another_of_the_extract(
    tmp_path: Path,
) -> None:
    import_files(tmp_path)
    closed_in_the_hub(date(2015, 11, 1))
    result = import_files(tmp_path, episodes=[{**E1, "closed_on": "2015-12-01"}])
    assert counts(result, "episodes").held_back == 1
    assert result.published_at is None
    conflict = ImportConflict.objects.get()
    assert (conflict.in_extract["closed_on"], conflict.in_hub["closed_on"]) == (
        "2015-12-01",
        "2015-11-01",
    )
    assert EpisodeFact.objects.known().get().closed_on == date(2015, 11, 1)


def closed_in_the_hub(day: date) -> None:
    """A person corrects the extract's episode: a new version of it, recorded in the hub."""
    by, now = operator(), datetime.now(UTC)
    old = EpisodeFact.objects.get()
    EpisodeFact.objects.filter(pk=old.pk).update(superseded_at=now, superseded_by=by)
    EpisodeFact.objects.create(
        partnership=Partnership.objects.get(),
        episode=old.episode,
        child=old.child,
        referred_on=old.referred_on,
        closed_on=day,
        to_known_from=now,
        known_from=now,
        recorded_by=by,
    )


def test_a_level_recorded_during_the_import_stops_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_files(tmp_path)

    def meanwhile(partnership_id: int) -> datetime:
        """After comparing, before writing: somebody sets a level of the same day."""
        set_level(
            episode=Episode.objects.get(), level="HIGH", set_on=date(2015, 5, 1), by=operator()
        )
        return write_moment(partnership_id)

    monkeypatch.setattr("reporting.extracts.actions.write_moment", meanwhile)
    write_extract(tmp_path, risk_levels=[level("2015-05-01", "LOW"), level("2015-06-01", "LOW")])
    with pytest.raises(Conflict, match="Import again"):
        take(tmp_path)
    assert not RiskLevel.objects.exists()
    assert FactSource.objects.count() == 1
