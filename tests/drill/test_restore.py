"""The restore drill: a dump taken back into an empty engine, a cluster rolled forward to a chosen second."""

import json
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.backups.rules import differences, epoch_after, how_much, read_inventory
from hub.engines import actions
from hub.engines.processes import wait_for
from tests.drill import restoring
from tests.drill.own_hub import OwnHub
from tests.drill.restoring import Restored, Writer, as_application, inventory_of, sealed
from tests.oracle.extracts import random_extract

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]

# What each person of the demo is shown by the database itself, with the application's own filters left out.
SHOWN = """
import json
from hub.access.context import acting_as
from hub.accounts.models import User
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.notes.models import Note
def shown(user):
    with acting_as(user):
        return [kind._base_manager.count() for kind in (Child, Episode, Note)]
print(json.dumps({user.username: shown(user) for user in User.objects.order_by("username")}))
"""
LONG_USED = """
DO $$ BEGIN FOR n IN 1..5000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$
"""
# A fault that only a superuser can plant, and how its difference begins.
PLANTED = {
    "ALTER ROLE hub_app BYPASSRLS": "role hub_app: was",
    "ALTER ROLE hub_owner SUPERUSER": "role hub_owner: was",
    "ALTER ROLE hub_app SET row_security = off": "setting hub_app, everywhere: was not there",
    "GRANT hub_app TO hub_owner WITH INHERIT TRUE": "membership hub_owner in hub_app: was",
    "GRANT CREATE ON DATABASE hub TO hub_app": "right CREATE on database this one to hub_app",
    "ALTER TABLE referrals_child OWNER TO postgres": "relation public.referrals_child: was",
    "DROP POLICY seen ON referrals_child": "policy seen on public.referrals_child: is missing",
    "REVOKE INSERT ON hub_auditevent FROM hub_app": (
        "right INSERT on relation public.hub_auditevent to hub_app from hub_owner: is missing"
    ),
    "UPDATE hub_user SET name = 'x' WHERE username = 'social'": "rows public.hub_user: was",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnHub]:
    """A hub with the demo's synthetic history, its trail sealed."""
    began, data_dir = time.monotonic(), tmp_path_factory.mktemp("source") / "data"
    try:
        hub = OwnHub(data_dir)
        hub.finish(hub.command("load_demo"))
        # A hub that was used has counted further than a restore does.
        hub.ask(LONG_USED)
        sealed(hub)
        hub.finish(hub.command("reseal_factors"))  # an event that no seal covers yet
        print(f"the demo was loaded in {time.monotonic() - began:.0f} s")
        yield hub
    finally:
        actions.destroy(data_dir=data_dir)


@pytest.fixture(scope="module")
def backup(source: OwnHub) -> tuple[Path, Path]:
    """A dump and its inventory, made by the command, with events on the trail that are not sealed yet."""
    began, to = time.monotonic(), source.data_dir.parent / "backups"
    said = source.finish(source.command("back_up", "--to", str(to)))
    dump, inventory = (Path(line) for line in said.splitlines()[:2])
    print(f"backed up in {time.monotonic() - began:.1f} s, {dump.stat().st_size:,} bytes")
    return dump, inventory


@pytest.fixture(scope="module")
def restored(
    source: OwnHub, backup: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OwnHub]:
    """An engine that was empty but for the roles, and took the dump."""
    data_dir = tmp_path_factory.mktemp("restored") / "data"
    try:
        hub, began = Restored(data_dir), time.monotonic()
        ((reach,),) = source.ask("SELECT max(reach) FROM hub_seal")
        restoring.raise_epoch(hub, epoch_after(reach))
        restoring.take_back(hub, backup[0])
        print(f"taken back in {time.monotonic() - began:.1f} s")
        yield hub
    finally:
        actions.destroy(data_dir=data_dir)


def test_what_comes_back_is_what_was_dumped_thing_by_thing(
    source: OwnHub, restored: OwnHub, backup: tuple[Path, Path]
) -> None:
    began = time.monotonic()
    said = restored.finish(restored.command("check_restored", str(backup[1])))
    print(f"compared in {time.monotonic() - began:.1f} s: {said.strip()}")
    assert said.startswith("The same as when it was backed up: ")
    # Seen by the superuser, whom no policy can blind, and against the hub that was dumped itself.
    now, back = inventory_of(source), inventory_of(restored)
    noted = read_inventory(backup[1].read_text())
    assert list(differences(noted, back)) == []
    assert back["rows"].keys() == now["rows"].keys()
    filled = [name for name, said in back["rows"].items() if not said.startswith("0 rows")]
    print(f"{len(back['rows'])} tables, {len(filled)} of them with rows; {how_much(back)}")
    assert len(filled) > 30
    for kind in ("policy", "right", "trigger", "function", "constraint", "index", "role", "column"):
        assert len(back[kind]) >= 2, kind
    # The source has gone on by the one event that says it was backed up.
    after = {one.split(":")[0].rpartition("_2")[0] for one in differences(noted, now)}
    assert after == {"rows public.hub_auditevent"}


def test_planted_differences_are_named_one_by_one(
    restored: OwnHub, backup: tuple[Path, Path]
) -> None:
    noted = read_inventory(backup[1].read_text())
    for statement, begins in PLANTED.items():
        named = list(differences(noted, inventory_of(restored, statement)))
        assert any(one.startswith(begins) for one in named), (statement, named)
    restored.ask("SELECT setval('hub_user_id_seq', 1)")
    named = list(differences(noted, inventory_of(restored)))
    assert [one.split(" from ")[0] for one in named] == [
        "sequence public.hub_user_id_seq: was set back"
    ]
    restored.ask("SELECT setval('hub_user_id_seq', (SELECT max(id) FROM hub_user))")
    assert list(differences(noted, inventory_of(restored))) == []


