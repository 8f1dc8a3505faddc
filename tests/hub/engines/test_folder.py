"""The data folder: long names, foreign files, other users, removal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import redis

from hub.engines import actions
from hub.engines.processes import EngineError, take
from hub.engines.rules import (
    PROJECT,
    cache_url,
    data_dir_from,
)
from tests.hub.engines.tools import (
    ROOT,
    as_root,
    ask,
    mode,
    places_of,
)


class TestTheDataFolder:
    @pytest.mark.drill
    def test_a_long_name_with_odd_letters_works(self, tmp_path: Path) -> None:
        own = tmp_path / ("a 'long' \"näme\", " * 6) / ("b" * 60)
        try:
            found = actions.ensure(own)
            assert ask(found.database_url, "SELECT 1") == [(1,)]
            assert redis.Redis.from_url(cache_url(found.redis_url)).ping()
            sockets = places_of(own).sockets
            assert mode(sockets) == 0o700
            actions.stop(data_dir=own)
            assert ROOT or not sockets.exists()
        finally:
            actions.destroy(data_dir=own)

    @pytest.mark.parametrize("taken", ["notes.txt", "secrets.json"])
    def test_a_folder_with_other_files_is_refused_and_left_alone(
        self, tmp_path: Path, taken: str
    ) -> None:
        tmp_path.chmod(0o755)
        (tmp_path / taken).write_text("mine")
        with pytest.raises(EngineError, match="holds other files"):
            actions.ensure(tmp_path)
        actions.destroy(data_dir=tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == [taken]
        assert mode(tmp_path) == 0o755

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(EngineError, match="cannot be used"):
            actions.ensure(tmp_path / "file" / "data")

    @as_root
    def test_a_folder_of_another_user_is_refused(self, tmp_path: Path) -> None:
        os.chown(tmp_path, 65534, 65534)
        with pytest.raises(EngineError, match="belongs to user number 65534"):
            actions.ensure(tmp_path)

    @pytest.mark.long
    def test_removal_leaves_nothing(self, own: Path) -> None:
        actions.ensure(own)
        home = places_of(own).home
        actions.destroy(data_dir=own)
        assert not own.exists()
        assert not home.exists()

    @pytest.mark.drill
    def test_removal_waits_for_a_running_demo(self, own: Path) -> None:
        actions.ensure(own)
        lock = take(places_of(own).lock("demo"), seconds=0)
        assert lock is not None
        with pytest.raises(EngineError, match="A demo runs"):
            actions.destroy(data_dir=own)
        os.close(lock)

    def test_a_relative_name_counts_from_the_project(self) -> None:
        assert data_dir_from({}) == PROJECT / ".hub"
        assert data_dir_from({"HUB_DATA_DIR": "x/y"}) == PROJECT / "x" / "y"
