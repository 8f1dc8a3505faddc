"""An analyst imports and settles by reference: what says who a child is stays out of sight."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hub.accounts.models import User
from referrals.children.models import ChildDetails
from referrals.grants.actions import restrict
from referrals.identities.actions import identify
from referrals.identities.queries import Referenced
from reporting.extracts.models import ImportConflict
from reporting.extracts.rules.identifying import IDENTIFYING, NAMES_NOBODY
from reporting.extracts.rules.layout import FILES, Kind
from tests.cast import Cast
from tests.make import make_child, make_episode
from tests.recording import typed
from tests.reporting.importing import JODIE, import_files
from tests.reporting.settling import recorded_in_the_hub
from tests.reporting.uploading import received, work, zipped
from tests.second_wall import requests_as_application

pytestmark = pytest.mark.django_db
WHO = ("Fenwick", "Marsh", "Merrow", "Jodie", "2001")
NUMBERS = {
    *("child_id", "episode_id", "crime_ref", "suspect_id"),
    *("occurrence_id", "missing_id", "victim_child_id"),
}


def test_every_text_of_an_extract_is_known_to_name_somebody_or_nobody() -> None:
    texts = {
        column.name
        for file in FILES
        for column in file.columns
        if column.kind in (Kind.TEXT, Kind.NHS_NUMBER, Kind.UPN)
    }
    births = {column.name for file in FILES for column in file.columns if "birth" in column.name}
    assert texts | births == IDENTIFYING | NAMES_NOBODY | NUMBERS
    assert not IDENTIFYING & NAMES_NOBODY


@pytest.fixture
def conflict(cast: Cast, amira: User, tmp_path: Path) -> ImportConflict:
    """An extract that calls a child otherwise than the hub does, and gives another gender."""
    import_files(tmp_path / "a")
    recorded_in_the_hub("referrals_childdetails", amira, surname="Marsh", gender="M")
    import_files(tmp_path / "b", children=[{**JODIE, "surname": "Merrow"}])
    return ImportConflict.objects.get()


def text(client: Client, address: str) -> str:
    with requests_as_application():
        answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def met(page: str) -> set[str]:
    return {word for word in WHO if word in page}


def test_a_conflict_says_that_names_differ_and_shows_none(
    conflict: ImportConflict, analyst: Client
) -> None:
    for address in ("/imports/conflicts/", f"/imports/conflicts/{conflict.pk}/"):
        assert met(text(analyst, address)) == set()
    page = text(analyst, f"/imports/conflicts/{conflict.pk}/")
    assert page.count("<strong>Differs</strong>") == 2
    assert page.count("Not shown</td>") == 6  # both sides of names and day of birth
    assert f'href="/by-reference/{conflict.child_id}/"' in page


def test_with_a_reason_both_names_are_shown_and_the_conflict_is_settled_behind_the_wall(
    conflict: ImportConflict, analyst: Client, ana: User
) -> None:
    address = f"/imports/conflicts/{conflict.pk}/"
    assert conflict.child is not None
    child = Referenced(conflict.child.pk, conflict.partnership_id, conflict.child.reference)
    identify(child=child, because="Which name is right?", by=ana)
    assert met(text(analyst, address)) >= {"Marsh", "Merrow", "Jodie"}
    with requests_as_application():
        answers = typed(analyst.get(address), stands="extract", reason="The register says so.")
        answer = analyst.post(address, answers)
    assert answer.status_code == 302
    assert ChildDetails.objects.known().get(child=conflict.child).surname == "Merrow"


def test_a_planted_fault_is_seen(
    conflict: ImportConflict, analyst: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.imports.views.pages.IDENTIFYING", frozenset())
    assert met(text(analyst, f"/imports/conflicts/{conflict.pk}/")) >= {"Marsh", "Merrow"}


@pytest.mark.parametrize("path", ["strategic.episodes", "tactical.open"])
def test_to_an_analyst_a_figure_gives_references_alone(
    path: str, cast: Cast, amira: User, dev: User, analyst: Client
) -> None:
    child = make_child(partnership=cast.bradford, by=amira)
    make_episode(child=child, by=amira, referred_on=date(2015, 5, 3))
    at = f"/reports/appendix1/figure/?year_start=1/4/2015&snapshot=29/3/2016&figure={path}"
    page = text(analyst, at)
    assert f'href="/by-reference/{child.pk}/">{child.reference}</a>' in page
    assert met(page) == set()
    assert "Name of the child" not in page
    restrict(child=child, because="Confidential in social care.", by=dev)
    page = text(analyst, at)
    assert child.reference not in page
    assert "Not shown to you" in page


@pytest.mark.usefixtures("uploads", "hurried")
def test_the_list_of_faults_gives_line_and_column_and_no_name(
    cast: Cast, analyst: Client, ana: User, tmp_path: Path
) -> None:
    wrong: list[Any] = [
        {**JODIE, "nhs_number": "9434765918", "date_of_birth": "3.5.2001", "gender": "Q"}
    ]
    upload = work(received(zipped(tmp_path, children=wrong), ana, cast.bradford))
    page = text(analyst, f"/imports/{upload.pk}/faults/")
    assert "date_of_birth" in page
    assert "3.5.2001" not in page
    assert "(not shown: see the extract)" in page
    assert "is none of F, M, U" in page
    assert ">Q<" in page
