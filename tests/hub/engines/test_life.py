"""The engines started, raced, killed and stopped, for real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import redis

from hub.engines import actions, folders
from hub.engines.processes import EngineError, held, wait_for
from hub.engines.rules import (
    PROJECT,
    cache_url,
)
from tests.hub.engines.tools import (
    as_root,
    ask,
    ask_superuser,
    connect,
    kill_both,
    pids,
    places_of,
    run_python,
)


class TestLifeAndDeath:
    def test_a_second_start_finds_the_first(self, folder: Path) -> None:
        before = pids(folder)
        assert actions.start(data_dir=folder) == []
        assert pids(folder) == before

    @pytest.mark.long
    def test_of_several_starts_at_once_one_starts(self, own: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from hub.engines import actions;"
            "print(len(actions.start(data_dir=Path(sys.argv[1]))))"
        )
        racers = [run_python(code, str(own)) for _ in range(4)]
        told = [racer.communicate(timeout=60)[0].strip() for racer in racers]
        assert sorted(told) == ["0", "0", "0", "2"]
        assert ask(actions.urls(own).database_url, "SELECT 1") == [(1,)]

    @pytest.mark.long
    def test_killed_engines_start_again_with_their_data(self, worn: Path) -> None:
        found = actions.ensure(worn)
        ask(found.owner_database_url, "CREATE TABLE kept AS SELECT 1 AS one")
        killed = kill_both(worn)
        again = actions.ensure(worn)
        assert again == found
        assert ask(again.owner_database_url, "SELECT one FROM kept") == [(1,)]
        assert redis.Redis.from_url(cache_url(again.redis_url)).ping()
        assert not set(killed.values()) & set(pids(worn).values())

    @pytest.mark.long
    def test_a_killed_server_is_not_taken_for_a_living_one_by_its_last_session(
        self, worn: Path
    ) -> None:
        found = actions.ensure(worn)
        busy = connect(found.database_url)
        with busy.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()
        assert backend is not None
        # Stopped, it cannot notice that its server has died.
        os.kill(backend[0], signal.SIGSTOP)
        kill_both(worn)
        assert held(places_of(worn).lock("postgres"))
        threading.Timer(1, os.kill, (backend[0], signal.SIGCONT)).start()
        assert ask(actions.ensure(worn).database_url, "SELECT 1") == [(1,)]
        busy.close()

    def test_a_noted_process_id_that_is_another_process_now_is_left_alone(self, worn: Path) -> None:
        actions.ensure(worn)
        kill_both(worn)
        places = places_of(worn)
        assert wait_for(lambda: not held(places.lock("postgres")), seconds=10)
        stranger = subprocess.Popen(["/bin/sleep", "60"])
        try:
            for engine in ("postgres", "valkey"):
                places.pid_file(engine).write_text(f"{stranger.pid}\n")
            assert actions.stop(data_dir=worn) == []
            actions.ensure(worn)
            assert stranger.pid not in pids(worn).values()
            actions.stop(data_dir=worn)
            assert stranger.poll() is None
        finally:
            stranger.kill()
            stranger.wait()

    def test_a_start_that_was_killed_half_way_is_completed(self, worn: Path) -> None:
        url = actions.ensure(worn).database_url
        before = pids(worn)
        places_of(worn).ready("postgres").unlink()
        ask_superuser(worn, "ALTER ROLE hub_app NOLOGIN")
        assert actions.start(data_dir=worn) == ["postgres"]
        assert ask(url, "SELECT 1") == [(1,)]
        assert pids(worn) == before

    def test_a_stop_leaves_no_process_and_keeps_the_data(self, worn: Path) -> None:
        found = actions.ensure(worn)
        client = redis.Redis.from_url(cache_url(found.redis_url))
        client.set("word", "kept")
        client.close()
        waiting = connect(found.database_url)
        assert actions.stop(data_dir=worn) == ["valkey", "postgres"]
        waiting.close()
        places = places_of(worn)
        assert list(folders.living_engines(places.home)) == []
        assert [status.running for status in actions.status(data_dir=worn)] == [False, False]
        client = redis.Redis.from_url(cache_url(actions.ensure(worn).redis_url))
        assert client.get("word") == b"kept"
        client.close()

    def test_engines_that_another_command_counts_on_can_be_spared(self, worn: Path) -> None:
        code = (
            "from hub.engines.actions import provide_environment;"
            "provide_environment(['manage.py', 'shell']); print('using', flush=True); input()"
        )
        user = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"], "HUB_DATA_DIR": str(worn)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert user.stdout is not None
        assert user.stdout.readline() == "using\n"
        assert actions.stop(data_dir=worn, unless_used=True) == []
        user.communicate("\n")
        assert actions.stop(data_dir=worn, unless_used=True) == ["valkey", "postgres"]

    def test_two_data_folders_run_side_by_side(self, folder: Path, worn: Path) -> None:
        actions.ensure(worn)
        assert actions.stop(data_dir=worn) == ["valkey", "postgres"]
        assert ask(actions.urls(folder).database_url, "SELECT 1") == [(1,)]

    def test_an_engine_that_cannot_start_says_why(self, worn: Path) -> None:
        actions.ensure(worn)
        actions.stop(data_dir=worn)
        version = places_of(worn).data("postgres") / "PG_VERSION"
        right = version.read_text()
        version.write_text("9\n")
        with pytest.raises(EngineError, match=r"(?s)did not start.*incompatible with server"):
            actions.ensure(worn)
        version.write_text(right)

    def test_secrets_that_do_not_fit_the_database_are_named(self, worn: Path) -> None:
        actions.ensure(worn)
        actions.stop(data_dir=worn)
        secrets = places_of(worn).secrets
        right = secrets.read_text()
        secrets.unlink()
        with pytest.raises(EngineError, match="does not fit the database"):
            actions.ensure(worn)
        secrets.write_text("{")
        with pytest.raises(EngineError, match="cannot be read"):
            actions.urls(worn)
        secrets.write_text(right)

    @as_root
    @pytest.mark.drill
    def test_a_data_folder_that_was_removed_while_it_ran_starts_afresh(self, own: Path) -> None:
        actions.ensure(own)
        old = places_of(own).home
        subprocess.run(["rm", "-rf", str(own)], check=True)
        assert ask(actions.ensure(own).database_url, "SELECT 1") == [(1,)]
        actions.destroy(data_dir=own)
        assert list(folders.living_engines(old)) == []
        assert not old.exists()
