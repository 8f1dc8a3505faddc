"""Start, stop, show or remove the PostgreSQL and Redis servers of the data folder."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.engines import actions
from hub.engines.processes import EngineError, held
from hub.engines.rules import data_dir_from

_NOT_RUNNING = 3  # what service managers answer for a service that is stopped


class Command(BaseCommand):
    """`manage.py engines start|stop|status|destroy`, for the folder that HUB_DATA_DIR names."""

    help = "Starts, stops, shows or removes the embedded PostgreSQL and Redis (HUB_DATA_DIR)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word, and the consent that removal needs."""
        parser.add_argument(
            "word",
            choices=["start", "stop", "status", "destroy"],
            help="start; stop; status (exit code 3 unless both run); destroy: stop, remove all data",
        )
        parser.add_argument("--yes", action="store_true", help="destroy without asking")
        parser.add_argument(
            "--unless-used", action="store_true", help="let them run if another command uses them"
        )

    def handle(self, *_: Any, word: str, yes: bool, unless_used: bool, **__: Any) -> None:
        """Do the word; an engine's trouble is a message, never a stack trace."""
        data_dir = data_dir_from(os.environ)
        try:
            match word:
                case "start":
                    self._start(data_dir)
                case "stop":
                    self._stop(data_dir, unless_used)
                case "status":
                    self._status(data_dir)
                case _:
                    self._destroy(data_dir, yes)
        except EngineError as error:
            raise CommandError(str(error)) from error

    def _start(self, data_dir: Path) -> None:
        started = actions.start(data_dir=data_dir)
        told = f"Started {' and '.join(started)}" if started else "Both engines run already"
        self.stdout.write(f"{told} in {data_dir}.")

    def _stop(self, data_dir: Path, unless_used: bool) -> None:
        if held(data_dir / "run" / "demo.lock"):
            raise CommandError("A demo uses these engines: stop it with Ctrl-C, and it stops them.")
        stopped = actions.stop(data_dir=data_dir, unless_used=unless_used)
        told = f"Stopped {' and '.join(stopped)}" if stopped else "No engine was running"
        self.stdout.write(f"{told} in {data_dir}.")

    def _status(self, data_dir: Path) -> None:
        found = actions.status(data_dir=data_dir)
        for engine in found:
            state = f"runs, process {engine.pid}" if engine.running else "is stopped"
            log = f"log: {engine.log}" if engine.log else "no log yet"
            self.stdout.write(f"{engine.engine:<9} {state}; {log}")
        if not all(engine.running for engine in found):
            sys.exit(_NOT_RUNNING)

    def _destroy(self, data_dir: Path, yes: bool) -> None:
        if not yes and not _consent(data_dir):
            raise CommandError("Nothing was removed.")
        ours = (data_dir / "engines.lock").exists()
        actions.destroy(data_dir=data_dir)
        told = (
            f"Removed {data_dir} and everything in it."
            if ours
            else f"{data_dir} holds no engines of ours."
        )
        self.stdout.write(told)


def _consent(data_dir: Path) -> bool:
    if not sys.stdin.isatty():
        raise CommandError(f"This removes all data in {data_dir}: add --yes to consent.")
    return input(f"Remove all data in {data_dir}? Type yes: ").strip() == "yes"
