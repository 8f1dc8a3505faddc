"""Valkey, a Redis server: a plain process on a socket, every change on disk within a second."""

from __future__ import annotations

import socket

from hub.engines import config
from hub.engines.folders import write_private
from hub.engines.processes import Account, Launch
from hub.engines.rules import Places
from hub.engines.software import Programs


def prepare(places: Places, programs: Programs, account: Account | None) -> Launch:
    """Write the configuration and say how to start the server."""
    conf = places.conf("valkey.conf")
    write_private(conf, config.valkey_conf(places), account)
    places.pid_file("valkey").unlink(missing_ok=True)
    return Launch([programs.valkey, conf], places.lock("valkey"), places.log("valkey"),
                  places.data("valkey"), account)  # fmt: skip


def answers(places: Places) -> bool:
    """Whether the server answers a PING; one that is still reading its data does not."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(places.socket("valkey")))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False
