"""A meeting on paper: minutes for each agency, a list to write on, and what was written entered later."""

import io
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pypdf import PdfReader

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import LONDON, is_working_day
from partners.agencies.models import Agency
from referrals.disclosures.models import Disclosure
from referrals.grants.actions import restrict
from risk.levels.models import RiskLevel
from risk.meetings.models import Attendance, Meeting, MeetingDecision, MeetingItem
from tests.cast import Cast, ClientFor
from tests.make import make_child
from tests.risk.meeting import (
    PANEL,
    PLAN,
    REASON,
    at_level,
    item_of,
    meeting_of,
    send,
    series_of,
    today,
)

pytestmark = pytest.mark.django_db
LOW = {"outcome": "LOW", "rationale": REASON}


def text_of(answer: Any) -> str:
    assert answer.headers["Content-Type"] == "application/pdf", answer.content.decode()
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def agency(cast: Cast, code: str) -> Agency:
    return Agency.objects.get(partnership=cast.bradford, code=code)


def held_before(series_day: int = 1) -> Any:
    """A working day before today."""
    day = today() - timedelta(series_day)
    while not is_working_day(day):
        day -= timedelta(1)
    return day


def test_each_agency_has_minutes_of_what_it_may_see_and_they_are_logged_for_each_child(
    cast: Cast, amira: User, ben: User, client_for: ClientFor
) -> None:
    meeting = meeting_of(cast, amira, cast.unshared, cast.shared)
    items = [item_of(meeting, episode).pk for episode in (cast.unshared, cast.shared)]
    police = client_for(ben)
    send(police, f"/meetings/items/{items[0]}/say/", {"text": "For the hub.", "seen_by": "hub"})
    send(police, f"/meetings/items/{items[0]}/say/", {"text": "Police alone.", "seen_by": "own"})
    send(client_for(amira), f"/meetings/items/{items[0]}/", LOW)
    address = f"/meetings/{meeting.pk}/minutes/paper/"
    for_police = {"which": agency(cast, "police").pk, "recipient": "DS Hale, Police"}
    mine = text_of(police.post(address, for_police))
    assert "Police alone." in mine
    assert "Taken out by Ben" in mine
    theirs = text_of(client_for(amira).post(address, for_police))
    assert "For the hub." in theirs
    assert "Police alone." not in theirs  # what amira may not see she hands to nobody
    assert REASON in theirs
    rows = Disclosure.objects.filter(recipient="DS Hale, Police", recorded_by=amira)
    assert set(rows.values_list("child", flat=True)) == {
        cast.unshared.child_id,
        cast.shared.child_id,
    }
    taken = AuditEvent.objects.filter(event="meeting.taken_out", user_id=amira.pk).get()
    assert (taken.after or {})["recipient"] == "DS Hale, Police"


