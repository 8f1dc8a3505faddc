"""A meeting whose web, workers and database are killed: what was acknowledged is there, and there once."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # its types are not among the development tools
import pytest
import requests

from hub.engines import actions
from hub.engines.processes import wait_for
from reporting.demo.rules.accounts import PASSWORD
from tests.drill.own_hub import PLACES, PROJECT
from tests.forms_of_pages import Form, read
from tests.hub.engines.tools import ask_superuser, pids

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1_800)]
ANSWERS = re.compile(r"answers at (http://\S+) until")
STANDING = """
    SELECT d.rationale, i.state FROM risk_meetingdecision d JOIN risk_meetingitem i ON i.id = d.item_id
    WHERE d.superseded_at IS NULL AND d.rationale LIKE 'Struck %'
"""


class Demo:
    """The whole hub as a visitor starts it, in a data folder of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        clean = {name: value for name, value in os.environ.items() if name not in PLACES}
        self.process = subprocess.Popen(
            [sys.executable, str(PROJECT / "manage.py"), "demo", "--port", "8790"],
            cwd=PROJECT,
            env={**clean, "HUB_DATA_DIR": str(data_dir)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        said = ""
        while not (found := ANSWERS.search(said)):
            line = self.process.stdout.readline()
            assert line, said
            said += line
        self.address = found.group(1).rstrip("/")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=120)

    def workers(self, program: str) -> list[int]:
        """The processes that a program's own first process has started."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        told = [p.as_dict(["pid", "ppid", "cmdline"]) for p in below if p.is_running()]
        named = {p["pid"]: p["ppid"] for p in told if program in " ".join(p["cmdline"] or [])}
        return [pid for pid, parent in named.items() if parent in named]

    def blow(self, kind: str) -> None:
        """Kill outright: the processes that answer, those of tasks, or the database itself."""
        find: Callable[[], list[int]] = {
            "web": lambda: self.workers("gunicorn"),
            "tasks": lambda: self.workers("celery"),
            "database": lambda: [pids(self.data_dir)["postgres"]],
        }[kind]
        assert wait_for(lambda: bool(find()), seconds=30), kind
        for pid in find():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class Recorder:
    """Who records the meeting, at a browser without scripts."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.http = demo, requests.Session()
        [form] = self.forms("/sign-in/", needs="password")
        self.send("/sign-in/", form, username="social", password=PASSWORD)

    def open(self, path: str) -> str:
        """The page, once the hub answers again."""
        pages: list[str] = []

        def there() -> bool:
            try:
                answer = self.http.get(self.demo.address + path, timeout=20)
            except requests.RequestException:
                return False
            if answer.status_code == 200:
                pages.append(answer.text)
            return answer.status_code == 200

        assert wait_for(there, seconds=60), path
        return pages[-1]

    def forms(self, path: str, needs: str) -> list[Form]:
        """The forms of a page that ask for a field."""
        return [form for form in read(self.open(path))[1] if needs in form.fields]

    def send(self, path: str, form: Form, **given: Any) -> requests.Response:
        """Send a form as it stands, with what is given; raises where no answer comes."""
        fields = {**form.fields, **given}
        return self.http.post(
            self.demo.address + (form.action or path),
            data=fields,
            timeout=30,
            allow_redirects=False,
        )

    def meeting(self) -> list[str]:
        """Open today's daily meeting, everybody there; give the pages of its children."""
        openings = [f for f in read(self.open("/meetings/"))[1] if "/meetings/open/" in f.action]
        where = self.send("", openings[0]).headers["Location"]
        seats = re.findall(r'name="agencies" value="(\d+)"', self.open(where))
        [form] = [f for f in read(self.open(where))[1] if f.action.endswith("/seats/")]
        self.send(where, form, agencies=seats)
        return list(dict.fromkeys(re.findall(r"/meetings/items/\d+/", self.open(where))))

    def decide(self, path: str, form: Form, words: str) -> bool:
        """Record that more is asked before it is decided; say whether the hub acknowledged it."""
        given = {"outcome": "NOT_DECIDED", "rationale": words}
        given |= {"missing_from": "The school", "missing_by": "31/12/2030"}
        try:
            answer = self.send(path, form, **given)
        except requests.RequestException:
            return False
        assert answer.status_code in (302, 502, 503, 500), answer.text
        return answer.status_code == 302


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    data_dir = tmp_path / "data"
    running = Demo(data_dir)
    try:
        yield running
    finally:
        running.stop()
        actions.destroy(data_dir=data_dir)


def test_what_was_acknowledged_in_a_meeting_is_there_once_whatever_was_killed(demo: Demo) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    dice = random.Random(seed)
    recorder = Recorder(demo)
    items = recorder.meeting()
    acknowledged, sent = set(), {}
    with ThreadPoolExecutor(max_workers=1) as hand:
        for number, path in enumerate(items):
            forms = recorder.forms(path, needs="outcome")
            if not forms:
                continue
            words = sent[path] = f"Struck {number}: asked of the school."
            answer = hand.submit(recorder.decide, path, forms[0], words)
            time.sleep(dice.uniform(0, 0.3))
            demo.blow(dice.choice(["web", "web", "database", "tasks"]))
            if answer.result(timeout=60):
                acknowledged.add(words)
    recorder.open("/meetings/")
    standing = ask_superuser(demo.data_dir, STANDING)
    print(f"seed {seed}: {len(sent)} decisions struck, {len(acknowledged)} of them acknowledged, ")
    print(f"{len(standing)} there afterwards")
    found = [str(words) for words, _state in standing]
    assert len(found) == len(set(found))
    assert acknowledged <= set(found) <= set(sent.values())
    assert {state for _words, state in standing} <= {"decided"}
    assert 0 < len(acknowledged) < len(sent)
    # What was not acknowledged can be sent again, and is there once.
    for path, words in sent.items():
        if words not in acknowledged:
            for form in recorder.forms(path, needs="outcome"):
                assert recorder.decide(path, form, words)
    again = sorted(str(words) for words, _state in ask_superuser(demo.data_dir, STANDING))
    assert again == sorted(sent.values())
