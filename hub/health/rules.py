"""What makes a start unsafe, and what makes the hub ready: sentences for whoever runs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Django's own measure of a key (its check security.W009).
SHORTEST_KEY = 50
FEWEST_CHARACTERS = 5
FRESH = timedelta(minutes=2)
PLAIN = (
    "HUB_ALLOWED_HOSTS names hosts beyond this machine while HUB_BEHIND_TLS is not 1: records would "
    "travel unencrypted. Put a TLS proxy before the hub and set it to 1."
)
THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}


@dataclass(frozen=True)
class Environment:
    """The settings on which safety hangs, as the environment gave them."""

    behind_tls: bool
    debug: bool
    secret_key: str
    allowed_hosts: tuple[str, ...]


@dataclass(frozen=True)
class DatabaseFacts:
    """What the database says of the role that the process signs in as, and of its own durability."""

    role: str
    superuser: bool
    bypasses_row_security: bool
    owns_tables: bool
    fsync: str
    synchronous_commit: str
    without_wall: tuple[str, ...] = ()
    lets_anybody_in: bool = False


def unsafe_environment(environment: Environment) -> list[str]:
    """Say, a sentence each, why the settings must not start: empty where they may."""
    elsewhere = [host for host in environment.allowed_hosts if host not in THIS_MACHINE]
    if environment.behind_tls:
        return _unsafe_behind_tls(environment, elsewhere)
    if elsewhere:
        return [PLAIN]
    return []


def _unsafe_behind_tls(environment: Environment, elsewhere: list[str]) -> list[str]:
    tried = {
        "HUB_DEBUG is 1 behind TLS: an error page would show code and records. Remove it.": (
            environment.debug
        ),
        "HUB_ALLOWED_HOSTS names no host behind TLS. Name those that people use, without a `*`.": (
            not elsewhere or any("*" in host for host in elsewhere)
        ),
        "HUB_SECRET_KEY is missing or weak behind TLS: sessions could be forged. "
        "Set 50 random characters or more, the same for all processes.": (
            is_weak(environment.secret_key)
        ),
    }
    return [sentence for sentence, is_so in tried.items() if is_so]


def is_weak(key: str) -> bool:
    """Tell whether a key could be guessed: too short, too even, or one of Django's own making."""
    few = len(set(key)) < FEWEST_CHARACTERS
    return len(key) < SHORTEST_KEY or few or key.startswith("django-insecure-")


def unsafe_database(facts: DatabaseFacts) -> list[str]:
    """Say, a sentence each, why web and workers must not start on this database."""
    role = f"DATABASE_URL signs in as {facts.role}"
    advice = "Web and workers sign in as the application's role (docs/operations.md)."
    tried = {
        f"{role}, a superuser: no rule of the database would bind it. {advice}": facts.superuser,
        f"{role}, which passes by row security: people would see what is hidden. {advice}": (
            facts.bypasses_row_security
        ),
        f"{role}, which owns tables: it could undo their rules. {advice}": facts.owns_tables,
        "The database has fsync off: records would be lost with the machine. Set it on.": (
            facts.fsync != "on"
        ),
        "The database has synchronous_commit off: acknowledged records could be lost. Set it on.": (
            facts.synchronous_commit == "off"
        ),
        f"Row security is not forced on {', '.join(facts.without_wall)}: what is hidden could be "
        "read there. Run the migrations.": bool(facts.without_wall),
        f"The database lets {facts.role} in with any password: who can reach it could read every "
        "record. Set scram-sha-256 in its pg_hba.conf.": facts.lets_anybody_in,
    }
    return [sentence for sentence, is_so in tried.items() if is_so]


@dataclass(frozen=True)
class Readiness:
    """What the parts of the hub say: True, False, or None where it could not be asked."""

    database: bool
    migrations: bool | None
    redis: bool
    worker: bool | None

    @property
    def whole(self) -> bool:
        """Whether every part is as it should be."""
        return all((self.database, self.migrations, self.redis, self.worker))

    def parts(self) -> dict[str, str]:
        """Each part in words."""
        answers = {True: "answers", False: "does not answer"}
        applied = {True: "all applied", False: "not all applied", None: "not known"}
        beating = {True: "at work", False: "not seen for two minutes", None: "not known"}
        return {
            "database": answers[self.database],
            "migrations": applied[self.migrations],
            "redis": answers[self.redis],
            "worker": beating[self.worker],
        }


def is_fresh(seen_at: datetime | None, now: datetime) -> bool:
    """Tell whether a worker was seen within the last two minutes."""
    return seen_at is not None and now - seen_at < FRESH


def addressees(setting: str) -> dict[str, list[str]]:
    """Read to whom each partnership's alerts go: "bradford=a@x.example,b@x.example kirklees=c@y.example".

    Raises ValueError for what cannot be read.
    """
    found = {}
    for word in setting.split():
        code, _, addresses = word.partition("=")
        found[code] = [address for address in addresses.split(",") if address]
        if not code or not found[code] or not all("@" in address for address in found[code]):
            raise ValueError(
                f"{word} cannot be read: HUB_ALERTS_TO is of the form partnership=address,address"
            )
    return found
