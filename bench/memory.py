"""A web worker's memory against that of a bare Django, under the same server and settings."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its types are not among the development tools

from bench.databases import application_url
from bench.figures import Figure
from bench.pages.growth import Asked
from deploy import serving

REQUESTS = 200
READY_WITHIN = 30.0
ROOT = Path(__file__).resolve().parent.parent
WORKERS = serving.workers
HUB = ("--config", "deploy/serving.py", "hub.wsgi")
BARE = ("--worker-class", "gthread", "--threads", str(serving.threads), "bench.bare:application")


def measure(asked: Asked) -> list[Figure]:
    """Serve a bare Django and the hub one after the other, each with as many workers and requests.

    The hub is asked as a person at work asks: signed in, for every kind of page in turn.
    """
    bare = _service(BARE, asked, ["/"])
    shared = _service(("--preload", *BARE), asked, ["/"])
    hub = _service(HUB, asked, [of_kind[0] for of_kind in asked.addresses.values()])
    print(
        f"a web worker's share: {hub:.1f} MB; of bare Django {bare:.1f} MB, {shared:.1f} MB if it too is "
        "loaded before its workers part",
        flush=True,
    )
    return [
        Figure(
            "memory of a web worker against bare Django",
            f"all that serves the web with {WORKERS} workers (PSS, after {REQUESTS} requests), as "
            "deploy/serving.py does, loaded before they part / a Django with one view, as gunicorn serves it",
            hub / bare,
            1.6,
        )
    ]


def _service(words: tuple[str, ...], asked: Asked, addresses: list[str]) -> float:
    """Give a worker's share of the megabytes that the service holds, having answered."""
    cookie = f"sessionid={asked.visitor.client.cookies['sessionid'].value}"
    with _served(words, asked.database) as (server, port):
        for number in range(REQUESTS):
            _get(f"http://127.0.0.1:{port}{addresses[number % len(addresses)]}", cookie)
        main = psutil.Process(server.pid)
        held = sum(each.memory_full_info().pss for each in (main, *main.children()))
        return float(held) / 2**20 / WORKERS


@contextmanager
def _served(what: tuple[str, ...], database: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = _free_port()
    words = (*what[:-1], "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", what[-1])
    environment = {**os.environ, "DATABASE_URL": application_url(database)}
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *words],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield server, port
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + READY_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def _get(address: str, cookie: str) -> None:
    """Open a page; to be sent to sign in would measure another one."""
    request = urllib.request.Request(address, headers={"Cookie": cookie})  # noqa: S310  # our own
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        if answer.url != address:
            raise RuntimeError(f"{address} led to {answer.url}")
        answer.read()
