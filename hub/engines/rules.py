"""Where the engines keep things, and what a command needs of them: plain arithmetic, no effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

Engine = Literal["postgres", "valkey"]
ENGINES: tuple[Engine, ...] = ("postgres", "valkey")

PROJECT = Path(__file__).resolve().parents[2]
DEFAULT_DATA_DIR = ".hub"

# A Unix socket's address holds 108 bytes on Linux and 104 on a Mac, its final NUL included.
LONGEST_SOCKET_PATH = 103
POSTGRES_SOCKET = ".s.PGSQL.5432"
POSTGRES_PORT = "5432"
DATABASE = "hub"

_NEED_NO_ENGINE = frozenset(
    {
        "help",
        "version",
        "engines",
        "demo",  # it starts them itself, once it is ready to stop them again
        "collectstatic",
        "findstatic",
        "compilemessages",
        "makemessages",
        "diffsettings",
        "permissions_page",
        "startapp",
        "startproject",
    }
)

# These change the shape of the database or the trail, or read all of it: the application's own role may not.
_AS_OWNER = frozenset(
    {
        "back_up",
        "check_restored",
        "erase_content",
        "migrate",
        "makemigrations",
        "optimizemigration",
        "squashmigrations",
        "showmigrations",
        "sqlmigrate",
        "sqlflush",
        "flush",
        "test",
        "pytest",
    }
)

# Whoever starts these stops the engines too, so a hint how to do it would mislead.
_STOPPED_LATER = frozenset({"pytest", "test"})


@dataclass(frozen=True)
class Places:
    """Every path of one data folder.

    `home` holds what the engines themselves write. It lies inside the data folder; where root
    starts the engines it lies elsewhere, since they run as a user who may not enter the folder.
    """

    data_dir: Path
    home: Path
    sockets: Path

    @property
    def secrets(self) -> Path:
        """Passwords of the database roles and Django's secret key, readable by its owner only."""
        return self.data_dir / "secrets.json"

    @property
    def gate(self) -> Path:
        """The lock that whoever starts or stops engines holds; also the mark of a data folder."""
        return self.data_dir / "engines.lock"

    @property
    def run(self) -> Path:
        """Locks of running processes; a lock lives and dies with the process that holds it."""
        return self.data_dir / "run"

    @property
    def logs(self) -> Path:
        """One log file for each engine and each process of the demo."""
        return self.data_dir / "logs"

    @property
    def software(self) -> Path:
        """The copy of the engines' binaries that an unprivileged user can reach."""
        return self.home / "software"

    def data(self, engine: Engine) -> Path:
        """The engine's own folder, which is also its working directory while it runs."""
        return self.home / engine

    def log(self, name: str) -> Path:
        """The log of an engine or of a process of the demo."""
        return self.logs / f"{name}.log"

    def lock(self, name: str) -> Path:
        """The lock that a running engine, or a running demo, holds."""
        return self.run / f"{name}.lock"

    def ready(self, engine: Engine) -> Path:
        """A file that says: since its last start the engine has answered and is set up."""
        return self.run / f"{engine}.ready"

    def conf(self, name: str) -> Path:
        """A configuration file, written by us and only read by the engine."""
        return self.home / name

    def socket(self, engine: Engine) -> Path:
        """Where the engine listens."""
        name = POSTGRES_SOCKET if engine == "postgres" else "valkey.sock"
        return self.sockets / name

    def pid_file(self, engine: Engine) -> Path:
        """The file in which the engine notes its own process id on its first line."""
        name = "postmaster.pid" if engine == "postgres" else "valkey.pid"
        return self.data(engine) / name


@dataclass(frozen=True)
class Secrets:
    """The random words of one data folder."""

    postgres: str
    hub_owner: str
    hub_app: str
    secret_key: str

    @classmethod
    def names(cls) -> list[str]:
        """The names under which secrets.json keeps them."""
        return [field.name for field in fields(cls)]


@dataclass(frozen=True)
class Urls:
    """How to reach the engines of one data folder.

    `database_url` is the role that web and workers use; `owner_database_url` may change the shape
    of the database and make test databases. `redis_url` is in the form that Celery takes.
    """

    database_url: str
    owner_database_url: str
    redis_url: str


@dataclass(frozen=True)
class Plan:
    """What one run of manage.py (or pytest) wants: engines, a role, a hint how to stop, a key."""

    start: tuple[Engine, ...]
    as_owner: bool
    hint: bool
    needs_key: bool


def data_dir_from(environ: Mapping[str, str]) -> Path:
    """The data folder that `HUB_DATA_DIR` names; a relative name counts from the project."""
    named = environ.get("HUB_DATA_DIR") or DEFAULT_DATA_DIR
    return (PROJECT / Path(named).expanduser()).resolve()


