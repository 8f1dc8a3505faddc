"""Importing on the page: an analyst's story, bad files, two clicks, two people, another partnership."""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.facts.models import FactSource
from referrals.children.models import Child
from reporting.imports.models import ExtractUpload
from reporting.imports.rules import State
from tests.cast import Cast
from tests.reporting.importing import JODIE, level, write_extract
from tests.reporting.uploading import (
    UPLOAD,
    confirm_on_page,
    faulty,
    received,
    send,
    text_of,
    work,
    zip_of,
    zipped,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads", "hurried")]
Capture = Callable[..., Any]


# --- the story ---------------------------------------------------------------------------------------


def test_an_analyst_uploads_sees_what_would_change_confirms_and_reads_the_reconciliation(
    analyst: Client,
    ana: User,
    cast: Cast,
    tmp_path: Path,
    uploads: Path,
    hurried: list[int],
    django_capture_on_commit_callbacks: Capture,
) -> None:
    content = zipped(tmp_path / "x", risk_levels=[level("2015-04-03", "HIGH")])
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(analyst, content, "../March <extract>.zip")
    upload = ExtractUpload.objects.get()
    address = f"/imports/{upload.pk}/"
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert hurried == [upload.pk]

    page = analyst.get(address)
    assert page.headers["Refresh"] == "3"
    assert "Waiting to be checked" in text_of(page)
    assert "Refresh" not in analyst.get(f"{address}?still=1").headers

    work(upload)
    page = analyst.get(address)
    assert "Refresh" not in page.headers
    assert "Nothing is imported yet" in text_of(page)
    assert "March _extract_.zip" in text_of(page)
    figures = {name: (before, after) for name, before, after in upload.result["headline"]}  # type: ignore[index]
    assert figures["episodes"] == (2, 3)
    assert list(figures)[:3] == ["children", "episodes", "open episodes"]
    assert not Child.objects.filter(reference="C1").exists()
    assert not FactSource.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        confirm_on_page(analyst, upload)
    assert hurried == [upload.pk, upload.pk]
    with django_capture_on_commit_callbacks(execute=True):
        work(upload)
    page = analyst.get(address)
    assert "Imported" in text_of(page)
    assert f"by {ana.name}" in text_of(page)
    assert Child.objects.get(reference="C1").partnership == cast.bradford
    source = FactSource.objects.get()
    assert (source.by, source.label) == (ana, "March _extract_.zip")
    assert AuditEvent.objects.get(event="extract.imported").reference == "March _extract_.zip"
    assert [path.suffix for path in uploads.iterdir()] == [".csv"]
    assert f"Import {upload.pk}" in text_of(analyst.get("/imports/"))


def test_each_step_is_on_the_trail_under_the_name_of_who_took_it(
    analyst: Client, ana: User, cast: Cast, tmp_path: Path
) -> None:
    upload = work(received(zipped(tmp_path / "x"), ana, cast.bradford))
    analyst.get(f"/imports/{upload.pk}/")
    confirm_on_page(analyst, upload)
    work(upload)
    events = AuditEvent.objects.filter(username="ana").order_by("pk")
    assert list(events.values_list("event", flat=True)) == [
        "import.uploaded",
        "import.checked",
        "import.viewed",
        "import.confirmed",
        "extract.imported",
        "import.done",
    ]
    assert events[0].after["sha256"] == upload.sha256  # type: ignore[index]


def test_an_upload_is_kept_where_nobody_else_can_read_it(
    ana: User, cast: Cast, tmp_path: Path, uploads: Path
) -> None:
    content = zipped(tmp_path / "x")
    upload = received(content, ana, cast.bradford)
    (kept,) = uploads.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(uploads.stat().st_mode) == 0o700
    assert kept.read_bytes() == content
    assert upload.sha256 == hashlib.sha256(content).hexdigest()
    assert "march" not in kept.name
    other = received(content, ana, cast.bradford)
    assert other.stored_as != upload.stored_as


def test_what_is_on_record_already_changes_nothing_and_offers_no_button(
    analyst: Client, ana: User, cast: Cast, tmp_path: Path
) -> None:
    content = zipped(tmp_path / "x")
    first = work(received(content, ana, cast.bradford))
    confirm_on_page(analyst, first)
    work(first)
    again = work(received(content, ana, cast.bradford))
    page = text_of(analyst.get(f"/imports/{again.pk}/"))
    assert "would change no record" in page
    assert "Import this extract" not in page


# --- bad files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.zip", b"not a zip at all", "not a whole .zip file"),
        ("march.csv", b"a,b", "The file must be a .zip"),
        ("march.zip", b"", "The file is empty"),
    ],
)
def test_what_is_no_zip_is_refused_beside_the_field(
    name: str, content: bytes, said: str, analyst: Client
) -> None:
    answer = send(analyst, content, name, skip_bad_rows="on")
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "<title>Error: Upload an extract" in text_of(answer)
    assert "checked" in text_of(answer)
    assert not ExtractUpload.objects.exists()


