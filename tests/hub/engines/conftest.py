"""Data folders with engines of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.engines import actions


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with running engines, for tests that leave it as it is."""
    data_dir = tmp_path_factory.mktemp("engines") / "data"
    actions.ensure(data_dir)
    yield data_dir
    actions.destroy(data_dir=data_dir)


@pytest.fixture(scope="session")
def _worn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    data_dir = tmp_path_factory.mktemp("worn") / "data"
    yield data_dir
    actions.destroy(data_dir=data_dir)


@pytest.fixture
def worn(_worn: Path) -> Path:
    """A data folder whose engines each test may stop or kill: it was used before, and goes on being used.

    What a test spoils in it, it puts right. To make a folder anew takes seconds.
    """
    actions.ensure(_worn)
    return _worn


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """The name of a data folder that a test may kill, spoil and remove."""
    data_dir = tmp_path / "own"
    yield data_dir
    actions.destroy(data_dir=data_dir)
