"""The settings: read from the environment, safe where it says nothing, and loud where it is wrong."""

import json
import os
import re
import subprocess
import sys

import pytest

from hub.health.rules import Environment, unsafe_environment
from tests.house.trees import ROOT

NAMES = ("DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
         "SECURE_HSTS_SECONDS", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME",
         "CSRF_TRUSTED_ORIGINS", "CONTENT_SECURITY_POLICY", "SECRET_KEY")  # fmt: skip
OWN = {"DATABASE_URL": "postgresql://hub@localhost/hub", "REDIS_URL": "redis://localhost/0"}
KEY = "".join(chr(97 + n % 26) for n in range(0, 600, 7))
PRODUCTION = {"HUB_BEHIND_TLS": "1", "HUB_SECRET_KEY": KEY, "HUB_ALLOWED_HOSTS": "hub.example"}
LOUD = {
    "a database address of another kind": {"DATABASE_URL": "mysql://hub@localhost/hub"},
    "a database address without a name": {"DATABASE_URL": "postgresql://hub@localhost"},
    "a database port that is a word": {"DATABASE_URL": "postgresql://hub@localhost:many/hub"},
    "an alert for nobody": {"HUB_ALERTS_TO": "bradford"},
    "a queue address of another kind": {"REDIS_URL": "amqp://localhost"},
}
# What is wrong, and the variable that the sentence about it begins with.
UNSAFE = {
    "debugging behind TLS": {**PRODUCTION, "HUB_DEBUG": "1"},
    "no key behind TLS": {**PRODUCTION, "HUB_SECRET_KEY": ""},
    "a short key behind TLS": {**PRODUCTION, "HUB_SECRET_KEY": KEY[:49]},
    "an even key behind TLS": {**PRODUCTION, "HUB_SECRET_KEY": "abab" * 20},
    "Django's example key behind TLS": {**PRODUCTION, "HUB_SECRET_KEY": f"django-insecure-{KEY}"},
    "no host behind TLS": {"HUB_BEHIND_TLS": "1", "HUB_SECRET_KEY": KEY},
    "every host behind TLS": {**PRODUCTION, "HUB_ALLOWED_HOSTS": "*"},
    "hosts of the network without TLS": {"HUB_ALLOWED_HOSTS": "hub.example"},
}
SAYS = ("HUB_DEBUG", "HUB_SECRET_KEY", "HUB_SECRET_KEY", "HUB_SECRET_KEY", "HUB_SECRET_KEY",
        "HUB_ALLOWED_HOSTS", "HUB_ALLOWED_HOSTS", "HUB_ALLOWED_HOSTS")  # fmt: skip


def run(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run Python where the environment holds nothing but this."""
    clean = {"PATH": os.environ["PATH"], **OWN, **environment}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )


def settings(**environment: str) -> dict[str, object]:
    values = f"[getattr(s, name) for name in {NAMES!r}]"
    code = f"import json; from hub import settings as s; print(json.dumps({values}))"
    result = run(code, **environment)
    assert result.returncode == 0, result.stderr
    return dict(zip(NAMES, json.loads(result.stdout), strict=True))


def test_an_empty_environment_is_the_safe_one() -> None:
    found = settings()
    assert found["DEBUG"] is False
    assert found["SECRET_KEY"] == ""
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["CSRF_TRUSTED_ORIGINS"] == []


def test_behind_tls_cookies_and_pages_go_over_tls_alone() -> None:
    plain, behind = settings(), settings(**PRODUCTION)
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        assert (plain[name], behind[name]) == (False, True)
    assert behind["SECURE_HSTS_SECONDS"] == 365 * 24 * 60 * 60
    for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"):
        assert str(behind[name]).startswith("__Host-")


def test_hosts_and_origins_are_lists_of_words() -> None:
    named = {"HUB_ALLOWED_HOSTS": "hub.example other.example"}
    found = settings(**{**PRODUCTION, **named}, HUB_TRUSTED_ORIGINS="https://hub.example")
    assert found["ALLOWED_HOSTS"] == ["hub.example", "other.example"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://hub.example"]


def test_pages_run_no_script_and_no_style_but_our_own_files() -> None:
    policy = json.dumps(settings()["CONTENT_SECURITY_POLICY"])
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("name", LOUD)
def test_a_wrong_address_stops_the_start_and_says_which_variable(name: str) -> None:
    result = run("import hub.settings", **LOUD[name])
    assert result.returncode == 1
    assert next(iter(LOUD[name])) in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(("name", "variable"), list(zip(UNSAFE, SAYS, strict=True)))
def test_an_unsafe_environment_has_one_sentence_that_names_the_variable(
    name: str, variable: str
) -> None:
    (sentence,) = unsafe_environment(environment_of(UNSAFE[name]))
    assert sentence.startswith(f"{variable} ")


def environment_of(given: dict[str, str]) -> Environment:
    return Environment(
        given.get("HUB_BEHIND_TLS") == "1",
        given.get("HUB_DEBUG") == "1",
        given.get("HUB_SECRET_KEY", ""),
        tuple(given.get("HUB_ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]").split()),
    )


def test_production_and_the_demo_are_safe() -> None:
    assert unsafe_environment(environment_of(PRODUCTION)) == []
    assert unsafe_environment(environment_of({})) == []


def test_plain_http_to_the_network_stops_the_start() -> None:
    result = run("import hub.settings", HUB_ALLOWED_HOSTS="hub.example")
    assert result.returncode == 1
    assert "HUB_ALLOWED_HOSTS names hosts beyond this machine" in result.stderr.splitlines()[-1]


def test_every_fault_of_an_environment_is_said_at_once() -> None:
    result = run("import hub.settings", HUB_BEHIND_TLS="1", HUB_DEBUG="1")
    last = result.stderr.splitlines()[-1]
    assert all(name in last for name in ("HUB_DEBUG", "HUB_ALLOWED_HOSTS", "HUB_SECRET_KEY"))


def test_a_password_in_a_wrong_address_is_not_repeated() -> None:
    result = run("import hub.settings", DATABASE_URL="postgresql://hub:lantern@local@host:x/hub")
    assert result.returncode == 1
    assert "lantern" not in result.stderr.splitlines()[-1]


def test_the_settings_of_production_pass_djangos_own_check() -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'hub.settings'\n"
        "from django.core.management import execute_from_command_line as run\n"
        "run(['manage.py', 'check', '--deploy'])"
    )
    result = run(code, **PRODUCTION)
    assert result.returncode == 0, result.stderr
    # Whether browsers are told of the address for good is for the owner of the domain to say.
    assert set(re.findall(r"\w+\.[WEC]\d+", result.stderr)) <= {"security.W021"}
