"""An extract brings restricted children too: it is imported, and tells the importer nothing of them."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.models import User
from hub.days.rules import london_date
from referrals.episodes.models import Episode
from referrals.grants.actions import give_grant, restrict
from referrals.grants.rules import Terms
from reporting.extracts.models import ImportConflict
from reporting.imports.rules import State
from tests.cast import Cast
from tests.make import set_level
from tests.reporting.importing import level
from tests.reporting.uploading import confirm_on_page, received, text_of, work, zipped
from tests.second_wall import as_application

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads", "hurried")]


def states(content: bytes, ana: User, cast: Cast, analyst: Client) -> Iterator[str]:
    """What becomes of an upload, worked on behind the second wall as a worker's is."""
    upload = received(content, ana, cast.bradford)
    with as_application():
        yield work(upload).state
    confirm_on_page(analyst, upload)
    with as_application():
        yield work(upload).state


def test_a_restricted_child_stops_no_import_and_its_conflict_is_hidden_from_who_is_not_named(
    cast: Cast, analyst: Client, ana: User, dev: User, amira: User, tmp_path: Path
) -> None:
    done = [State.CHECKED, State.IMPORTED]
    assert [*states(zipped(tmp_path / "x"), ana, cast, analyst)] == done
    episode = Episode.objects.get(reference="E1")
    set_level(episode=episode, level="HIGH", set_on=date(2015, 5, 1), by=amira)
    restrict(child=episode.child, because="Confidential in social care.", by=dev)
    for folder in ("y", "z"):  # listed once
        again = zipped(tmp_path / folder, risk_levels=[level("2015-05-01", "LOW")])
        assert [*states(again, ana, cast, analyst)] == done
    conflict = ImportConflict.objects.get()
    assert conflict.child == episode.child
    assert "Nothing waits to be settled" in text_of(analyst.get("/imports/conflicts/"))
    assert "1 conflict" not in text_of(analyst.get("/imports/"))
    address = f"/imports/conflicts/{conflict.pk}/"
    assert analyst.get(address).status_code == 404
    until = london_date(timezone.now()) + timedelta(days=7)
    give_grant(child=episode.child, to=ana, terms=Terms("To settle it.", until), by=dev)
    assert "Low" in text_of(analyst.get(address))
