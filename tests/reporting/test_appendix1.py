"""The report: its figures, its repeatability, who may make it, what it refuses."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from hub.accounts.actions import operator
from hub.days.rules import LONDON
from referrals.models import EpisodeFact
from reporting.appendix1.actions import make_report
from reporting.appendix1.rules.parameters import Parameters
from reporting.demo.rules import bradford, write_extract
from reporting.extracts.actions import import_extract
from tests.oracle import appendix1 as oracle
from tests.oracle import known
from tests.oracle.extracts import mutate_extract, random_extract
from tests.reporting.importing import E1, JODIE, import_files
from tests.sampled import sampled

FIGURES_2016 = Path(__file__).parent / "figures_2016.json"
ASKED = Parameters(
    year_start=date(2015, 4, 1),
    year_end=date(2016, 3, 31),
    snapshot=date(2016, 3, 29),
    movement_to=date(2016, 8, 1),
    suspects_from=date(2015, 7, 1),
    suspects_to=date(2016, 6, 30),
)
ORACLES = oracle.Params(
    movement_to=date(2016, 8, 1), suspects_from=date(2015, 7, 1), suspects_to=date(2016, 6, 30)
)

pytestmark = pytest.mark.django_db


def load(folder: Path, partnership: str = "bradford") -> datetime:
    """Import an extract and give the moment from which it counts as known."""
    import_extract(path=folder, partnership_code=partnership, now=timezone.now(), by=operator())
    return timezone.now()


def report(**changed: Any) -> dict[str, Any]:
    return make_report(asked=replace(ASKED, **changed), now=timezone.now(), by=operator())


def cells(expected: Any, found: Any, path: str = "") -> Iterator[str]:
    """Walk everything that is expected and say where the report differs."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            yield from cells(value, found.get(key, "absent"), f"{path}.{key}")
    elif expected != found:
        yield f"{path}: expected {expected}, found {found}"


def test_the_demo_has_every_count_of_the_2016_report(tmp_path: Path) -> None:
    write_extract(bradford(date(2016, 9, 30)), tmp_path)
    load(tmp_path)
    made = report()
    expected = json.loads(FIGURES_2016.read_text())
    assert list(cells(expected, made)) == []
    assert made == oracle.report(tmp_path, ORACLES)


@pytest.mark.long
@pytest.mark.parametrize("seed", sampled(range(1, 7), 2))
def test_a_random_extract_counts_as_the_oracle_counts_it(seed: int, tmp_path: Path) -> None:
    agrees_with_the_oracle(seed, tmp_path)


def agrees_with_the_oracle(seed: int, folder: Path) -> None:
    """Import, report now and at past moments, change the extract, import again, and again compare."""
    first, second = folder / "first", folder / "second"
    random_extract(seed, first)
    imported_at = load(first)
    assert report() == oracle.report(first, ORACLES)
    for known_at in moments(seed):
        found = report(known_at=known_at)
        assert found == oracle.report(first, ORACLES, known_at=known_at, imported_at=imported_at)
    before = {known_at: report(known_at=known_at) for known_at in (*moments(seed), imported_at)}
    random_extract(seed, second)
    told = mutate_extract(seed, second)
    again_at = load(second)
    history = [known.Import(first, imported_at), known.Import(second, again_at)]
    assert report() == oracle.report(second, ORACLES, history=history), told
    for known_at, old in before.items():
        assert report(known_at=known_at) == old, told


def moments(seed: int) -> list[datetime]:
    start = datetime(2015, 6, 1, 9, tzinfo=LONDON)
    return [start + timedelta(days=(seed * 37 + 83 * number) % 500) for number in range(3)]


@pytest.mark.drill
def test_hundreds_of_random_extracts_count_as_the_oracle_counts_them(tmp_path: Path) -> None:
    from django.db import transaction

    start = int(os.environ.get("HUB_DRILL_SEED", "1000"))
    for seed in range(start, start + int(os.environ.get("HUB_DRILL_REPORTS", "200"))):
        with transaction.atomic():
            agrees_with_the_oracle(seed, tmp_path / str(seed))  # the failing seed names its folder
            transaction.set_rollback(True)


def test_two_partnerships_are_counted_together_and_apart(tmp_path: Path) -> None:
    random_extract(1, tmp_path / "b")
    random_extract(2, tmp_path / "k")
    load(tmp_path / "b")
    load(tmp_path / "k", "kirklees")
    both = replace(ORACLES, partnerships=("bradford", "kirklees"))
    folders = [tmp_path / "b", tmp_path / "k"]
    assert report(partnerships=("bradford", "kirklees")) == oracle.report(folders, both)
    assert report() == oracle.report(tmp_path / "b", ORACLES)


def test_an_empty_hub_gives_a_report_of_zeros(tmp_path: Path) -> None:
    random_extract(3, tmp_path)
    load(tmp_path)
    made = report(
        year_start=date(1999, 4, 1),
        year_end=date(2000, 3, 31),
        snapshot=date(2000, 3, 31),
        movement_to=None,
        suspects_from=date(1999, 4, 1),
        suspects_to=date(2000, 3, 31),
    )
    assert made["strategic"]["episodes"] == 0
    assert made["strategic"]["change_in_new_percent"] is None
    assert made["movement"] is None


def test_known_at_counts_the_moment_itself(tmp_path: Path) -> None:
    random_extract(4, tmp_path)
    load(tmp_path)
    in_year = EpisodeFact.objects.filter(referred_on__range=(date(2015, 10, 1), date(2016, 3, 1)))
    first = in_year.filter(exploitation_types__contains=["CSE"]).order_by("known_from")[:1].get()
    at, just_before = (
        report(known_at=first.known_from - earlier)["strategic"]["new"]
        for earlier in (timedelta(0), timedelta(microseconds=1))
    )
    assert at > just_before


def test_a_known_at_before_everything_gives_zeros(tmp_path: Path) -> None:
    random_extract(5, tmp_path)
    load(tmp_path)
    made = report(known_at=datetime(1990, 1, 1, tzinfo=UTC))
    assert made["strategic"]["episodes"] == 0
    assert made["tactical"]["open"] == 0
    assert made["suspect_management"]["occurrences"] == 0


def test_a_link_given_twice_is_one_suspect(tmp_path: Path) -> None:
    crime = {
        "crime_ref": "K1",
        "offence_code": "88A",
        "offence_date": "2015-06-01",
        "cse_tag": "Y",
        "victim_date_of_birth": "2002-01-01",
    }
    links = [{"crime_ref": "K1", "suspect_id": suspect} for suspect in ("S1", "S1", "S2")]
    suspects = [{"suspect_id": "S1"}, {"suspect_id": "S2"}]
    import_files(
        tmp_path,
        children=[JODIE],
        episodes=[E1],
        crimes=[crime],
        suspects=suspects,
        crime_suspects=links,
    )
    assert report()["crimes"]["by_number_of_suspects"] == {"2": 1}
    assert report()["crimes"]["suspect_links"] == 2
