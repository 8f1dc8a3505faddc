"""The compose file agrees with the settings and holds what it promises; it has never met an engine here.

Each check names its faults and is tried on a planted one: nobody else would notice a variable that
nothing reads, or a port that is open.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import PurePosixPath
from typing import Any
from unittest.mock import patch

import pytest
import yaml

from deploy import answers
from hub.engines import config, postgres
from tests.house.test_docs import variables_read
from tests.house.trees import ROOT, python_files

Compose = dict[str, Any]
OURS = ("web", "worker", "beat", "migrate")
AS_APPLICATION = ("web", "worker", "beat")
NEEDED = {"DATABASE_URL", "REDIS_URL", "HUB_SECRET_KEY", "HUB_ALLOWED_HOSTS", "HUB_BEHIND_TLS"}
# Not for production, or for tests alone.
NEVER = {"HUB_DEBUG", "HUB_TEST_DB"}
# What whoever runs a hub may want otherwise than the default.
SETTABLE = {
    *("HUB_LOG_LEVEL", "HUB_UPLOAD_MB", "HUB_IDLE_MINUTES", "HUB_SESSION_HOURS"),
    *("HUB_FORMER_SECRET_KEYS", "HUB_TRAIL_FORMER_KEYS"),
    *("HUB_ALERTS_TO", "HUB_EMAIL_HOST", "HUB_EMAIL_FROM", "HUB_EMAIL_TLS"),
}
SECRET = re.compile(r"PASSWORD|SECRET|KEY")
# What one service alone may know.
OF_ONE = {"HUB_TRAIL_KEY": "worker", "HUB_SSO_FILE": "web"}
# There are none before the first change of a key, or where nobody wants them.
FORMER = {"HUB_FORMER_SECRET_KEYS", "HUB_TRAIL_FORMER_KEYS", *OF_ONE}
USED = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")
SAFE = ("fsync", "synchronous_commit", "password_encryption", "log_min_error_statement",
        "log_error_verbosity", "log_parameter_max_length_on_error", "timezone", "jit")  # fmt: skip
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
# The values of one installation, as its .env would give them.
ENV = {
    "HUB_HOST": "hub.example",
    "HUB_TLS": "internal",
    "HUB_SECRET_KEY": "0123456789abcdef" * 5,
    "HUB_ALERTS_TO": "bradford=ig@council.example",
    "HUB_EMAIL_HOST": "mail.example",
    "HUB_EMAIL_USER": "hub",
    "HUB_EMAIL_FROM": "hub@hub.example",
    **dict.fromkeys(
        (
            "POSTGRES_PASSWORD",
            "HUB_OWNER_PASSWORD",
            "HUB_APP_PASSWORD",
            "REDIS_PASSWORD",
            "HUB_EMAIL_PASSWORD",
        ),
        "ab12",
    ),
}


def compose() -> Compose:
    found: Compose = yaml.safe_load(COMPOSE_TEXT)
    return found


def environment(of: Compose, service: str) -> dict[str, str]:
    found: dict[str, str] = of["services"][service].get("environment", {})
    return found


def filled_in(text: str) -> str:
    """A value with the variables of ENV in their places, or their defaults."""

    def value(match: re.Match[str]) -> str:
        default = match[3] if match[2] == "-" else ""
        return ENV.get(match[1], default)

    return USED.sub(value, text)


# --- what is asked of it -----------------------------------------------------------------------------


def wrong_variables(of: Compose) -> Iterator[str]:
    """Variables that no code reads, that are missing, or that production must not have."""
    read = variables_read(python_files("hub"))
    for service in OURS:
        given = set(environment(of, service))
        yield from (f"{service}: nothing reads {name}" for name in sorted(given - read))
        yield from (f"{service}: {name} is missing" for name in sorted(NEEDED - given))
        yield from (f"{service}: {name} has no place here" for name in sorted(NEVER & given))


def forgotten_variables(of: Compose) -> Iterator[str]:
    """Variables that the settings read and that could never be set: they would keep their defaults."""
    for service in OURS:
        unset = SETTABLE - set(environment(of, service))
        yield from (f"{service}: {name} cannot be set" for name in sorted(unset))
        given = set(environment(of, service))
        for name, only in OF_ONE.items():
            if (name in given) is not (service == only):
                yield f"{service}: {name} is for {only} alone"


def wrong_roles(of: Compose) -> Iterator[str]:
    """Who signs in as whom: only the migration is the owner, and past PgBouncer."""
    for service in OURS:
        url = environment(of, service).get("DATABASE_URL", "")
        wanted = ("hub_app", "@pgbouncer:") if service != "migrate" else ("hub_owner", "@db:")
        if f"//{wanted[0]}:" not in url or wanted[1] not in url:
            yield f"{service}: signs in otherwise than as {wanted[0]}{wanted[1]}"


def open_doors(of: Compose) -> Iterator[str]:
    """Ports, rights and networks beyond what each service needs."""
    for name, service in of["services"].items():
        tried = {
            "publishes a port": name != "proxy" and bool(service.get("ports")),
            "writes its own file system": service.get("read_only") is not True,
            "keeps rights": service.get("cap_drop") != ["ALL"],
            "may gain rights": service.get("security_opt") != ["no-new-privileges:true"],
            "shares the machine": bool(service.get("privileged") or service.get("network_mode")),
            "stands outside the back network": name not in {"web", "proxy"}
            and service.get("networks") != (["mail", "back"] if name == "worker" else ["back"]),
        }
        yield from (f"{name}: {fault}" for fault, is_so in tried.items() if is_so)
    if of["networks"]["back"] != {"internal": True}:
        yield "the back network reaches the world"


def silent_services(of: Compose) -> Iterator[str]:
    """Services of which nobody would know that they are ill."""
    for name, service in of["services"].items():
        if name != "migrate" and "healthcheck" not in service:
            yield f"{name}: has no health check"
        if name != "migrate" and service.get("restart") != "unless-stopped":
            yield f"{name}: stays down"


def lossy_database(of: Compose) -> Iterator[str]:
    """Settings of the database that differ from those which the demo and the tests run with."""
    words = [word.removeprefix("-c").partition("=") for word in of["services"]["db"]["command"]]
    given = {name: value for name, _, value in words}
    for name in SAFE:
        if given.get(name) != config._POSTGRES[name]:
            yield f"db: {name} is {given.get(name)}"


def lost_journal(of: Compose) -> Iterator[str]:
    """What would keep the database's journal from leaving for a folder outside it: docs/operations.md."""
    service = of["services"]["db"]
    words = " ".join(service["command"])
    kept = [volume for volume in service["volumes"] if volume.endswith(":/archive")]
    if "-carchive_mode=on" not in words:
        yield "db: keeps no journal"
    if not re.search(r"-carchive_timeout=\d\d\b", words):
        yield "db: its journal may stay for minutes"
    if "/archive/wal/%f" not in words or not kept:
        yield "db: its journal goes nowhere"
    if any(volume.split(":")[0] in of["volumes"] for volume in kept):
        yield "db: its journal stays beside it"


