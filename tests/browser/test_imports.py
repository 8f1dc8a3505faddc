"""Importing in a real browser: an analyst's way by keyboard, without scripts; each page by the rules."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hub.accounts.models import User
from reporting.extracts.models import ImportConflict
from reporting.imports.models import ExtractUpload
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import WIDTHS, faults_by_width
from tests.cast import Cast
from tests.make import set_level
from tests.reporting.importing import JODIE, level
from tests.reporting.uploading import faulty, received, work, zipped

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    for name in ("UPLOADS_DIR", "FILE_UPLOAD_TEMP_DIR"):
        monkeypatch.setattr(settings, name, tmp_path / "uploads")
    monkeypatch.setattr("reporting.imports.views.hurry", lambda number: None)


@pytest.mark.long
def test_an_analyst_imports_and_leaves_the_page_while_it_works(
    cast: Cast, ana: User, open_page: OpenPage, tmp_path: Path
) -> None:
    content = zipped(tmp_path / "x", risk_levels=[level("2015-04-03", "HIGH")])
    (tmp_path / "march.zip").write_bytes(content)
    page = open_page("/", ana)
    page.get_by_label("Menu").get_by_role("link", name="Imports").click()
    page.get_by_role("button", name="Upload an extract").click()
    page.get_by_label("Extract (.zip)").set_input_files(tmp_path / "march.zip")
    page.get_by_role("button", name="Upload and check").press("Enter")
    assert "Waiting to be checked" in page.inner_text("h1")
    expect(page.get_by_role("progressbar")).to_have_count(1)
    page.get_by_role("link", name="Imports").first.click()
    upload = work(ExtractUpload.objects.get())
    page.get_by_role("link", name=f"Import {upload.pk}").click()
    assert "Checked, not yet imported" in page.inner_text("h1")
    page.get_by_role("button", name="Import this extract").press("Enter")
    assert "Waiting to be imported" in page.inner_text("h1")
    work(upload)
    # The page asks again by itself, and needs no script for it.
    page.get_by_role("heading", name=re.compile("Imported$")).wait_for(timeout=15_000)


def a_conflict(cast: Cast) -> ImportConflict:
    """A level that amira set, against a row of an extract."""
    fact = set_level(
        episode=cast.shared,
        level="HIGH",
        set_on=date(2026, 3, 3),
        rationale=JODIE["surname"] * 20,
        by=cast.people["amira"],
    )
    return ImportConflict.objects.create(
        partnership=cast.bradford,
        table="risk_levels",
        key=f"{cast.shared.reference} 2026-03-03",
        in_extract={"level": "LOW", "rationale": "No further concern. " * 9},
        in_hub={"level": "HIGH", "rationale": fact.rationale},
        fact_table="risk_risklevel",
        fact_id=fact.pk,
        found_at=timezone.now(),
    )


def test_a_conflict_is_settled_by_keyboard_alone(
    cast: Cast, ana: User, open_page: OpenPage
) -> None:
    conflict = a_conflict(cast)
    page = open_page(f"/imports/conflicts/{conflict.pk}/", ana)
    settle = page.get_by_role("button", name="Settle this conflict")
    settle.press("Enter")
    assert page.title() == f"Error: Conflict {conflict.pk} - CSE Hub"
    assert faults_by_width(page) == {}
    page.get_by_role("link", name="Choose what stands").press("Enter")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("She told us herself.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("The conflict is settled.").wait_for()
    cast.shared.refresh_from_db()
    assert cast.shared.level == "LOW"


@pytest.mark.drill  # what tests/browser/test_every_page.py tries a sample of
def test_the_pages_of_imports_are_accessible_on_a_phone_and_on_a_desk(
    cast: Cast, ana: User, open_page: OpenPage, tmp_path: Path
) -> None:
    waiting = received(zipped(tmp_path / "a"), ana, cast.bradford)
    checked = work(received(zipped(tmp_path / "b"), ana, cast.bradford))
    refused = work(received(faulty(tmp_path, 60), ana, cast.bradford))
    ExtractUpload.objects.filter(pk=refused.pk).update(file_name="A" * 96 + ".zip")
    conflict = a_conflict(cast)
    addresses = ["", "upload/", "conflicts/", "conflicts/?settled=1", f"conflicts/{conflict.pk}/"]
    addresses += [
        f"{waiting.pk}/?still=1",
        f"{checked.pk}/",
        f"{refused.pk}/",
        f"{refused.pk}/faults/",
    ]
    page = open_page("/imports/", ana)
    faults = {}
    for address in addresses:
        page.goto(page.url.split("/imports/")[0] + "/imports/" + address)
        faults[address] = faults_by_width(page, WIDTHS)
    assert {where: found for where, found in faults.items() if found} == {}


def test_a_form_in_error_leads_to_its_field(cast: Cast, ana: User, open_page: OpenPage) -> None:
    page = open_page("/imports/upload/", ana)
    page.get_by_role("button", name="Upload and check").press("Enter")
    expect(page).to_have_title("Error: Upload an extract - CSE Hub")
    assert faults_by_width(page) == {}
    page.get_by_role("link", name="Choose the .zip file").press("Enter")
    expect(page.locator("#id_file")).to_be_focused()
