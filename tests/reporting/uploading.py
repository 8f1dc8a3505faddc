"""Uploading extracts in tests: a .zip in memory, a worker's hands without a queue, and real workers."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from partners.partnerships.models import Partnership
from reporting.imports.actions import confirm, receive, work_on
from reporting.imports.models import ExtractUpload
from tests.house.trees import ROOT
from tests.reporting.importing import JODIE, Rows, write_extract

UPLOAD = "/imports/upload/"


def zipped(folder: Path, **files: Rows | str | bytes | None) -> bytes:
    """The smallest extract there is, with files added or replaced, as a .zip."""
    write_extract(folder, **files)
    return zip_of({path.name: path.read_bytes() for path in sorted(folder.iterdir())})


def zip_of(files: dict[str, bytes]) -> bytes:
    """A .zip of these files."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def send(client: Client, content: bytes, name: str = "march.zip", **more: str) -> Any:
    """Send the form as a browser does."""
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), **more})


def received(content: bytes, by: User, partnership: Partnership, **more: Any) -> ExtractUpload:
    """An upload that waits for its check."""
    return receive(
        uploaded=SimpleUploadedFile("march.zip", content),
        partnership=partnership,
        skip_bad_rows=more.get("skip_bad_rows", False),
        now=timezone.now(),
        by=by,
    )


def work(upload: ExtractUpload) -> ExtractUpload:
    """Do what a worker does when it is called, and give the row as it then stands."""
    work_on(number=upload.pk, now=timezone.now(), by=operator())
    upload.refresh_from_db()
    return upload


def text_of(response: Any) -> str:
    """A page's text."""
    return str(response.content.decode())


def confirm_on_page(client: Client, upload: ExtractUpload) -> Any:
    """Press the button as the page shows it now."""
    address = f"/imports/{upload.pk}/"
    seen = upload.state_since.isoformat()
    return client.post(f"{address}confirm/", {"seen": seen}, follow=True)


def faulty(tmp_path: Path, rows: int = 2) -> bytes:
    """An extract of which all but the first child have a gender that there is not."""
    bad = [{**JODIE, "child_id": f"B{n}", "gender": "=Q"} for n in range(rows)]
    return zipped(tmp_path / "x", children=[JODIE, *bad])


@contextmanager
def process(code: str, uploads: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A Python of its own with Django, on the test's database and uploads; killed at the end."""
    base = connection.settings_dict
    person = f"{base['USER']}:{quote(base['PASSWORD'], safe='')}"
    where = f"host={quote(base['HOST'], safe='')}"
    where += f"&port={base['PORT']}" if base["PORT"] else ""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        "HUB_DATA_DIR": str(uploads.parent),
        "DATABASE_URL": f"postgresql://{person}@/{base['NAME']}?{where}",
    }
    started = subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def wait_for(upload: ExtractUpload, there: Callable[[], bool]) -> None:
    """Wait until the row, read again and again, is there."""
    for _ in range(600):
        upload.refresh_from_db()
        if there():
            return
        time.sleep(0.1)
    pytest.fail(f"it never came to that: {upload.state}, {upload.step}")


def confirmed(folder: Path, by: User, partnership: Partnership) -> ExtractUpload:
    """An upload that was checked and confirmed."""
    upload = work(received(zipped(folder), by, partnership))
    confirm(upload=upload, seen=upload.state_since.isoformat(), now=timezone.now(), by=by)
    return upload
