"""The demo's processes end with it, and its words answer plainly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub.engines.processes import wait_for
from hub.engines.rules import (
    PROJECT,
)
from hub.engines.supervisor import AlreadyRunning, DemoLock
from tests.hub.engines.tools import (
    alive,
    run_python,
)


class TestTheDemosProcesses:
    def test_a_killed_launcher_takes_its_processes_along(self, tmp_path: Path) -> None:
        code = (
            "import os, sys, time; from pathlib import Path;"
            "from hub.engines.supervisor import Supervisor;"
            "s = Supervisor(Path(sys.argv[1]), os.open(sys.argv[1] + '/lock', os.O_CREAT));"
            "print(s.start('one', ['-c', 'import time; time.sleep(60)'], os.environ).process.pid,"
            " flush=True); time.sleep(60)"
        )
        launcher = run_python(code, str(tmp_path))
        assert launcher.stdout is not None
        child = int(launcher.stdout.readline())
        assert alive(child)
        launcher.kill()
        launcher.communicate()
        assert wait_for(lambda: not alive(child), seconds=10)

    def test_a_second_demo_is_told_where_the_first_answers(self, tmp_path: Path) -> None:
        first, second = DemoLock(tmp_path), DemoLock(tmp_path)
        first.take(lambda _: None)
        first.tell("http://127.0.0.1:8123/")
        with pytest.raises(AlreadyRunning, match="8123"):
            second.take(lambda _: None)

    @pytest.mark.long
    def test_the_word_engines_answers_with_exit_codes(self, own: Path) -> None:
        def engines(*words: str) -> tuple[int, str]:
            command = [sys.executable, "manage.py", "engines", *words]
            environ = {**os.environ, "HUB_DATA_DIR": str(own)}
            done = subprocess.run(
                command, cwd=PROJECT, env=environ, capture_output=True, text=True, stdin=-3
            )
            return done.returncode, done.stdout + done.stderr

        assert engines("status") == (
            3,
            "postgres  is stopped; no log yet\nvalkey    is stopped; no log yet\n",
        )
        assert engines("start") == (0, f"Started postgres and valkey in {own}.\n")
        code, told = engines("status")
        assert (code, f"; log: {own / 'logs' / 'postgres.log'}\n" in told) == (0, True)
        assert engines("stop") == (0, f"Stopped valkey and postgres in {own}.\n")
        code, told = engines("destroy")
        assert (code, "--yes" in told, own.exists()) == (1, True, True)
