"""Importing on the page: another partnership finds nothing, and conflicts wait for a person."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed
from hub.facts.actions import correct, withdraw
from hub.facts.moments import write_moment
from partners.agencies.actions import appoint
from partners.agencies.models import Agency
from referrals.episodes.models import Episode
from reporting.extracts.models import ImportConflict
from reporting.imports.actions import cancel, confirm, settle
from reporting.imports.models import ExtractUpload
from reporting.imports.rules import State
from risk.levels.models import RiskLevel
from tests.cast import BEGAN, NOW, PASSWORD, Cast, ClientFor
from tests.make import set_level
from tests.recording import typed
from tests.reporting.importing import level
from tests.reporting.uploading import confirm_on_page, faulty, received, text_of, work, zipped

Stands = ImportConflict.Stands
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads", "hurried")]


# --- another partnership -----------------------------------------------------------------------------


def plain(answer: Any) -> str:
    """A page without the token that is another each time, and without its own address."""
    own = r'name="(csrfmiddlewaretoken|next)" value="[^"]*"|[?]page=[\w-]+'
    return re.sub(own, "", text_of(answer))


@pytest.fixture
def elsewhere(cast: Cast, client_for: ClientFor) -> Client:
    """The analyst of Kirklees."""
    by = operator()
    user = open_account(username="kay", name="Kay Lorne", password=PASSWORD, now=NOW, by=by)
    user.conduct_accepted_on = timezone.localdate()
    user.save(update_fields=["conduct_accepted_on"])
    agency = Agency.objects.get(partnership=cast.kirklees)
    role = Role.INTELLIGENCE_OFFICER
    appoint(user=user, agency=agency, role=role, starts_on=BEGAN, now=NOW, by=by)
    return client_for(user)


def test_an_analyst_of_another_partnership_finds_nothing_here(
    elsewhere: Client, ana: User, cast: Cast, tmp_path: Path
) -> None:
    upload = work(received(faulty(tmp_path), ana, cast.bradford))
    conflict = make_conflict(cast, NOW)
    absent = plain(elsewhere.get("/imports/999999/"))
    for address in ("", "faults/", "faults.csv"):
        answer = elsewhere.get(f"/imports/{upload.pk}/{address}")
        assert (answer.status_code, plain(answer)) == (404, absent)
    for address in ("confirm/", "cancel/"):
        assert elsewhere.post(f"/imports/{upload.pk}/{address}").status_code == 404
    assert elsewhere.get(f"/imports/conflicts/{conflict.pk}/").status_code == 404
    assert "Nothing was uploaded here yet" in text_of(elsewhere.get("/imports/"))
    assert "Nothing waits to be settled" in text_of(elsewhere.get("/imports/conflicts/"))


def test_the_actions_refuse_who_may_not_import_there(
    elsewhere: Client, amira: User, ana: User, cast: Cast, tmp_path: Path
) -> None:
    upload = work(received(zipped(tmp_path / "x"), ana, cast.bradford))
    conflict = make_conflict(cast, NOW)
    for by in (amira, User.objects.get(username="kay")):
        with pytest.raises(NotAllowed):
            received(b"", by, cast.bradford)
        with pytest.raises(NotAllowed):
            confirm(upload=upload, seen="", now=NOW, by=by)
        with pytest.raises(NotAllowed):
            cancel(upload=upload, now=NOW, by=by)
        with pytest.raises(NotAllowed):
            settle(conflict=conflict, stands=Stands.HUB, seen="", reason="So it is.", by=by)


# --- conflicts ---------------------------------------------------------------------------------------


def make_conflict(cast: Cast, found_at: datetime, number: int = 1) -> ImportConflict:
    return ImportConflict.objects.create(
        partnership=cast.bradford,
        table="risk_levels",
        key=f"E{number} 2016-03-01",
        in_extract={"level": "LOW", "rationale": ""},
        in_hub={"level": "HIGH", "rationale": ""},
        found_at=found_at,
    )


@pytest.fixture
def waiting(analyst: Client, ana: User, amira: User, cast: Cast, tmp_path: Path) -> ImportConflict:
    """A level that amira set, and another of the extract that ana uploaded."""
    content = zipped(tmp_path / "x")
    for state in (State.CHECKED, State.IMPORTED):
        upload = ExtractUpload.objects.first() or received(content, ana, cast.bradford)
        assert work(upload).state == state
        confirm_on_page(analyst, upload)
    episode = Episode.objects.get(reference="E1")
    set_level(episode=episode, level="HIGH", set_on=date(2015, 5, 1), by=amira)
    other = zipped(tmp_path / "y", risk_levels=[level("2015-05-01", "LOW")])
    upload = work(received(other, ana, cast.bradford))
    assert "1 row says otherwise" in text_of(analyst.get(f"/imports/{upload.pk}/"))
    confirm_on_page(analyst, upload)
    assert work(upload).state == State.IMPORTED
    return ImportConflict.objects.get()


def test_a_conflict_is_shown_side_by_side_with_who_recorded_what(
    waiting: ImportConflict, analyst: Client
) -> None:
    assert "1 conflict with the hub" in text_of(analyst.get("/imports/"))
    assert "E1 1 May 2015" in text_of(analyst.get("/imports/conflicts/"))
    page = text_of(analyst.get(f"/imports/conflicts/{waiting.pk}/"))
    for words in ("High", "Low", "Differs", "Amira Sadler", "1 May 2015, 12:00",
                  "Ana Keane, march.zip"):  # fmt: skip
        assert words in page
    assert "checked" not in page
    assert AuditEvent.objects.filter(event="conflict.viewed", reference=str(waiting.pk)).exists()


def test_the_hub_s_record_is_kept_with_a_reason(
    waiting: ImportConflict, analyst: Client, ana: User, cast: Cast, tmp_path: Path
) -> None:
    address = f"/imports/conflicts/{waiting.pk}/"
    page = analyst.get(address)
    refused = analyst.post(address, typed(page, stands="hub", reason="  "))
    assert refused.status_code == 422
    assert "Say why" in text_of(refused)
    answer = typed(page, stands="hub", reason="Agreed at the meeting.")
    settled = analyst.post(address, answer, follow=True)
    assert "The conflict is settled." in text_of(settled)
    assert "Nothing waits to be settled" in text_of(settled)
    after = text_of(analyst.get(address))
    assert "The hub&#x27;s record stands: settled by Ana Keane" in after
    assert "Agreed at the meeting." in after
    assert "Settle this conflict" not in after
    assert "E1 1 May 2015" in text_of(analyst.get("/imports/conflicts/?settled=1"))
    assert AuditEvent.objects.get(event="conflict.settled").reason == "Agreed at the meeting."
    other = zipped(tmp_path / "y", risk_levels=[level("2015-05-01", "LOW")])
    checked = work(received(other, ana, cast.bradford))
    assert checked.result["new_conflicts"] == 0  # type: ignore[index]


def test_the_extract_s_value_is_taken_with_a_reason(
    waiting: ImportConflict, analyst: Client, ana: User, cast: Cast, tmp_path: Path
) -> None:
    address = f"/imports/conflicts/{waiting.pk}/"
    answer = typed(analyst.get(address), stands="extract", reason="She told us herself.")
    assert analyst.post(address, answer).status_code == 302
    assert analyst.post(address, answer).status_code == 302  # a second click
    assert Episode.objects.get(reference="E1").level == "LOW"
    after = text_of(analyst.get(address))
    assert "The extract&#x27;s value stands: settled by Ana Keane" in after
    assert "High" in after  # what was judged stays readable
    other = zipped(tmp_path / "y", risk_levels=[level("2015-05-01", "LOW")])
    checked = work(received(other, ana, cast.bradford))
    assert "would change no record" in text_of(analyst.get(f"/imports/{checked.pk}/"))
    assert AuditEvent.objects.filter(event="extract.taken").count() == 1


def test_of_two_who_settle_one_conflict_the_second_is_told_and_loses_no_word(
    waiting: ImportConflict, analyst: Client, amira: User
) -> None:
    address = f"/imports/conflicts/{waiting.pk}/"
    mine, theirs = (typed(analyst.get(address), stands="hub", reason=r) for r in ("Me.", "They."))
    fact = RiskLevel.objects.known().get(episode__reference="E1")
    now = write_moment(fact.partnership_id)
    correct(fact=fact, now=now, by=amira, reason="Told by telephone.", level="MEDIUM")
    changed = analyst.post(address, mine)
    assert changed.status_code == 409
    for words in ("Amira Sadler changed the hub's record", "Medium", "Me."):
        assert words in text_of(changed)
    analyst.post(address, typed(changed, stands="hub", reason="Me."))
    late = analyst.post(address, theirs)
    assert late.status_code == 409
    assert "Nothing of yours is recorded" in text_of(late)
    assert AuditEvent.objects.filter(event="conflict.settled").count() == 1


def test_what_came_right_by_itself_can_only_be_closed(
    waiting: ImportConflict, analyst: Client, amira: User
) -> None:
    fact = RiskLevel.objects.known().get(episode__reference="E1")
    withdraw(fact=fact, now=write_moment(fact.partnership_id), by=amira, reason="Mistyped.")
    address = f"/imports/conflicts/{waiting.pk}/"
    page = analyst.get(address)
    assert "does not stand any more" in text_of(page)
    forged = analyst.post(address, typed(page, stands="extract", reason="x"))
    assert forged.status_code == 422
    assert analyst.post(address, typed(page, stands="hub", reason="x")).status_code == 302


@pytest.mark.parametrize("address", ["/imports/", "/imports/conflicts/"])
def test_a_long_list_asks_the_database_no_more_than_a_short_one(
    address: str, analyst: Client, ana: User, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.imports.views.PAGE_SIZE", 50)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            analyst.get(address)
        return len(queries)

    received(b"a", ana, cast.bradford)
    make_conflict(cast, timezone.now())
    asked()  # the first page of a session begins it
    few = asked()
    for number in range(2, 31):
        received(b"a", ana, cast.bradford)
        make_conflict(cast, timezone.now(), number)
    assert asked() == few
