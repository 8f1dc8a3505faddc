"""What the stories of uploads share: a folder of their own, no queue, the analyst's browser."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hub.accounts.models import User
from tests.cast import ClientFor


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
