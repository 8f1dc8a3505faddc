"""What the stories of uploads share, and those of the demo, which is laid once for a file."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.days.rules import noon
from reporting.demo.actions import bring_up_to_date, set_up_partners
from reporting.demo.rules import bradford, write_extract
from reporting.extracts.actions import import_extract
from tests.cast import Cast, ClientFor
from tests.laid import KINDS, TABLE, lay_the_cast, load_scales

OF_2016 = date(2016, 9, 30)


@pytest.fixture
def uploads(settings: Any, tmp_path: Path) -> Path:
    """The folder of uploads, not there yet."""
    settings.UPLOADS_DIR = settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers for which a worker was called."""
    called: list[int] = []
    monkeypatch.setattr("reporting.imports.views.hurry", called.append)
    return called


@pytest.fixture
def analyst(ana: User, client_for: ClientFor) -> Client:
    """The intelligence officer's browser."""
    return client_for(ana)


def _lay_the_people() -> None:
    load_scales()
    set_up_partners(now=timezone.now(), by=operator())


def _lay_the_demo() -> None:
    _lay_the_people()
    assert bring_up_to_date(partnership="bradford", today=OF_2016, now=noon(OF_2016), by=operator())


def _lay_the_extract_beside_the_cast() -> object:
    cast = lay_the_cast()
    with tempfile.TemporaryDirectory() as folder:
        write_extract(bradford(OF_2016), Path(folder))
        import_extract(
            path=Path(folder), partnership_code="bradford", now=timezone.now(), by=operator()
        )
    return cast


KINDS |= {
    "demo_people": _lay_the_people,
    "demo": _lay_the_demo,
    "cast_with_2016": _lay_the_extract_beside_the_cast,
}


@pytest.fixture
def demo_people(db: None) -> None:
    """The demo's agencies and people, without a child."""
    assert TABLE.kind in ("demo_people", "demo")


@pytest.fixture
def demo(demo_people: None) -> None:
    """The demo of Bradford as it stood on 30 September 2016."""
    assert TABLE.kind == "demo"


@pytest.fixture
def cast_with_2016(cast: Cast) -> Cast:
    """The cast, whose Bradford took in that demo's extract."""
    assert TABLE.kind == "cast_with_2016"
    return cast