def soft_secrets(of: str) -> Iterator[str]:
    """Variables that may be forgotten, and passwords with a default."""
    for name, kind, said in USED.findall(of):
        if SECRET.search(name) and kind != "?" and name not in FORMER:
            yield f"{name} may be missing"
        if kind == "?" and not said.startswith(f"set {name} to "):
            yield f"{name}: what to set it to is not said"
        if kind == "":
            yield f"{name} may be empty"


CHECKS: list[Callable[[Compose], Iterator[str]]] = [
    wrong_variables,
    forgotten_variables,
    wrong_roles,
    open_doors,
    silent_services,
    lossy_database,
    lost_journal,
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_compose_file_holds(check: Callable[[Compose], Iterator[str]]) -> None:
    assert list(check(compose())) == []


def test_nothing_starts_without_its_secrets() -> None:
    assert list(soft_secrets(COMPOSE_TEXT)) == []


def planted(path: str, value: object) -> Compose:
    """The compose file with one thing changed; None removes it."""
    whole = deepcopy(compose())
    *way, last = path.split(".")
    place = whole
    for word in way:
        place = place[word]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return whole


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("services.web.environment.HUB_NOTHING", "1", "nothing reads HUB_NOTHING"),
        ("services.worker.environment.REDIS_URL", None, "worker: REDIS_URL is missing"),
        ("services.web.environment.HUB_UPLOAD_MB", None, "web: HUB_UPLOAD_MB cannot be set"),
        ("services.web.environment.HUB_DEBUG", "1", "HUB_DEBUG has no place here"),
        ("services.web.environment.HUB_TRAIL_KEY", "ab", "web: HUB_TRAIL_KEY is for worker alone"),
        ("services.web.environment.HUB_SSO_FILE", None, "web: HUB_SSO_FILE is for web alone"),
        (
            "services.web.environment.DATABASE_URL",
            "postgresql://hub_owner:x@db:5432/hub",
            "hub_app",
        ),
        ("services.db.ports", ["5432:5432"], "db: publishes a port"),
        ("services.web.read_only", False, "web: writes its own file system"),
        ("services.redis.cap_drop", None, "redis: keeps rights"),
        ("services.beat.security_opt", [], "beat: may gain rights"),
        ("services.web.privileged", True, "web: shares the machine"),
        ("services.db.networks", ["front"], "db: stands outside"),
        ("services.worker.networks", ["back"], "worker: stands outside"),  # no alert would leave
        ("networks.back", {}, "the back network reaches the world"),
        ("services.worker.healthcheck", None, "worker: has no health check"),
        ("services.web.restart", "no", "web: stays down"),
        ("services.db.command", ["postgres", "-cfsync=off"], "db: fsync is off"),
        ("services.db.command", ["postgres"], "db: keeps no journal"),
        ("services.db.command", ["postgres", "-carchive_timeout=600"], "db: its journal may stay"),
        ("services.db.volumes", ["db:/var/lib/postgresql"], "db: its journal goes nowhere"),
        ("services.db.volumes", ["db:/archive"], "db: its journal stays beside it"),
    ],
)
def test_a_planted_fault_is_found(path: str, value: object, said: str) -> None:
    found = [fault for check in CHECKS for fault in check(planted(path, value))]
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize(
    "text",
    ["${HUB_APP_PASSWORD:-hub}", "${HUB_SECRET_KEY}", "${HUB_HOST}", "${HUB_HOST:?oh}"],
)
def test_a_variable_that_may_be_forgotten_is_found(text: str) -> None:
    assert list(soft_secrets(text))