def test_a_charity_has_its_own_child_alone_and_nobody_has_one_whose_record_is_restricted(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    meeting = meeting_of(cast, amira, cast.unshared, cast.shared)
    send(client_for(amira), f"/meetings/items/{item_of(meeting, cast.shared).pk}/", LOW)
    address = f"/meetings/{meeting.pk}/minutes/paper/"
    sent = {"which": agency(cast, "northlight").pk, "recipient": "Chloe"}
    paper = text_of(client_for(dev).post(address, sent))
    assert "Marden" in paper
    assert "Quillan" not in paper
    assert REASON not in paper
    restrict(child=cast.shared.child, because="Confidential in social care.", by=dev)
    paper = text_of(client_for(dev).post(address, {**sent, "which": agency(cast, "police").pk}))
    assert "Marden" not in paper
    assert "Quillan" in paper


def test_who_does_not_lead_takes_the_own_agencys_minutes_alone_and_says_for_whom(
    cast: Cast, amira: User, ben: User, client_for: ClientFor
) -> None:
    meeting = meeting_of(cast, amira, cast.unshared)
    client, address = client_for(ben), f"/meetings/{meeting.pk}/minutes/paper/"
    refused = client.post(address, {"which": agency(cast, "health").pk, "recipient": "x"})
    assert refused.status_code == 422
    nobody = client.post(address, {"which": agency(cast, "police").pk, "recipient": " "})
    assert "Enter who it is for" in nobody.content.decode()
    assert not Disclosure.objects.exists()


def test_the_list_has_room_to_write_on_and_is_logged(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    series = series_of(cast)
    address = f"/meetings/series/{series.pk}/paper/"
    client = client_for(amira)
    page = client.get(address).content.decode()
    day = page.split('name="which" value="')[1].split('"')[0]
    paper = text_of(client.post(address, {"which": day, "recipient": "The hub's table"}))
    for words in ("Quillan", "Marden", "Decided at (time)", "No CSE risk", "Not decided yet"):
        assert words in paper
    assert Disclosure.objects.filter(recipient="The hub's table").count() == 2


def test_the_panels_list_says_what_is_proposed(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    at_level(cast.unshared, "MEDIUM", amira, days_ago=3)
    meeting = meeting_of(cast, amira, cast.unshared)
    client = client_for(amira)
    fall = {"outcome": "LOW", "rationale": REASON, "exit_plan": PLAN}
    send(client, f"/meetings/items/{item_of(meeting, cast.unshared).pk}/", fall)
    address = f"/meetings/series/{series_of(cast, PANEL, 'panel').pk}/paper/"
    day = client.get(address).content.decode().split('name="which" value="')[1].split('"')[0]
    paper = text_of(client.post(address, {"which": day, "recipient": "The panel"}))
    assert "From Medium to Low. Agreed by all" in paper
    assert "Ratify" in paper


def test_what_was_decided_on_paper_is_entered_afterwards_with_its_time(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    series, client, day = series_of(cast), client_for(amira), held_before()
    address = f"/meetings/open/{series.pk}/past/"
    ahead = send(client, address, {"day": "+1"})
    assert "lies ahead" in ahead.content.decode()
    opened = send(client, address, {"day": day.strftime("%d/%m/%Y")})
    meeting = Meeting.objects.get()
    assert opened.headers["Location"] == f"/meetings/{meeting.pk}/"
    client.post(f"/meetings/{meeting.pk}/seats/", {"agencies": [agency(cast, "police").pk]})
    came = Attendance.objects.get().came_at.astimezone(LONDON)
    assert (came.date(), came.time()) == (day, series.starts_at)
    item = MeetingItem.objects.filter(meeting=meeting, episode=cast.unshared).first()
    if item is None:  # referred on a later day than this: then it is put on by hand
        added = {"child": cast.unshared.child.reference, "why": "It stands on the paper."}
        assert send(client, f"/meetings/{meeting.pk}/add/", added).status_code == 302
        item = item_of(meeting, cast.unshared)
    at = f"/meetings/items/{item.pk}/"
    assert "day is past" in send(client, at, LOW).content.decode()
    wrong = send(client, at, {**LOW, "decided_at": "noon"})
    assert "Enter a time as 09:15" in wrong.content.decode()
    assert send(client, at, {**LOW, "decided_at": "9.40"}).status_code == 302
    decision = MeetingDecision.objects.get()
    assert decision.decided_at == datetime.combine(day, time(9, 40), LONDON)
    assert RiskLevel.objects.get(episode=cast.unshared).set_on == day
    assert "at 09:40, entered later" in client.get(at).content.decode()
    assert "It was entered later" in client.get(f"/meetings/{meeting.pk}/minutes/").content.decode()
    trail = AuditEvent.objects.filter(event="decision.recorded").get()
    entered = (trail.after or {})["entered_later"]
    assert datetime.fromisoformat(entered) == decision.decided_at
    client.post(f"/meetings/{meeting.pk}/finish/")
    again = send(client, address, {"day": day.strftime("%d/%m/%Y")})
    assert "in the system, and finished" in again.content.decode()
    assert decision.known_from > timezone.now() - timedelta(minutes=5)


def test_a_child_is_put_on_the_agenda_by_hand_once_and_with_an_open_episode(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    meeting = meeting_of(cast, amira, cast.shared)
    client, address = client_for(amira), f"/meetings/{meeting.pk}/add/"
    new = make_child(partnership=cast.bradford, by=amira)
    for child, words in (
        ("X-0", "No child whom you see"),
        (cast.elsewhere.child.reference, "No child whom you see"),
        (new.reference, "no open episode"),
        (cast.shared.child.reference, "already"),
    ):
        refused = send(client, address, {"child": child, "why": "Asked for by health."})
        assert refused.status_code == 422
        assert words in refused.content.decode()
    added = {"child": cast.unshared.child.reference, "why": "Asked for by health."}
    assert send(client, address, added).status_code == 302
    assert "Added at the meeting" in client.get(f"/meetings/{meeting.pk}/").content.decode()
