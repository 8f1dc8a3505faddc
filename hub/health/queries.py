"""What the parts of the hub say when they are asked: no record is read."""

import secrets
import socket
import ssl
from datetime import datetime
from functools import cache
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from hub.engines.rules import cache_url
from hub.health.models import WORKER, Heartbeat
from hub.health.rules import DatabaseFacts, Readiness, is_fresh

ANSWERS_WITHIN = 2.0  # seconds

# Membership counts as the thing itself: a member of the owner can become the owner.
FACTS = """
SELECT current_user,
    EXISTS (SELECT FROM pg_roles WHERE rolsuper AND pg_has_role(current_user, oid, 'MEMBER')),
    EXISTS (SELECT FROM pg_roles WHERE rolbypassrls AND pg_has_role(current_user, oid, 'MEMBER')),
    EXISTS (
        SELECT FROM pg_class
        WHERE relkind IN ('r', 'p') AND relpersistence <> 't' AND relnamespace = 'public'::regnamespace
            AND pg_has_role(current_user, relowner, 'MEMBER')
    ),
    current_setting('fsync'),
    current_setting('synchronous_commit'),
    ARRAY(
        SELECT DISTINCT relname::text FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
            AND NOT (relrowsecurity AND relforcerowsecurity)
            AND (attname IN ('child_id', 'episode_id', 'victim_child_id') OR relname = 'referrals_child')
        ORDER BY 1
    )
"""


def database_facts() -> DatabaseFacts:
    """Ask the database what its role may do and how it keeps what it acknowledged."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS)
        found = cursor.fetchone()
    role, superuser, bypasses, owns, fsync, commit, without_wall = found
    return DatabaseFacts(
        role, superuser, bypasses, owns, fsync, commit, tuple(without_wall), _lets_anybody_in()
    )


def _lets_anybody_in() -> bool:
    """Try a password that nobody has: trust authentication would make the roles mean nothing."""
    stranger = connection.copy()
    stranger.settings_dict["PASSWORD"] = secrets.token_hex(16)
    try:
        stranger.ensure_connection()  # unlike connect(), it speaks in errors of Django
    except OperationalError:
        return False
    finally:
        stranger.close()
    return True


def readiness(now: datetime) -> Readiness:
    """Ask every part; what cannot be asked because the database is away is None."""
    redis = _redis_answers()
    try:
        migrations, worker = _migrations_applied(), is_fresh(_worker_seen(), now)
    except DatabaseError:
        return Readiness(_database_answers(), None, redis, None)
    return Readiness(True, migrations, redis, worker)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations_applied() -> bool:
    return _migrations_of_the_code() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _migrations_of_the_code() -> frozenset[tuple[str, str]]:
    """Read once: a process runs one version of the code, and reading takes a quarter of a second."""
    return frozenset(MigrationLoader(None).disk_migrations or {})


def _worker_seen() -> datetime | None:
    return Heartbeat.objects.filter(name=WORKER).values_list("seen_at", flat=True).first()


def _redis_answers() -> bool:
    """Ask in Redis's own words: its library would fill five megabytes of each web worker for this one."""
    address = urlsplit(cache_url(settings.CELERY_BROKER_URL))
    who = [unquote(word) for word in (address.username, address.password) if word]
    asked = _command("AUTH", *who) if who else b""
    try:
        with _redis(address) as line, line.makefile("rb") as answers:
            line.sendall(asked + _command("PING"))
            return (not who or answers.readline() == b"+OK\r\n") and (
                answers.readline() == b"+PONG\r\n"
            )
    except OSError:
        return False


def _redis(address: SplitResult) -> socket.socket:
    if address.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(ANSWERS_WITHIN)
        try:
            line.connect(address.path)
        except OSError:
            line.close()
            raise
        return line
    place = address.hostname or "localhost"
    line = socket.create_connection((place, address.port or 6379), ANSWERS_WITHIN)
    if address.scheme == "rediss":
        return ssl.create_default_context().wrap_socket(line, server_hostname=place)
    return line


def _command(*words: str) -> bytes:
    """Write a command as Redis reads it: how many words, and each with its length in bytes."""
    parts = (word.encode() for word in words)
    return b"".join(
        [f"*{len(words)}\r\n".encode()] + [b"$%d\r\n%b\r\n" % (len(part), part) for part in parts]
    )