# --- it and its neighbours ---------------------------------------------------------------------------


def test_the_example_names_every_variable_and_gives_no_secret() -> None:
    lines = [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")]
    given = dict(line.split("=", 1) for line in lines)
    used = {match[0]: match[1] for match in USED.findall(COMPOSE_TEXT)}
    assert set(given) == set(used)
    assert {name for name, value in given.items() if not value} == {
        name for name, kind in used.items() if kind == "?" or name in FORMER
    }


@pytest.mark.parametrize("service", OURS)
def test_the_settings_start_on_what_the_compose_file_gives_them(service: str) -> None:
    given = {name: filled_in(text) for name, text in environment(compose(), service).items()}
    code = (
        "from hub import settings as s; d = s.DATABASES['default'];"
        "print(s.BEHIND_TLS, s.DEBUG, d['USER'], d['HOST'], s.ALLOWED_HOSTS)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True
    )
    user, host = ("hub_owner", "db") if service == "migrate" else ("hub_app", "pgbouncer")
    assert result.stdout == f"True False {user} {host} ['hub.example']\n", result.stderr


def test_the_roles_are_made_as_the_demo_makes_them() -> None:
    script = (ROOT / "deploy/postgres/01-roles.sh").read_text()
    for role, rights in postgres._ROLES.items():
        assert f"CREATE ROLE {role} {rights} PASSWORD" in script
    for statement in (
        *postgres._ON_THE_DATABASE,
        postgres._OF_THE_ROLES,
        *postgres._IN_EACH_DATABASE,
    ):
        assert f"{statement};\n" in script


def test_every_file_that_is_copied_into_an_image_is_there() -> None:
    for dockerfile in (ROOT / "Dockerfile", *ROOT.glob("deploy/*/Dockerfile")):
        copied = re.findall(r"^COPY (.+) \S+$", dockerfile.read_text(), re.MULTILINE)
        for name in " ".join(copied).split():
            assert (dockerfile.parent / name).exists(), f"{dockerfile}: {name}"


def test_every_room_is_in_the_image_and_root_runs_nothing() -> None:
    text = (ROOT / "Dockerfile").read_text()
    allowed = (ROOT / ".dockerignore").read_text()
    for folder in ("hub", "partners", "referrals", "risk", "reporting", "templates"):
        assert f"\nCOPY {folder} {folder}\n" in text
        assert f"\n!{folder}\n" in allowed
    assert "--require-hashes" in text
    for dockerfile in (ROOT / "Dockerfile", *ROOT.glob("deploy/*/Dockerfile")):
        assert re.search(r"^USER (?!root)", dockerfile.read_text(), re.MULTILINE), dockerfile


def test_every_own_file_that_a_service_names_is_there() -> None:
    named = re.findall(r"\.?/?(deploy/[\w./-]+\w)", COMPOSE_TEXT)
    assert {PurePosixPath(name) for name in named} >= {PurePosixPath("deploy/postgres")}
    assert [name for name in named if not (ROOT / name).exists()] == []


# --- the question that a container's health asks -----------------------------------------------------


def test_a_page_is_asked_as_the_proxy_asks_and_only_200_is_health(
    live_server: Any,
) -> None:
    with patch.dict("os.environ", HUB_ALLOWED_HOSTS="localhost other"):
        assert answers.status_of(f"{live_server.url}/health/") == 200
        assert answers.status_of(f"{live_server.url}/ready/") == 503
        assert answers.status_of("http://127.0.0.1:9/") == 0
