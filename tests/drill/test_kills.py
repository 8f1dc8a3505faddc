"""Imports killed at random moments: what was begun is all there afterwards, or none of it is."""

import os
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from hub.engines import actions
from hub.engines.processes import wait_for
from tests.drill.own_hub import Killer, OwnHub
from tests.oracle import known
from tests.oracle.extracts import mutate_extract, random_extract

KILLS = 24
EPISODES = 1500


@pytest.fixture
def seed() -> int:
    """Chance's number, printed so that a failure can be had again."""
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    print(f"seed {seed} (HUB_DRILL_SEED={seed})")
    return seed


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[OwnHub]:
    """A hub with engines of its own, empty."""
    data_dir = tmp_path / "data"
    try:
        yield OwnHub(data_dir)
    finally:
        actions.destroy(data_dir=data_dir)


def extract(folder: Path, seed: int, episodes: int = EPISODES) -> Path:
    random_extract(seed, folder, episodes=episodes)
    return folder


def changed(extract: Path, seed: int) -> Path:
    """The extract again, as it may come the next time."""
    folder = extract.with_name(f"{extract.name}-{seed}")
    shutil.copytree(extract, folder)
    mutate_extract(seed, folder)
    return folder


def seconds_of(hub: OwnHub, folder: Path) -> float:
    """How long an import works in the database, tried with another partnership."""
    process = hub.command("import_extract", str(folder), "--no-progress", "--partnership=kirklees")
    while process.poll() is None and not hub.at_work():
        time.sleep(0.02)
    begun = time.monotonic()
    hub.finish(process)
    return time.monotonic() - begun


def strike_and_look(killer: Killer, folder: Path, blow: str) -> str:
    """Strike during an import; afterwards everything is as before, or the whole import is there."""
    hub = killer.hub
    before, known_before = hub.contents(), hub.trail()
    said = killer.strike(folder, getattr(killer, blow))
    hub.start()
    while not hub.left_alone():
        time.sleep(0.1)
    if hub.contents() == before:
        return "nothing was written"
    hub.history.append(known.Import(folder, datetime.now(UTC)))
    assert hub.trail() == (known_before[0] + 1, known_before[1] + 1), said
    assert hub.is_whole(), said
    assert "nothing was written" not in said
    assert "Nothing changed" in hub.finish(hub.importing(folder))
    return WHOLE


WHOLE = "it had been written whole"
BLOWS = ("the_command", "the_server", "its_session", "ctrl_c")


@pytest.mark.drill
def test_an_import_killed_at_any_moment_is_there_whole_or_not_at_all(
    hub: OwnHub, seed: int, tmp_path: Path
) -> None:
    dice = random.Random(seed)
    folder = extract(tmp_path / "extract", seed)
    seconds = seconds_of(hub, folder)
    print(f"an import works {seconds:.1f} s")
    killer = Killer(hub, dice, seconds)
    for number in range(KILLS):
        blow = BLOWS[number % len(BLOWS)]
        outcome = strike_and_look(killer, folder, blow)
        print(f"{number:3} {blow:12} {outcome}")
        if number % 8 == 7 and outcome != WHOLE:
            hub.take(folder)
            assert hub.is_whole()
        if hub.history and hub.history[-1].folder == folder:
            folder = changed(tmp_path / "extract", dice.randrange(10**6))
    hub.take(folder)
    assert hub.is_whole()


@pytest.mark.drill  # a worker is killed at its import in tests/reporting/test_imports_left.py
def test_a_killed_import_leaves_nothing_and_the_next_one_works(
    hub: OwnHub, seed: int, tmp_path: Path
) -> None:
    dice = random.Random(seed)
    folder = extract(tmp_path / "extract", seed, 300)
    killer = Killer(hub, dice, 0.3)
    blow = dice.choice(BLOWS)
    outcome = strike_and_look(killer, folder, blow)
    print(f"{blow}: {outcome}")
    if outcome != WHOLE:
        hub.take(folder)
    assert hub.is_whole()


@pytest.mark.drill
def test_ctrl_c_stops_an_import_with_one_plain_sentence(
    hub: OwnHub, seed: int, tmp_path: Path
) -> None:
    folder = extract(tmp_path / "extract", seed)
    killer = Killer(hub, random.Random(seed), seconds_of(hub, folder) / 4)
    for _ in range(4):
        before = hub.contents()
        assert killer.strike(folder, killer.ctrl_c).splitlines()[-1:] == [
            "CommandError: Interrupted: nothing was written."
        ]
        assert hub.contents() == before


@pytest.mark.drill
def test_a_killed_server_is_told_in_words(hub: OwnHub, seed: int, tmp_path: Path) -> None:
    folder = extract(tmp_path / "extract", seed)
    killer = Killer(hub, random.Random(seed), seconds_of(hub, folder) / 4)
    for blow in (killer.the_server, killer.its_session):
        said = killer.strike(folder, blow)
        assert "The database gave up, nothing was written" in said
        assert "Traceback" not in said
        hub.start()


@pytest.mark.drill
def test_an_old_report_comes_back_byte_for_byte_while_an_import_runs(
    hub: OwnHub, seed: int, tmp_path: Path
) -> None:
    first = extract(tmp_path / "extract", seed, EPISODES * 6)
    hub.take(first)
    known_at = datetime.now(UTC)
    old = hub.report(known_at)
    made = 0
    for number in range(3):
        folder = changed(first, seed + number)
        process = hub.importing(folder)
        assert wait_for(lambda: bool(hub.at_work()), seconds=60)
        while process.poll() is None:
            assert hub.report(known_at) == old
            made += 1
        hub.finish(process)
        hub.history.append(known.Import(folder, datetime.now(UTC)))
        assert hub.report(known_at) == old
    print(f"{made} reports begun while an import was at work")
    assert hub.is_whole()
    assert hub.report() != old


@pytest.mark.drill
def test_of_two_imports_at_once_one_follows_the_other_and_both_are_whole(
    hub: OwnHub, seed: int, tmp_path: Path
) -> None:
    first = extract(tmp_path / "extract", seed)
    hub.take(first)
    for number in range(3):
        pair = [changed(first, seed + 10 * number + n) for n in (1, 2)]
        said = [hub.finish(process) for process in [hub.importing(folder) for folder in pair]]
        waited = sum("Another import of this partnership is running" in text for text in said)
        sources = (
            "SELECT label, published_at FROM hub_factsource ORDER BY published_at DESC LIMIT 2"
        )
        folders = {folder.name: folder for folder in pair}
        latest = [known.Import(folders[name], at) for name, at in reversed(hub.ask(sources))]
        hub.history += latest
        assert hub.is_whole(), latest
        print(f"{' then '.join(one.folder.name for one in latest)}; {waited} waited")


@pytest.mark.django_db
def test_a_command_stopped_while_it_commits_does_not_say_that_nothing_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to COMMIT may be lost after the deed: then nobody knows."""

    @contextmanager
    def interrupted_at_its_end() -> Iterator[None]:
        yield
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    command = "reporting.management.commands.import_extract"
    monkeypatch.setattr(f"{command}.transaction", SimpleNamespace(atomic=interrupted_at_its_end))
    folder = extract(tmp_path / "extract", 1, 5)
    with pytest.raises(CommandError, match="it was written whole or not at all") as raised:
        call_command("import_extract", str(folder), no_progress=True)
    assert raised.value.returncode == 130