def test_row_security_holds_for_the_application_there(source: OwnHub, restored: OwnHub) -> None:
    told = [hub.finish(hub.command("shell", "--command", SHOWN)) for hub in (source, restored)]
    before, after = (json.loads(said.splitlines()[-1]) for said in told)
    assert after == before
    print(f"children, episodes and notes shown: {after}")
    assert after["charity"][0] < after["social"][0]
    assert after["system"] == [0, 0, 0]
    for table in ("referrals_child", "referrals_episode", "referrals_note", "risk_risklevel"):
        assert as_application(restored, f"SELECT count(*) FROM {table}") == [(0,)]
    with pytest.raises(restoring.Refused, match="permission denied"):
        as_application(restored, "UPDATE hub_auditevent SET reason = 'x'")


def test_the_trail_is_whole_there_and_goes_on(source: OwnHub, restored: OwnHub) -> None:
    # The same key signs on: where it is derived, it is the secret key's.
    secrets = [
        json.loads((hub.data_dir / "secrets.json").read_text()) for hub in (source, restored)
    ]
    secrets[1]["secret_key"] = secrets[0]["secret_key"]
    (restored.data_dir / "secrets.json").write_text(json.dumps(secrets[1]))
    anchors = source.data_dir / "anchors" / "heads.jsonl"
    assert anchors.stat().st_size
    verify = ("verify_audit", "--anchors", str(anchors))
    assert "Whole: 1 seal." in restored.finish(restored.command(*verify))
    sealed(restored)
    assert "Whole: 2 seals." in restored.finish(restored.command(*verify))


def test_a_cluster_that_counts_anew_is_told_before_anything_is_written(
    backup: tuple[Path, Path], tmp_path: Path
) -> None:
    hub = Restored(tmp_path / "data")
    try:
        restoring.take_back(hub, backup[0])
        said = hub.finish(hub.command("check_restored", str(backup[1])), code=1)
        print(said.strip())
        assert "pg_resetwal --epoch=1 on its data folder" in said
    finally:
        actions.destroy(data_dir=hub.data_dir)


def test_the_whole_hub_starts_there_and_is_ready(restored: OwnHub) -> None:
    """It comes last of those that compare: the demo brings its history up to the day."""
    assert "no issues" in restored.finish(restored.command("check"))
    began, said = time.monotonic(), ""
    process = restored.command("demo", "--port", "8471")
    try:
        assert process.stdout is not None
        while not restoring.address_in(said):
            line = process.stdout.readline()
            assert line, said
            said += line
        address = restoring.address_in(said)
        assert wait_for(lambda: _answer(f"{address}ready/") == 200, seconds=120)
        assert _answer(f"{address}health/") == 200
        print(f"ready after {time.monotonic() - began:.0f} s")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)


def _answer(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  # our own
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_cluster_is_rolled_forward_to_a_chosen_second(source: OwnHub, tmp_path: Path) -> None:
    archive = restoring.keep_journal(source)
    began = time.monotonic()
    places = restoring.copy_cluster(source, tmp_path / "rolled")
    print(f"the cluster was copied and verified in {time.monotonic() - began:.1f} s")
    try:
        # All of this reaches the copy by the journal alone.
        random_extract(4711, tmp_path / "before", episodes=200)
        source.take(tmp_path / "before")
        sealed(source)
        earlier = inventory_of(source)
        writer = Writer(source)
        writer.write(seconds=1.5)
        moment = datetime.now(UTC)
        writer.write(seconds=1.5)
        random_extract(4712, tmp_path / "after", episodes=200)
        source.take(tmp_path / "after")
        sealed(source)
        restoring.flush_journal(source, archive)

        began = time.monotonic()
        rolled = restoring.recover(places, archive, moment)
        print(f"rolled forward to {moment} in {time.monotonic() - began:.1f} s")
        _exactly_the_earlier(writer, rolled, moment)
        named = [one.split(":")[0] for one in differences(earlier, inventory_of(rolled))]
        assert named == ["rows public.hub_remembered"]
        later = {one.split(":")[0] for one in differences(earlier, inventory_of(source))}
        assert "rows public.referrals_episode" in later
        _trail_after_a_loss(source, rolled, tmp_path / "after")
    finally:
        actions.destroy(data_dir=tmp_path / "rolled")


def _exactly_the_earlier(writer: Writer, rolled: OwnHub, moment: datetime) -> None:
    found = writer.found(rolled)
    earlier = {name for name, (_begun, done) in writer.rows.items() if done < moment}
    later = {name for name, (begun, _done) in writer.rows.items() if begun > moment}
    print(f"{len(earlier)} writes before the second, {len(later)} after it; {len(found)} are there")
    assert min(len(earlier), len(later)) > 20
    assert len(earlier) + len(later) == len(writer.rows)
    assert found == earlier


def _trail_after_a_loss(source: OwnHub, rolled: OwnHub, lost: Path) -> None:
    """What was sealed after the second is lost, and the anchors say so; the rest is whole and goes on."""
    anchors = source.data_dir / "anchors" / "heads.jsonl"
    verify = ("verify_audit", "--anchors", str(anchors))
    said = rolled.finish(rolled.command(*verify), code=1)
    assert (
        "BROKEN at seal 3: it was exported, and is not in the database: the tail was cut off."
        in said
    )
    assert "Whole: 2 seals." in rolled.finish(rolled.command("verify_audit"))
    rolled.take(lost)
    sealed(rolled)
    assert "Whole: 3 seals." in rolled.finish(rolled.command("verify_audit"))
