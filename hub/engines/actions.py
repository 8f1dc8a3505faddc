"""Start, find, stop and remove the engines of a data folder."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.engines import folders, postgres, rules, valkey
from hub.engines.processes import (
    Account,
    EngineError,
    held,
    in_use,
    launch,
    listens,
    only_one,
    send,
    tail,
    use,
    wait_for,
    works_in,
)
from hub.engines.rules import ENGINES, Engine, Places, Secrets, Urls
from hub.engines.software import programs

# A killed PostgreSQL reads its journal first, which for 2 GB takes a slow disk a while.
_READY_WITHIN = 120.0
_STOPPED_WITHIN = 60.0
_KILLED_WITHIN = 10.0
# PostgreSQL ends at once on SIGQUIT and tells its children; to be killed would leave them alone.
_FIRM = {"postgres": signal.SIGQUIT, "valkey": signal.SIGKILL}


@dataclass(frozen=True)
class Status:
    """What `manage.py engines status` tells of one engine; one that never ran has no log."""

    engine: Engine
    running: bool
    pid: int | None
    log: Path | None


def ensure(data_dir: Path, engines: Collection[Engine] = ENGINES) -> Urls:
    """Have the engines of a data folder running, and return their addresses.

    Of two that ask at once, one starts them and the other waits. Raises EngineError, with the end
    of the engine's log, when an engine does not come up.
    """
    start(data_dir=data_dir, engines=engines)
    return urls(data_dir)


def start(*, data_dir: Path, engines: Collection[Engine] = ENGINES) -> list[Engine]:
    """Start those engines that do not run; return which ones were started."""
    places = folders.find(data_dir)
    if places and all(_is_ready(places, engine) for engine in engines):
        return []
    folders.claim(data_dir)
    with only_one(data_dir / "engines.lock"):
        account = folders.engines_account()
        places = folders.make(data_dir, account)
        secrets = folders.load_secrets(places)
        missing = [
            engine for engine in ENGINES if engine in engines and not _is_ready(places, engine)
        ]
        for engine in missing:
            _bring_up(engine, places, secrets, account)
        return missing


def urls(data_dir: Path) -> Urls:
    """The addresses of a data folder's engines, running or not."""
    places = _existing(data_dir)
    return rules.urls(places, folders.read_secrets(places))


def secret_key(data_dir: Path) -> str:
    """The key with which Django signs sessions, kept in the data folder."""
    return folders.read_secrets(_existing(data_dir)).secret_key


def _existing(data_dir: Path) -> Places:
    places = folders.find(data_dir)
    if places is None:
        raise EngineError(f"{data_dir} is not a data folder of the hub.")
    return places


def _is_ready(places: Places, engine: Engine) -> bool:
    # The sessions of a killed server may live on and hold its lock, so somebody must listen too.
    running = held(places.lock(engine)) and places.ready(engine).exists()
    return running and listens(places.socket(engine))


def _bring_up(engine: Engine, places: Places, secrets: Secrets, account: Account | None) -> None:
    places.ready(engine).unlink(missing_ok=True)
    # Held, yet not ready: it was left half-way by a killed starter, or its last process is dying.
    if not _answers_in_time(engine, places, secrets):
        _launch(engine, places, secrets, account)
        if not _answers_in_time(engine, places, secrets):
            log = places.log(engine)
            raise EngineError(f"{engine} did not start. The end of {log}:\n{tail(log)}")
    if engine == "postgres":
        postgres.set_up(places, secrets)
    places.ready(engine).touch(mode=0o600)


def _launch(engine: Engine, places: Places, secrets: Secrets, account: Account | None) -> None:
    found = programs(places, account)
    if engine == "postgres":
        launch(postgres.prepare(places, secrets, found, account))
    else:
        launch(valkey.prepare(places, found, account))


def _answers_in_time(engine: Engine, places: Places, secrets: Secrets) -> bool:
    """Wait for an answer; False as soon as no process of the engine lives."""

    def answers() -> bool:
        return postgres.answers(places, secrets) if engine == "postgres" else valkey.answers(places)

    def settled() -> bool:
        return not held(places.lock(engine)) or answers()

    if not wait_for(settled, seconds=_READY_WITHIN):
        log = places.log(engine)
        raise EngineError(
            f"{engine} runs but has not answered for {_READY_WITHIN:.0f} seconds: try "
            f"'manage.py engines stop'. The end of {log}:\n{tail(log)}"
        )
    return held(places.lock(engine))


