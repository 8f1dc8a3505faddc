"""What the superuser of our own engines, whose password we hold, does so that tests are quick.

Temporary tables lie in memory, where there is some to spare: an import makes sixty of them, and a file system
may be slow to make files. And the owner may let all triggers rest at once (tests/emptied.py).
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
from django.db import connection

from hub.engines import folders
from hub.engines.rules import data_dir_from
from tests.hub.engines.tools import ask_superuser

MEMORY = Path("/dev/shm")  # noqa: S108  # the system's own, of which we take a folder closed to others
ENOUGH = 1_000_000_000


def own_engines() -> Path | None:
    """The data folder of the engines that the tests run on; None where they are somebody else's."""
    data_dir = data_dir_from(os.environ)
    places = folders.find(data_dir)
    ours = places is not None and connection.settings_dict["HOST"] == str(places.sockets)
    return data_dir if ours else None


def let_the_owner_rest_triggers() -> None:
    """Grant it, for this cluster of the tests alone; of two processes that do so at once one may fail."""
    data_dir = own_engines()
    if data_dir:
        with suppress(psycopg2.Error):
            ask_superuser(data_dir, "GRANT SET ON PARAMETER session_replication_role TO hub_owner")


@contextmanager
def temporary_tables_in_memory() -> Iterator[None]:
    """Let this process's connections make their temporary tables in memory, if that can be had."""
    data_dir = own_engines()
    if not (data_dir and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH):
        yield
        return
    name = f"memory_{connection.settings_dict['NAME']}"
    folder = Path(tempfile.mkdtemp(dir=MEMORY, prefix="cse-hub-"))
    folders.private_folder(folder, folders.engines_account())
    try:
        ask_superuser(data_dir, f"DROP TABLESPACE IF EXISTS {name}")  # of a run that was killed
        ask_superuser(data_dir, f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        ask_superuser(data_dir, f"GRANT CREATE ON TABLESPACE {name} TO PUBLIC")
        options = connection.settings_dict.setdefault("OPTIONS", {})
        options["options"] = f"-c temp_tablespaces={name}"
        connection.close()
        yield
        connection.close()
        with suppress(
            psycopg2.Error
        ):  # a connection that is still open keeps it until the next run
            ask_superuser(data_dir, f"DROP TABLESPACE {name}")
    finally:
        shutil.rmtree(folder)