def test_a_zip_that_was_cut_short_is_refused(analyst: Client, tmp_path: Path) -> None:
    content = zipped(tmp_path / "x")
    answer = send(analyst, content[: len(content) // 2])
    assert "Make it again, or copy it again" in text_of(answer)


def test_a_form_without_a_file_says_so(analyst: Client) -> None:
    answer = analyst.post(UPLOAD, {})
    assert answer.status_code == 422
    assert "Choose the .zip file" in text_of(answer)


def test_a_long_name_is_cut_and_what_is_no_file_is_asked_for_again(
    analyst: Client, tmp_path: Path
) -> None:
    assert send(analyst, zipped(tmp_path / "x"), f"{'a' * 300}.zip").status_code == 302
    assert len(ExtractUpload.objects.get().file_name) == 100
    form = {"file": "march.zip"}
    for sent in (analyst.post(UPLOAD, form), analyst.generic("POST", UPLOAD, b"file=march.zip")):
        assert sent.status_code == 422
        assert 'id="id_file_error"' in text_of(sent)
        assert "Choose the .zip file" in text_of(sent)


@pytest.mark.parametrize("limit", [1_000, 2_000_000])
def test_a_file_beyond_the_limit_is_never_kept(
    limit: int, analyst: Client, settings: Any, uploads: Path
) -> None:
    settings.UPLOAD_LIMIT = limit
    answer = send(analyst, zip_of({"children.csv": os.urandom(limit + 10_000)}))
    assert answer.status_code == 422
    assert "The file is larger than" in text_of(answer)
    assert not uploads.exists() or not list(uploads.iterdir())


def test_a_stranger_s_file_is_not_even_taken(client: Client, uploads: Path) -> None:
    assert send(client, b"x" * 100).status_code == 302
    assert not uploads.exists()


def test_a_zip_that_unpacks_to_far_more_than_any_extract_is_refused(
    ana: User, cast: Cast, settings: Any
) -> None:
    settings.UPLOAD_LIMIT = 100_000
    content = zip_of({"children.csv": b"0" * 2_000_000})
    assert len(content) < 10_000
    upload = work(received(content, ana, cast.bradford))
    assert upload.state == State.FAULTY
    assert "larger than 1 MB" in upload.message


def with_flag(content: bytes) -> bytes:
    """The same .zip, each member marked as encrypted: in its own header and in the directory."""
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = content.split(mark)
        changed = [part[: place - 4] + b"\x01" + part[place - 3 :] for part in parts[1:]]
        content = mark.join([parts[0], *changed])
    return content


def with_size(content: bytes, size: int) -> bytes:
    """The same .zip, whose directory says that its one member unpacks to so many bytes."""
    at = content.index(b"PK\x01\x02") + 24
    return content[:at] + size.to_bytes(4, "little") + content[at + 4 :]


DAMAGED = {
    "an encrypted file": with_flag(zip_of({"children.csv": b"child_id\n"})),
    "a file larger than it says": with_size(zip_of({"children.csv": b"a" * 900_000}), 100),
    "a file smaller than it says": with_size(zip_of({"children.csv": b"a" * 100}), 900_000),
    "no file at all": zip_of({}),
    "files in two folders": zip_of({"a/children.csv": b"a", "b/episodes.csv": b"a"}),
    "a .zip in a .zip": zip_of({"march.zip": zip_of({"children.csv": b"a"})}),
    "an empty file": zip_of({"children.csv": b"", "episodes.csv": b""}),
    "nothing of the extract": zip_of({"letter.txt": b"a"}),
    "a file outside itself": zip_of({"../children.csv": b"a"}),
    "a file that is spoilt": zip_of({"children.csv": b"child_id\nABCDEFGH\n" * 9}).replace(
        b"\xcb", b"\xcc", 1
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_zip_that_is_no_extract_is_told_in_the_name_that_the_person_knows(
    name: str, analyst: Client, ana: User, cast: Cast, uploads: Path
) -> None:
    upload = work(received(DAMAGED[name], ana, cast.bradford))
    assert upload.state == State.FAULTY
    assert upload.message
    page = text_of(analyst.get(f"/imports/{upload.pk}/"))
    assert "Refused: it has faults" in page
    assert str(uploads) not in page
    assert not Child.objects.filter(reference="C1").exists()


def test_a_zip_of_very_many_files_is_told_in_a_few_lines(
    analyst: Client, ana: User, cast: Cast, tmp_path: Path
) -> None:
    write_extract(tmp_path / "x")
    extract = {path.name: path.read_bytes() for path in (tmp_path / "x").iterdir()}
    others = {f"letter-{number}.txt": b"" for number in range(2_000)}
    upload = work(received(zip_of({**extract, **others}), ana, cast.bradford))
    assert upload.state == State.CHECKED
    page = text_of(analyst.get(f"/imports/{upload.pk}/"))
    assert page.count("is not a file of the extract") == 50
    assert "... and 1,950 more." in page


def test_faults_are_listed_by_page_and_given_as_a_file_that_a_spreadsheet_may_open(
    analyst: Client,
    ana: User,
    cast: Cast,
    tmp_path: Path,
    uploads: Path,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload = work(received(faulty(tmp_path, 60), ana, cast.bradford))
    assert (upload.state, upload.fault_count) == (State.FAULTY, 60)
    assert [path.suffix for path in uploads.iterdir()] == [".csv"]
    address = f"/imports/{upload.pk}/"
    assert "60 faults" in text_of(analyst.get(address))
    first = text_of(analyst.get(f"{address}faults/"))
    last = text_of(analyst.get(f"{address}faults/?page=9"))
    assert "1 to 50 of 60 faults and warnings." in first
    assert "51 to 60 of 60 faults and warnings." in last
    assert first.count("is none of F, M, U") == 50
    assert last.count("is none of F, M, U") == 10
    answer: Any = analyst.get(f"{address}faults.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "kind,file,line,column,problem,value"
    assert lines[1] == 'fault,children.csv,3,gender,"is none of F, M, U",\'=Q'
    assert len(lines) == 61
    assert AuditEvent.objects.filter(event="import.faults_downloaded", verb="disclosure").exists()
    assert confirm_on_page(analyst, upload).status_code == 409


def test_bad_rows_can_be_left_out_when_the_analyst_asked_for_it(
    analyst: Client, ana: User, cast: Cast, tmp_path: Path
) -> None:
    send(analyst, faulty(tmp_path), skip_bad_rows="on")
    upload = work(ExtractUpload.objects.get())
    assert (upload.state, upload.fault_count) == (State.CHECKED, 2)
    assert upload.result["files"][0]["refused"] == 2  # type: ignore[index]
    confirm_on_page(analyst, upload)
    work(upload)
    assert upload.state == State.IMPORTED
    assert Child.objects.filter(reference="C1").exists()
    assert not Child.objects.filter(reference__startswith="B").exists()


# --- two clicks, two people --------------------------------------------------------------------------


def test_a_second_click_does_nothing_twice(
    analyst: Client, ana: User, cast: Cast, tmp_path: Path
) -> None:
    upload = work(received(zipped(tmp_path / "x"), ana, cast.bradford))
    confirm_on_page(analyst, upload)
    again = confirm_on_page(analyst, upload)
    assert "confirmed already; nothing is done twice" in text_of(again)
    work(upload)
    work(upload)
    assert "confirmed already" in text_of(confirm_on_page(analyst, upload))
    assert AuditEvent.objects.filter(event="extract.imported").count() == 1
    assert AuditEvent.objects.filter(event="import.confirmed").count() == 1


def test_one_person_cancels_while_another_looks(
    analyst: Client,
    ana: User,
    cast: Cast,
    tmp_path: Path,
    uploads: Path,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    upload = work(received(zipped(tmp_path / "x"), ana, cast.bradford))
    seen_by_another = ExtractUpload.objects.get(pk=upload.pk)
    with django_capture_on_commit_callbacks(execute=True):
        page = analyst.post(f"/imports/{upload.pk}/cancel/", follow=True)
    assert "cancelled it, and its file was deleted" in text_of(page)
    assert [path.suffix for path in uploads.iterdir()] == [".csv"]
    assert confirm_on_page(analyst, seen_by_another).status_code == 409
    assert analyst.post(f"/imports/{upload.pk}/cancel/").status_code == 409
    upload.refresh_from_db()
    assert work(upload).state == State.CANCELLED


def test_what_was_confirmed_is_what_is_done_or_it_is_checked_again(
    analyst: Client, ana: User, cast: Cast, tmp_path: Path
) -> None:
    one = work(received(zipped(tmp_path / "x"), ana, cast.bradford))
    two = work(received(zipped(tmp_path / "y", children=[JODIE]), ana, cast.bradford))
    looked_at = two.state_since
    confirm_on_page(analyst, one)
    work(one)
    confirm_on_page(analyst, two)
    assert work(two).state == State.UPLOADED
    assert work(two).state == State.CHECKED
    page = text_of(analyst.get(f"/imports/{two.pk}/"))
    assert "What the hub holds has changed since the check" in page
    assert two.confirmed_by is None
    stale = analyst.post(f"/imports/{two.pk}/confirm/", {"seen": looked_at.isoformat()})
    assert stale.status_code == 409
    assert FactSource.objects.count() == 1


def test_one_who_lost_the_right_after_confirming_imports_nothing(
    analyst: Client, ana: User, cast: Cast, tmp_path: Path
) -> None:
    upload = work(received(zipped(tmp_path / "x"), ana, cast.bradford))
    confirm_on_page(analyst, upload)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert work(upload).state == State.FAILED
    assert "Your role does not include this" in upload.message
    assert not FactSource.objects.exists()
