"""A hub with engines of its own, whose commands run as processes that a test may kill."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2

from hub.engines import actions
from hub.engines.processes import EngineError, wait_for
from tests.hub.engines.tools import ask_superuser, pids
from tests.oracle import appendix1 as oracle
from tests.oracle import known

PROJECT = Path(__file__).parents[2]
PLACES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "HUB_SECRET_KEY", "HUB_TEST_DB")
WORKING = "SELECT pid FROM pg_stat_activity WHERE usename = 'hub_app' AND datname = 'hub'"
IN_TRANSACTION = WORKING + " AND xact_start IS NOT NULL AND state <> 'idle'"
TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
ASKED = [
    *("--year-start", "2015-04-01", "--year-end", "2016-03-31", "--snapshot", "2016-03-29"),
    *("--movement-to", "2016-08-01"),
]
ORACLES = oracle.Params(movement_to=datetime(2016, 8, 1, tzinfo=UTC).date())


class OwnHub:
    """A data folder with its engines; `history` remembers which extracts it has taken whole."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.history: list[known.Import] = []
        self.start()
        self.finish(self.command("migrate"))

    def start(self) -> None:
        """Have the engines running, whatever happened to them; a server that recovers is waited for."""
        wait_for(self._started, seconds=60)
        assert self.ask("SELECT 1") == [(1,)]

    def _started(self) -> bool:
        try:
            actions.ensure(self.data_dir)
            self.ask("SELECT 1")
        except (EngineError, OSError, psycopg2.OperationalError):
            return False
        return True

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        return ask_superuser(self.data_dir, statement)

    def command(self, *words: str) -> subprocess.Popen[str]:
        """Start a command as an operator does."""
        clean = {name: value for name, value in os.environ.items() if name not in PLACES}
        return subprocess.Popen(
            [sys.executable, str(PROJECT / "manage.py"), *words],
            cwd=self.data_dir.parent,
            env={**clean, "HUB_DATA_DIR": str(self.data_dir)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, process: subprocess.Popen[str], code: int = 0) -> str:
        """Wait for a command's end and give what it printed."""
        said = process.communicate(timeout=300)[0]
        assert process.returncode == code, said
        return said

    def importing(self, folder: Path) -> subprocess.Popen[str]:
        return self.command("import_extract", str(folder), "--no-progress")

    def take(self, folder: Path) -> str:
        """Import an extract whole."""
        said = self.finish(self.importing(folder))
        self.history.append(known.Import(folder, datetime.now(UTC)))
        return said

    def report(self, known_at: datetime | None = None) -> bytes:
        """The report's bytes, as the command writes them."""
        output = self.data_dir.parent / "report.json"
        more = ["--known-at", known_at.isoformat()] if known_at else []
        self.finish(self.command("appendix1", *ASKED, *more, "--output", str(output)))
        return output.read_bytes()

    def contents(self) -> dict[str, tuple[Any, ...]]:
        """For each table how many rows it has, and a checksum of them all."""
        sums = "count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
        return {
            name: self.ask(f'SELECT {sums} FROM public."{name}" t')[0]
            for (name,) in self.ask(TABLES)
        }

    def trail(self) -> tuple[int, int]:
        """How many extracts brought something, and how many imports the trail tells of."""
        (sources,), (events,) = self.ask(
            "SELECT count(*) FROM hub_factsource UNION ALL"
            " SELECT count(*) FROM hub_auditevent WHERE event = 'extract.imported'"
        )
        return sources, events

    def at_work(self) -> list[int]:
        """The server's processes that work for a command, in a transaction."""
        return [pid for (pid,) in self.ask(IN_TRANSACTION)]

    def left_alone(self) -> bool:
        """Whether no command is connected any more."""
        return not self.ask(WORKING)

    def is_whole(self) -> bool:
        """Whether the report says what all the extracts taken say together."""
        expected = oracle.report(self.history[0].folder, ORACLES, history=self.history)
        return bool(json.loads(self.report()) == expected)


class Killer:
    """Strikes at a random moment of an import, which it has timed before."""

    def __init__(self, hub: OwnHub, dice: random.Random, seconds: float) -> None:
        self.hub, self.dice, self.seconds = hub, dice, seconds

    def strike(self, folder: Path, blow: Callable[[subprocess.Popen[str]], None]) -> str:
        """Start an import, wait for its first statement and then for chance, and strike; give its words."""
        process = self.hub.importing(folder)
        assert wait_for(lambda: bool(self.hub.at_work()) or process.poll() is not None, seconds=60)
        time.sleep(self.dice.uniform(0, self.seconds))
        blow(process)
        return process.communicate(timeout=120)[0]

    def the_command(self, process: subprocess.Popen[str]) -> None:
        """Kill the command outright."""
        process.kill()

    def ctrl_c(self, process: subprocess.Popen[str]) -> None:
        """Interrupt the command."""
        process.send_signal(signal.SIGINT)

    def the_server(self, process: subprocess.Popen[str]) -> None:
        """Kill PostgreSQL outright, with the process that works for the command."""
        for pid in [pids(self.hub.data_dir)["postgres"], *self.hub.at_work()]:
            os.kill(pid, signal.SIGKILL)

    def its_session(self, process: subprocess.Popen[str]) -> None:
        """Kill the one process that works for the command: the server starts anew by itself."""
        for pid in self.hub.at_work():
            os.kill(pid, signal.SIGKILL)