def plan(argv: Sequence[str], environ: Mapping[str, str]) -> Plan:
    """Decide what a command line wants; an address in the environment spares that engine."""
    command = _command_of(argv)
    if command in _NEED_NO_ENGINE:
        return Plan((), as_owner=False, hint=False, needs_key=False)
    start, no_key = missing(environ), not environ.get("HUB_SECRET_KEY")
    passing = command in _STOPPED_LATER
    return Plan(
        start,
        as_owner=command in _AS_OWNER,
        hint=not passing,
        # With servers of one's own the key is one's own as well, but for a test.
        needs_key=no_key and (bool(start) or passing),
    )


def plan_of_a_demo(environ: Mapping[str, str]) -> Plan:
    """What the demo wants: every engine that has no address, and a key in any case."""
    no_key = not environ.get("HUB_SECRET_KEY")
    return Plan(missing(environ), as_owner=False, hint=False, needs_key=no_key)


def missing(environ: Mapping[str, str]) -> tuple[Engine, ...]:
    """The engines for which the environment names no server."""
    given = {"postgres": environ.get("DATABASE_URL"), "valkey": environ.get("REDIS_URL")}
    return tuple(name for name in ENGINES if not given[name])


def _command_of(argv: Sequence[str]) -> str:
    words = list(argv)
    if any(word in {"--help", "-h"} for word in words):
        return "help"
    if "--version" in words:
        return "version"
    if len(words) == 1:
        name = Path(words[0]).name
        return "pytest" if name == "pytest" else "help"
    return words[1] if words else "help"


def socket_fits(folder: Path) -> bool:
    """Whether the longest socket name in this folder is an address that the system takes."""
    return len(bytes(folder / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH


def urls(places: Places, secrets: Secrets) -> Urls:
    """The addresses of a data folder's engines."""
    socket = quote(str(places.socket("valkey")))
    return Urls(
        database_url=_database_url(places, "hub_app", secrets.hub_app),
        owner_database_url=_database_url(places, "hub_owner", secrets.hub_owner),
        redis_url=f"redis+socket://{socket}?virtual_host=0",
    )


def _database_url(places: Places, role: str, password: str) -> str:
    # The port is named because PGPORT in the user's environment would move it.
    where = f"host={quote(str(places.sockets), safe='')}&port={POSTGRES_PORT}"
    return f"postgresql://{role}:{quote(password, safe='')}@/{DATABASE}?{where}"


_ESCAPES = "In a password write %23 for #, %2F for /, %3A for :, %3F for ?, %40 for @."


def parse_database_url(url: str) -> dict[str, object]:
    """Read a `postgresql://` address into Django's NAME, USER, PASSWORD, HOST, PORT and OPTIONS.

    A socket folder is given as `?host=/folder`; other parameters (`sslmode`, ...) go to OPTIONS.
    Raises ValueError, saying what is wrong without repeating the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        # The error's own text quotes what it could not read, which may be a password.
        raise ValueError(f"DATABASE_URL: its host or port cannot be read. {_ESCAPES}") from error
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("DATABASE_URL must start with postgresql://.")
    if parts.fragment:
        raise ValueError(f"DATABASE_URL holds a bare '#'. {_ESCAPES}")
    query = _query_of(parts.query)
    found = {
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": query.pop("port", None) or str(port or ""),
    }
    _require_whole(found)
    return {**found, "OPTIONS": query} if query else {**found}


def _query_of(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text))
    except ValueError as error:
        raise ValueError("DATABASE_URL: after '?' write name=value, joined by '&'.") from error
    return dict(pairs)


def _require_whole(found: Mapping[str, str]) -> None:
    if not found["NAME"] or "/" in found["NAME"]:
        raise ValueError("DATABASE_URL must name one database: postgresql://user@host/name.")
    if not found["USER"]:
        raise ValueError("DATABASE_URL must name a user: postgresql://user@host/name.")
    if found["PORT"] and not (found["PORT"].isdecimal() and 0 < int(found["PORT"]) < 65536):
        raise ValueError("DATABASE_URL: the port must be a number from 1 to 65535.")


def broker_url(redis_url: str) -> str:
    """The form of a Redis address that Celery takes; raises ValueError for another scheme."""
    scheme, path, database = _redis_parts(redis_url)
    return redis_url if scheme != "unix" else f"redis+socket://{path}?virtual_host={database}"


def cache_url(redis_url: str) -> str:
    """The form that redis-py and Django's cache take; raises ValueError for another scheme."""
    scheme, path, database = _redis_parts(redis_url)
    return redis_url if scheme != "redis+socket" else f"unix://{path}?db={database}"


def _redis_parts(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss", "unix", "redis+socket"}:
        raise ValueError("REDIS_URL must start with redis://, rediss:// or unix://.")
    query = dict(parse_qsl(parts.query))
    place = f"{parts.netloc}{parts.path}"
    return parts.scheme, place, query.get("db") or query.get("virtual_host") or "0"
