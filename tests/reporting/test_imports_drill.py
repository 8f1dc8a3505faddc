"""The drill: a broker, a Celery worker, kill -9 while it writes, and another worker that finishes."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from hub.accounts.models import User
from hub.facts.models import FactSource
from hub.facts.moments import write_moment
from reporting.imports.models import ExtractUpload
from reporting.imports.rules import State
from tests.cast import Cast
from tests.reporting.uploading import confirmed, process, wait_for

# A broker of files needs no server, and its messages outlive a worker as those of a real one do.
QUEUE = """
from hub.celery import app
app.conf.broker_url = "filesystem://"
app.conf.broker_transport_options = {{"data_folder_in": {folder!r}, "data_folder_out": {folder!r},
                                      "control_folder": {folder!r}}}
from reporting.imports import tasks
"""
WORKER = "app.worker_main(['worker', '--concurrency=1', '--loglevel=WARNING', '--without-gossip'])"


@pytest.mark.drill
@pytest.mark.usefixtures("hurried")
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_writes_is_followed_by_one_that_finishes(
    ana: User, cast: Cast, tmp_path: Path, uploads: Path
) -> None:
    folder = tmp_path / "queue"
    folder.mkdir()
    queue = QUEUE.format(folder=str(folder))
    upload = confirmed(tmp_path / "x", ana, cast.bradford)
    with process(queue + WORKER, uploads) as worker, transaction.atomic():
        write_moment(cast.bradford.pk)  # the worker waits for this before it writes
        with process(f"{queue}tasks.hurry({upload.pk})", uploads) as caller:
            assert caller.wait() == 0
        wait_for(upload, lambda: upload.step == "Writing")
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert not FactSource.objects.exists()
    ExtractUpload.objects.update(heard_at=timezone.now() - timedelta(minutes=4))
    with process(queue + WORKER, uploads):
        with process(f"{queue}tasks.pick_up_left()", uploads) as timer:
            assert timer.wait() == 0
        wait_for(upload, lambda: upload.state == State.IMPORTED)
    assert (upload.starts, FactSource.objects.count()) == (2, 1)
