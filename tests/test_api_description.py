"""The interface does what its description says, whatever is asked: schemathesis tries it in three roles."""

import os
import random
import re
import subprocess
import sys
from typing import Any
from unittest.mock import patch

import pytest
import schemathesis
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings
from requests import Request
from schemathesis import GenerationMode
from schemathesis.checks import ignored_auth
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from hub.interface.api import description
from hub.interface.rules import LARGEST_PAGE, PER_MINUTE, USUAL_PAGE, Scope
from tests.cast import Cast
from tests.house.trees import ROOT
from tests.machines import own_tokens, secret_of
from tests.make import make_address, make_caseload, set_level

ROLES = ("amira", "chloe", "bea")
ANSWERED = ["200", "401", "403", "404", "422"]
CONFIG = {
    "checks": {"positive_data_acceptance": {"expected-statuses": ANSWERED}},
}


def answered(bearer: str, case: Any) -> schemathesis.Response:
    """Send a case by Django's own client, whose requests are answered as the application's role."""
    sent = Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    headers = {name: str(value) for name, value in sent.headers.items()}
    if case.meta.components[ParameterLocation.HEADER].mode is GenerationMode.POSITIVE:
        headers["Authorization"] = (
            f"Bearer {bearer}"  # else what was made up in its place, or nothing
        )
    body: Any = sent.body or b""
    client = Client(raise_request_exception=False)
    kind = headers.pop("Content-Type", "")
    answer = client.generic(str(sent.method), str(sent.path_url), body, kind, headers=headers)
    given = {name.lower(): [value] for name, value in answer.headers.items()}
    return schemathesis.Response(answer.status_code, given, answer.content, sent, 0.0, verify=False)


def try_everything(bearer: str, examples: int, number: int) -> int:
    """Ask each operation what its description allows, and what it does not; give how often was asked."""
    asked = 0
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_dict(description(), config=config)
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # a fault of the description fails here
        for mode in GenerationMode:

            @seed(number)
            @settings(
                max_examples=examples,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                nonlocal asked
                asked += 1
                case.validate_response(answered(bearer, case), excluded_checks=[ignored_auth])

            ask()
    return asked


@pytest.mark.long
def test_the_command_describes_whole_what_no_request_has_asked_for_yet() -> None:
    """In a process of its own: another test of this one may have read the addresses."""
    command = [sys.executable, "manage.py", "api_description", "--check"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_file_of_the_description_is_the_one_that_is_given() -> None:
    call_command("api_description", check=True)
    with (
        patch("hub.management.commands.api_description.description", return_value={"gone": 1}),
        pytest.raises(CommandError),
    ):
        call_command("api_description", check=True)


def test_the_page_shows_how_each_operation_is_asked_and_names_each_scope_and_limit() -> None:
    page = (ROOT / "docs/api.md").read_text()
    asked = {
        re.sub(r"[CE]-0001", "{reference}", path) for path in re.findall(r"HUB(/api[^?\"]*)", page)
    }
    assert asked == set(description()["paths"])
    assert all(f"| `{scope}` |" in page for scope in Scope)
    assert f"more than {PER_MINUTE} requests" in page
    assert f"pages of {USUAL_PAGE}, at most {LARGEST_PAGE}" in page


@pytest.fixture
def told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A few cases with what can be told of them, and no limit to how often a machine may ask."""
    amira = cast.people["amira"]
    make_caseload(partnership=cast.bradford, number=3, by=amira)
    make_address(child=cast.shared.child, by=amira, from_date=cast.shared.referred_on)
    set_level(episode=cast.shared, level="HIGH", set_on=cast.shared.referred_on, by=amira)
    own_tokens(cast)
    monkeypatch.setattr("partners.machines.middleware.PER_MINUTE", 10**9)
    return cast


@pytest.mark.long
@pytest.mark.parametrize("name", ROLES)
def test_the_description_holds(name: str, told: Cast) -> None:
    number = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    print(f"seed {number} (HUB_DRILL_SEED={number})")  # noqa: T201  # so that a failure can be had again
    assert try_everything(secret_of(name), examples=3, number=number) > 20


@pytest.mark.drill
@pytest.mark.parametrize("name", ROLES)
def test_the_description_holds_at_length(name: str, told: Cast) -> None:
    number = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    asked = try_everything(secret_of(name), examples=300, number=number)
    print(f"{name}: seed {number}, asked {asked:,} times", flush=True)  # noqa: T201  # the drill's figures
