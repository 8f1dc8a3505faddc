"""Taking a hub's database back: a dump into an empty engine, and a copied cluster to a second."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
import yaml

from hub.backups.queries import take_inventory
from hub.backups.rules import Inventory
from hub.engines import actions, folders
from hub.engines.processes import Account, clean_environment, identity, wait_for
from hub.engines.rules import PROJECT, Places
from hub.engines.software import postgres_tool, programs
from tests.drill.own_hub import OwnHub
from tests.hub.engines.tools import ask, connect, places_of

RECOVERY = ("restore_command", "recovery_target_time", "recovery_target_action", "hot_standby")


class Restored(OwnHub):
    """A data folder whose engines run, on an empty database or one that was taken back: none migrates it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.history = []
        self.start()


def account() -> Account | None:
    return folders.engines_account()


def stop_postgres(hub: OwnHub) -> None:
    actions.stop(data_dir=hub.data_dir, engines=["postgres"])


def as_engine(places: Places, name: str, *words: str | Path, password: str = "") -> str:
    """Run a program of PostgreSQL's as the engines' own user, who may read and write the cluster."""
    program = programs(places, account()).postgres.with_name(name)
    done = subprocess.run(
        [program, *words],
        cwd=places.data("postgres"),
        env={**clean_environment(), "PGPASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        **identity(account()),
    )
    said = str(done.stdout + done.stderr)
    assert done.returncode == 0, said
    return said


def as_operator(hub: OwnHub, name: str, *words: str | Path, password: str) -> None:
    """Run a program of PostgreSQL's that asks the server, as whoever keeps the backups would."""
    where: list[str | Path] = ["--host", places_of(hub.data_dir).sockets, "--username", "hub_owner"]
    environment = {**clean_environment(), "PGPASSWORD": password}
    done = subprocess.run(
        [postgres_tool(name), *where, *words], env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def raise_epoch(hub: OwnHub, epoch: int) -> None:
    """Let the empty cluster count its transactions from beyond all that the trail knows."""
    places = places_of(hub.data_dir)
    stop_postgres(hub)
    as_engine(places, "pg_resetwal", f"--epoch={epoch}", "--pgdata", places.data("postgres"))
    hub.start()


def take_back(hub: OwnHub, dump: Path) -> None:
    """Restore a dump: the prepared database goes first, since its rights from the start would be added."""
    password = folders.read_secrets(places_of(hub.data_dir)).hub_owner
    as_operator(hub, "dropdb", "hub", password=password)
    words = ("--exit-on-error", "--create", "--dbname", "postgres", dump)
    as_operator(hub, "pg_restore", *words, password=password)


def inventory_of(hub: OwnHub, *planted: str) -> Inventory:
    """The inventory of a hub's database as its superuser sees it, with faults that are undone again."""
    password = folders.read_secrets(places_of(hub.data_dir)).postgres
    connection = connect(
        actions.urls(hub.data_dir).database_url, user="postgres", password=password
    )
    connection.autocommit = False
    try:
        with connection.cursor() as cursor:
            for statement in planted:
                cursor.execute(statement)
            return take_inventory(cursor)
    finally:
        connection.rollback()
        connection.close()


def as_application(hub: OwnHub, statement: str) -> list[tuple[Any, ...]]:
    return ask(actions.urls(hub.data_dir).database_url, statement)


# --- to a chosen second ------------------------------------------------------------------------------


def archive_command(folder: Path) -> str:
    """The very command of docker-compose.yml, with a folder of this test in the place of its own."""
    compose = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    words = compose["services"]["db"]["command"]
    (found,) = [word for word in words if word.startswith("-carchive_command=")]
    return str(found.partition("=")[2]).replace("/archive/wal", str(folder))


def keep_journal(hub: OwnHub) -> Path:
    """Have the journal copied to a folder, as production does; give the folder."""
    places = places_of(hub.data_dir)
    folder = folders.private_folder(places.home / "archive", account())
    hub.ask("ALTER SYSTEM SET archive_mode = on")
    hub.ask(f"ALTER SYSTEM SET archive_command = '{archive_command(folder)}'")
    stop_postgres(hub)
    hub.start()
    return folder


def copy_cluster(hub: OwnHub, data_dir: Path) -> Places:
    """Copy a running cluster into a new data folder, and have the copy verified by its own manifest."""
    folders.claim(data_dir)
    places, source = folders.make(data_dir, account()), places_of(hub.data_dir)
    target = folders.private_folder(places.data("postgres"), account())
    shutil.copy2(source.secrets, places.secrets)
    as_engine(
        source, "pg_basebackup", "--host", source.sockets, "--username", "postgres", "--pgdata", target,
        "--checkpoint=fast", "--wal-method=fetch", "--manifest-checksums=SHA256",
        password=folders.read_secrets(source).postgres,
    )  # fmt: skip
    _verify(target)
    return places


def _verify(copy: Path) -> None:
    """Compare a copy with its manifest, as pg_verifybackup does: our engines' own does not run."""
    files = json.loads((copy / "backup_manifest").read_text())["Files"]
    assert len(files) > 1000
    for file in files:
        found = hashlib.sha256((copy / file["Path"]).read_bytes()).hexdigest()
        assert found == file["Checksum"], file["Path"]


def flush_journal(hub: OwnHub, archive: Path) -> None:
    """End the segment at hand, and wait until it has left."""
    ((segment,),) = hub.ask("SELECT pg_walfile_name(pg_switch_wal())")
    assert wait_for((archive / segment).exists, seconds=60)


def recover(places: Places, archive: Path, moment: datetime) -> OwnHub:
    """Roll a copied cluster forward to a moment, and start it."""
    data = places.data("postgres")
    told = (f"cp {archive}/%f %p", moment.isoformat(sep=" "), "promote", "off")
    with (data / "postgresql.auto.conf").open("a") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in zip(RECOVERY, told, strict=True))
    (data / "recovery.signal").touch(mode=0o600)
    if (user := account()) is not None:
        os.chown(data / "recovery.signal", user.uid, user.gid)
    hub = Restored(places.data_dir)
    for name in RECOVERY:
        hub.ask(f"ALTER SYSTEM RESET {name}")
    return hub


class Writer:
    """Writes a row every few milliseconds until a moment is past, and notes when each was begun and done."""

    def __init__(self, hub: OwnHub) -> None:
        self.hub = hub
        self.rows: dict[str, tuple[datetime, datetime]] = {}

    def write(self, *, seconds: float) -> None:
        """Write for so long; the clock is the machine's, which is the server's too."""
        connection = connect(actions.urls(self.hub.data_dir).owner_database_url)
        until = time.monotonic() + seconds
        with connection.cursor() as cursor:
            while time.monotonic() < until:
                begun, name = datetime.now(UTC), f"drill-{len(self.rows)}"
                cursor.execute(
                    "INSERT INTO hub_remembered VALUES (%s, 'x', 'infinity'::timestamptz)", [name]
                )
                self.rows[name] = (begun, datetime.now(UTC))
        connection.close()

    def found(self, hub: OwnHub) -> set[str]:
        """Which of the rows a database holds."""
        asked = "SELECT cache_key FROM hub_remembered WHERE cache_key LIKE 'drill-%'"
        return {name for (name,) in hub.ask(asked)}


def sealed(hub: OwnHub) -> str:
    """Seal the trail, as the worker does twice a minute, and copy its heads out."""
    code = "from hub.seals.tasks import seal_trail; seal_trail()"
    return hub.finish(hub.command("shell", "--command", code))


def address_in(said: str) -> str:
    """The address that a starting demo tells."""
    found = re.search(r"CSE Hub answers at (http\S+) until", said)
    return found[1] if found else ""


Refused = psycopg2.Error
