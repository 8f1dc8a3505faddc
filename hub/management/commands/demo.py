"""The whole hub on one machine: engines, synthetic data, web, worker and timer, until Ctrl-C."""

from __future__ import annotations

import http.client
import os
import socket
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.engines import actions, folders
from hub.engines.processes import EngineError, tail
from hub.engines.rules import Plan, data_dir_from, plan_of_a_demo
from hub.engines.supervisor import (
    AlreadyRunning,
    Child,
    DemoLock,
    Supervisor,
    adopt_orphans,
    bury_orphans,
    end_with_parent,
    ignore_signals,
    interrupt_on_signals,
)

_HOST = "127.0.0.1"
_PORTS_TRIED = 50
_ANSWERS_WITHIN = 60.0
_LOOKS_EVERY = 1.0


class Command(BaseCommand):
    """`manage.py demo`: everything starts together, and Ctrl-C leaves nothing running."""

    help = "Runs the whole hub with synthetic data: engines, web, worker, timer; Ctrl-C stops all."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The wished port, and whether the demo ends with the program that started it."""
        parser.add_argument("--port", type=int, default=8000, help="first port to try (8000)")
        parser.add_argument(
            "--stop-with-parent",
            action="store_true",
            help="stop when the program that started this one ends, however it ends",
        )

    def handle(self, *_: Any, port: int, stop_with_parent: bool, **__: Any) -> None:
        """Run until Ctrl-C (exit 0) or until something ends by itself (exit 1, saying what)."""
        if not 1 <= port <= 65535:
            raise CommandError("--port must be a number from 1 to 65535.")
        interrupt_on_signals()
        adopt_orphans()
        if stop_with_parent:
            end_with_parent()
        try:
            self._locked(data_dir_from(os.environ), port)
        except AlreadyRunning as elsewhere:
            raise CommandError(
                f"The demo already runs at {elsewhere}: stop that one with Ctrl-C first."
            ) from None
        except EngineError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped before anything ran.")

    def _locked(self, data_dir: Path, port: int) -> None:
        folders.claim(data_dir)
        lock = DemoLock(folders.private_folder(data_dir / "run"))
        lock.take(self._say)
        wanted = plan_of_a_demo(os.environ)
        supervisor = Supervisor(folders.private_folder(data_dir / "logs"), lock.inherited)
        try:
            self._run(supervisor, lock, wanted, port)
        except KeyboardInterrupt:
            self._say("\nStopping ...")
        finally:
            ignore_signals()
            lock.tell_stopping()
            supervisor.stop()
            actions.stop(data_dir=data_dir, engines=wanted.start)
            bury_orphans()
        self._say("Everything has stopped.")

    def _run(self, supervisor: Supervisor, lock: DemoLock, wanted: Plan, port: int) -> None:
        actions.provide(wanted)
        for words in (["migrate", "--verbosity", "0"], ["load_demo"]):
            self._step(supervisor, words)
        found = _free_port(port)
        if found != port:
            self._say(f"Port {port} is occupied: using {found}.")
        address = f"http://{_HOST}:{found}/"
        if not os.environ.get("HUB_ADDRESS"):
            os.environ["HUB_ADDRESS"] = address  # where the links of its mails lead
        web = _start_all(supervisor, found)
        lock.tell(address)
        self._await_answer(supervisor, found, web.log)
        self._say(f"\nCSE Hub answers at {address}\n")
        self._step(supervisor, ["load_demo", "--summary"])
        self._say(f"\nCSE Hub answers at {address} until you press Ctrl-C.")
        self._watch(supervisor, wanted)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _step(self, supervisor: Supervisor, words: list[str]) -> None:
        code = supervisor.run(["manage.py", *words], os.environ)
        if code != 0:
            raise CommandError(f"'manage.py {' '.join(words)}' failed (exit code {code}).")

    def _await_answer(self, supervisor: Supervisor, port: int, log: Path) -> None:
        deadline, answer = time.monotonic() + _ANSWERS_WITHIN, "nothing"
        # No answer yet means that it is starting; an answer other than the page is a fault.
        while time.monotonic() < deadline and not answer.isdecimal():
            _fail_if_dead(supervisor)
            time.sleep(0.1)
            answer = _ask(port)
        if answer != "200":
            raise CommandError(f"The sign-in page answers {answer}. The web log:\n{tail(log, 25)}")

    def _watch(self, supervisor: Supervisor, wanted: Plan) -> None:
        data_dir = data_dir_from(os.environ)
        while True:
            time.sleep(_LOOKS_EVERY)
            _fail_if_dead(supervisor)
            again = actions.start(data_dir=data_dir, engines=wanted.start) if wanted.start else []
            for engine in again:
                self._say(f"{engine} had stopped: it was started again.")


def _start_all(supervisor: Supervisor, port: int) -> Child:
    """Start web, worker and timer, which are stopped in the reverse order; return the web."""
    serve = (
        f"gunicorn hub.wsgi --worker-class gthread --workers 2 --threads 4 --bind {_HOST}:{port}"
    )
    celery = "celery --app hub.celery"
    worker = "worker --concurrency 2 --loglevel INFO --without-gossip --without-mingle"
    schedule = data_dir_from(os.environ) / "run" / "celerybeat-schedule"
    quick = "--graceful-timeout 5 --no-control-socket"
    web = supervisor.start("web", ["-m", *serve.split(), *quick.split()], os.environ)
    supervisor.start("worker", ["-m", *celery.split(), *worker.split()], os.environ)
    beat = ["beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "INFO"]
    supervisor.start("beat", ["-m", *celery.split(), *beat], os.environ)
    return web


def _fail_if_dead(supervisor: Supervisor) -> None:
    child = supervisor.dead()
    if child is not None:
        code = child.process.returncode
        raise CommandError(f"{child.name} ended (exit code {code}). Its log:\n{tail(child.log)}")


def _ask(port: int) -> str:
    """The status with which the sign-in page answers, or why it does not."""
    connection = http.client.HTTPConnection(_HOST, port, timeout=5)
    try:
        connection.request("GET", "/sign-in/")
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()


def _free_port(first: int) -> int:
    """The first free port from the wished one on; raises CommandError if none of fifty is."""
    for port in range(first, min(first + _PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            # As the web server does: a port in its minutes of rest after a stop counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return port
    raise CommandError(f"No port from {first} on can be used: name another with --port.")
