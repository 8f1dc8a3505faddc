"""The engines' own configuration files, as text."""

from __future__ import annotations

from hub.engines.rules import Places

# Sockets only, and a password from everybody: without this the roles would mean nothing.
# `all` is every database; a copy of the whole cluster is asked for by another word.
PG_HBA = """\
# type  database     user      method
local   all          all       scram-sha-256
local   replication  postgres  scram-sha-256
"""

_POSTGRES = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    # Sized for a small machine that runs the web server and the worker too.
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    # What the hub has acknowledged must outlive a crash, also in the demo.
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    # A parallel query wants shared memory, of which a container often has 64 MB only.
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "'iso, dmy'",
    "lc_messages": "C",
    "default_text_search_config": "'pg_catalog.english'",
    "log_line_prefix": "'%m [%p] %u@%d '",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


def postgres_conf(places: Places) -> str:
    """The whole of postgresql.conf.

    Statements and their values never reach the log: they hold what is known about children.
    """
    folder = str(places.sockets).replace('"', '""').replace("'", "''")
    lines = [f"{name} = {value}" for name, value in _POSTGRES.items()]
    return "\n".join([*lines, f"unix_socket_directories = '\"{folder}\"'", ""])


def valkey_conf(places: Places) -> str:
    """The whole of valkey.conf: a socket, no port, and every change written to a file."""
    return "\n".join(
        [
            "port 0",
            f"unixsocket {_quoted(places.socket('valkey'))}",
            "unixsocketperm 700",
            f"dir {_quoted(places.data('valkey'))}",
            f"pidfile {_quoted(places.pid_file('valkey'))}",
            "daemonize no",
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "loglevel notice",
            "",
        ]
    )


def _quoted(path: object) -> str:
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
