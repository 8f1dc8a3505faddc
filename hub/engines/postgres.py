"""PostgreSQL: a cluster with scram everywhere, an owner and an application role."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812  # it is a class

from hub.engines import config
from hub.engines.folders import private_folder, write_private
from hub.engines.processes import (
    Account,
    EngineError,
    Launch,
    clean_environment,
    identity,
    works_in,
)
from hub.engines.rules import DATABASE, POSTGRES_PORT, Places, Secrets
from hub.engines.software import Programs

# The first role may change the shape of the database and make test databases. The second reads
# and writes rows: it owns nothing, is no member of the owner, and row security binds it.
_ROLES = {
    "hub_owner": "LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE NOREPLICATION",
    "hub_app": "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT",
}

_ON_THE_DATABASE = (
    "REVOKE ALL ON DATABASE hub FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE hub TO hub_app",
)

# The owner may step down to the application's role, whom row security binds: tests do. Never the reverse.
_OF_THE_ROLES = "GRANT hub_app TO hub_owner WITH INHERIT FALSE, SET TRUE"

_WHAT_THE_OWNER_MAKES = "ALTER DEFAULT PRIVILEGES FOR ROLE hub_owner IN SCHEMA public"

# Also in template1, so that a test database gives the application's role what the real one does. The
# migrations say for each table whether a row may be deleted; none may be by default.
_IN_EACH_DATABASE = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO hub_app",
    f"{_WHAT_THE_OWNER_MAKES} REVOKE DELETE ON TABLES FROM hub_app",
    f"{_WHAT_THE_OWNER_MAKES} GRANT SELECT, INSERT, UPDATE ON TABLES TO hub_app",
    f"{_WHAT_THE_OWNER_MAKES} GRANT USAGE ON SEQUENCES TO hub_app",
)


def prepare(
    places: Places, secrets: Secrets, programs: Programs, account: Account | None
) -> Launch:
    """Make the cluster if there is none, write its configuration, and say how to start it."""
    data = places.data("postgres")
    if not data.exists():
        _make_cluster(places, secrets, programs, account)
    _clear_stale_pid(places)
    write_private(places.conf("postgresql.conf"), config.postgres_conf(places), account)
    write_private(places.conf("pg_hba.conf"), config.PG_HBA, account)
    return Launch(_command(places, programs), places.lock("postgres"), places.log("postgres"),
                  data, account)  # fmt: skip


def _command(places: Places, programs: Programs) -> list[str | Path]:
    return [
        programs.postgres,
        *("-D", places.data("postgres")),
        *("-c", f"config_file={places.conf('postgresql.conf')}"),
        *("-c", f"hba_file={places.conf('pg_hba.conf')}"),
    ]


def _make_cluster(
    places: Places, secrets: Secrets, programs: Programs, account: Account | None
) -> None:
    """Run initdb in a folder aside and rename it when whole, so that a kill leaves no half."""
    unfinished = places.home / "postgres.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    private_folder(unfinished, account)
    password = places.conf("password.new")
    write_private(password, secrets.postgres, account)
    try:
        _initdb(programs.initdb, unfinished, password, account)
    finally:
        password.unlink()
    unfinished.rename(places.data("postgres"))


def _initdb(program: Path, folder: Path, password: Path, account: Account | None) -> None:
    words = "--username=postgres --auth=scram-sha-256 --encoding=UTF8 --locale=C"
    builtin = "--locale-provider=builtin --builtin-locale=C.UTF-8"
    command: list[str | Path] = [
        program,
        "-D",
        folder,
        f"--pwfile={password}",
        *words.split(),
        *builtin.split(),
    ]
    done = subprocess.run(  # noqa: S603  # our own command
        command,
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        **identity(account),
    )
    if done.returncode != 0:
        raise EngineError(f"initdb could not make a database:\n{done.stdout}{done.stderr}")


def _clear_stale_pid(places: Places) -> None:
    """Remove what a killed server noted of itself: its number may be another process's by now.

    PostgreSQL would refuse to start, also while the dead process is not yet buried. Our lock has
    just shown that no server of ours lives.
    """
    pid = noted_pid(places.pid_file("postgres"))
    if pid is not None and works_in(pid, places.data("postgres")):
        raise EngineError(f"A PostgreSQL that the hub did not start (process {pid}) uses its data.")
    socket = places.socket("postgres")
    for note in (places.pid_file("postgres"), socket, socket.with_name(f"{socket.name}.lock")):
        note.unlink(missing_ok=True)


def noted_pid(path: Path) -> int | None:
    """The process id on the first line of a pid file; None if there is none."""
    try:
        first = path.read_text().split("\n", 1)[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isdecimal() else None


def answers(places: Places, secrets: Secrets) -> bool:
    """Whether the server lets its superuser in; raises EngineError if the password is wrong."""
    try:
        _connect(places, secrets, "postgres").close()
    except psycopg2.OperationalError as error:
        if "password authentication failed" in str(error):
            raise EngineError(
                f"{places.secrets} does not fit the database: restore the file, or remove the data "
                "with 'manage.py engines destroy'."
            ) from error
        return False
    return True


def set_up(places: Places, secrets: Secrets) -> None:
    """Make, or correct, the roles, the database and what each role may do."""
    passwords = {"hub_owner": secrets.hub_owner, "hub_app": secrets.hub_app}
    with _Session(places, secrets, "postgres") as run:
        for role, rights in _ROLES.items():
            _make_role(run, role, rights, passwords[role])
        run(_OF_THE_ROLES)
        _make_database(run)
        for statement in _ON_THE_DATABASE:
            run(statement)
    for database in (DATABASE, "template1"):
        with _Session(places, secrets, database) as run:
            for statement in _IN_EACH_DATABASE:
                run(statement)


class _Session:
    """A superuser's session in which each statement stands alone, as CREATE DATABASE must."""

    def __init__(self, places: Places, secrets: Secrets, database: str) -> None:
        self._connection = _connect(places, secrets, database)
        self._connection.autocommit = True

    def __enter__(self) -> _Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def __call__(self, statement: str | sql.Composable) -> bool:
        """Run a statement; True if it found a row."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.description is not None and cursor.fetchone() is not None


def _connect(places: Places, secrets: Secrets, database: str) -> Connection:
    # Every parameter is named: PGPORT, PGOPTIONS and the like in the environment would lead us off.
    return psycopg2.connect(
        host=os.fspath(places.sockets),
        port=POSTGRES_PORT,
        dbname=database,
        user="postgres",
        password=secrets.postgres,
        options="-c statement_timeout=0",
        sslmode="disable",
        connect_timeout=10,
    )


def _make_role(run: _Session, role: str, rights: str, password: str) -> None:
    name = sql.Identifier(role)
    if not run(sql.SQL("SELECT 1 FROM pg_roles WHERE rolname = {}").format(sql.Literal(role))):
        run(sql.SQL("CREATE ROLE {}").format(name))
    statement = sql.SQL("ALTER ROLE {} WITH " + rights + " PASSWORD {}")
    run(statement.format(name, sql.Literal(password)))


def _make_database(run: _Session) -> None:
    name = sql.Literal(DATABASE)
    if not run(sql.SQL("SELECT 1 FROM pg_database WHERE datname = {}").format(name)):
        run(sql.SQL("CREATE DATABASE {} OWNER hub_owner").format(sql.Identifier(DATABASE)))