def stop(
    *, data_dir: Path, engines: Collection[Engine] = ENGINES, unless_used: bool = False
) -> list[Engine]:
    """Stop the engines of a data folder in order and wait; return which ones were stopped.

    With `unless_used` they stay while another command or test run still counts on them.
    """
    if folders.find(data_dir) is None:
        return []
    with only_one(data_dir / "engines.lock"):
        places = _existing(data_dir)
        if unless_used and in_use(places.lock("users")):
            return []
        wanted = [engine for engine in reversed(ENGINES) if engine in engines]
        running = [engine for engine in wanted if held(places.lock(engine))]
        for engine in running:
            _stop(engine, places)
        if not any(held(places.lock(engine)) for engine in ENGINES):
            folders.remove_short_sockets(places)
        return running


def _stop(engine: Engine, places: Places) -> None:
    """Ask for an orderly end (which for PostgreSQL closes its sessions); insist after a minute."""
    for word, seconds in ((signal.SIGINT, _STOPPED_WITHIN), (_FIRM[engine], _KILLED_WITHIN)):
        pid = _pid(engine, places)
        if pid is not None:
            send(pid, word)
        if wait_for(lambda: not held(places.lock(engine)), seconds=seconds):
            return
    raise EngineError(f"{engine} does not stop. The end of its log:\n{tail(places.log(engine))}")


def _pid(engine: Engine, places: Places) -> int | None:
    """The engine's process id, unless it has come to belong to another process."""
    pid = postgres.noted_pid(places.pid_file(engine))
    if pid is None or (Path("/proc/self").exists() and not works_in(pid, places.data(engine))):
        return None
    return pid


def status(*, data_dir: Path) -> list[Status]:
    """What runs of a data folder's engines."""
    places = folders.find(data_dir)
    if places is None:
        return [Status(engine, False, None, None) for engine in ENGINES]
    return [_status(engine, places) for engine in ENGINES]


def _status(engine: Engine, places: Places) -> Status:
    running = held(places.lock(engine))
    log = places.log(engine)
    pid = _pid(engine, places) if running else None
    return Status(engine, running, pid, log if log.is_file() else None)


def destroy(*, data_dir: Path) -> None:
    """Stop the engines and remove everything they keep, also what root keeps elsewhere for them.

    Raises EngineError if a demo runs on the data folder.
    """
    if held(data_dir / "run" / "demo.lock"):
        raise EngineError("A demo runs on this data folder: stop it with Ctrl-C first.")
    stop(data_dir=data_dir)
    for home in folders.root_homes(data_dir) if os.geteuid() == 0 else []:
        _end_orphans(Places(data_dir, home, home / "sockets"))
        shutil.rmtree(home)
    if (data_dir / "engines.lock").exists():
        shutil.rmtree(data_dir)


def _end_orphans(places: Places) -> None:
    """End engines whose data folder was removed while they ran: no lock of theirs is left."""
    for engine in ENGINES:
        pid = _pid(engine, places)
        if pid is not None:
            send(pid, signal.SIGINT)
    if not wait_for(lambda: not any(folders.living_engines(places.home)), seconds=_STOPPED_WITHIN):
        raise EngineError(f"An engine that works in {places.home} does not stop.")


def provide_environment(argv: Sequence[str]) -> None:
    """Put the addresses that the settings read into the environment, starting what is needed.

    `DATABASE_URL` is the owner's for commands that change the database's shape, else the
    application role's; `DATABASE_OWNER_URL` is always the owner's. What the user has set stays,
    and spares that engine. Ends the process with a message when an engine does not start.
    """
    wanted = rules.plan(argv, os.environ)
    try:
        provide(wanted)
    except EngineError as error:
        raise SystemExit(str(error)) from error
    owner = os.environ.get("DATABASE_OWNER_URL")
    if wanted.as_owner and owner:
        os.environ["DATABASE_URL"] = owner


def provide(wanted: rules.Plan) -> None:
    """Start what the plan wants and put it into the environment; raises EngineError."""
    data_dir = rules.data_dir_from(os.environ)
    # Whole, so that a process started in another folder means the same one.
    os.environ["HUB_DATA_DIR"] = str(data_dir)
    if wanted.start or wanted.needs_key:
        os.environ.update(_provided(wanted, data_dir))


def _provided(wanted: rules.Plan, data_dir: Path) -> dict[str, str]:
    folders.claim(data_dir)
    use(folders.private_folder(data_dir / "run") / "users.lock")
    started = start(data_dir=data_dir, engines=wanted.start)
    if started and wanted.hint:
        sys.stderr.write(
            f"Started {' and '.join(started)} in {data_dir}; 'manage.py engines stop' stops them.\n"
        )
    found = urls(data_dir)
    additions = {"HUB_SECRET_KEY": secret_key(data_dir)} if wanted.needs_key else {}
    if "postgres" in wanted.start:
        additions |= {
            "DATABASE_URL": found.database_url,
            "DATABASE_OWNER_URL": found.owner_database_url,
        }
    if "valkey" in wanted.start:
        additions["REDIS_URL"] = found.redis_url
    return additions
