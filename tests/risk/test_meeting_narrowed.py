"""An agenda narrowed to a kind of exploitation, and the slot of the missing coordinator."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from hub.accounts.models import User
from hub.errors import RuleBroken
from referrals.missing.models import MissingEpisode
from risk.meetings.models import Meeting, MeetingSeries
from tests.cast import Cast, ClientFor
from tests.make import make_episode, make_missing
from tests.risk.meeting import ALL_WEEK, DAILY, meeting_of, send, series_of, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast: Cast, amira: User) -> Meeting:
    return meeting_of(cast, amira, cast.unshared, cast.shared)


def test_the_agenda_is_narrowed_to_a_kind_and_stays_so_while_it_lives(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    kinds = ("CCE", "GANGS")
    feared = make_episode(child=cast.unshared.child, by=amira, exploitation_types=kinds)
    meeting = meeting_of(cast, amira, feared, cast.shared)
    client = client_for(amira)
    for address in (f"/meetings/{meeting.pk}/?type=", f"/meetings/{meeting.pk}/live/?v=0&type="):
        for kind, seen in (("CCE", "Quillan"), ("CSE", "Marden")):  # of none known: CSE
            page = client.get(f"{address}{kind}").content.decode()
            assert [name for name in ("Quillan", "Marden") if name in page] == [seen]
            assert f"type={kind}" in page
        none = client.get(f"{address}TRAFFICKING").content.decode()
        assert "No child on the agenda is referred for this kind" in none
        assert "Quillan" in client.get(f"{address}nonsense").content.decode()


def test_on_the_coordinators_days_the_agenda_says_when_and_which_interviews_are_owed(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    now = timezone.now()
    back = {
        "owed": make_missing(
            child=cast.unshared.child,
            by=amira,
            start=now - timedelta(3),
            found_at=now - timedelta(2),
        ),
        "long ago": make_missing(
            child=cast.shared.child,
            by=amira,
            start=now - timedelta(40),
            found_at=now - timedelta(39),
        ),
    }
    client, address = client_for(amira), f"/meetings/{meeting.pk}/"
    assert "with the coordinator" not in client.get(address).content.decode()
    MeetingSeries.objects.update(missing_on=[meeting.held_on.weekday()], missing_at=time(10, 30))
    page = client.get(address).content.decode()
    slot = page.split("with the coordinator: 10:30")[1].split('id="meeting-agenda"')[0]
    assert "Quillan, Rae" in slot
    assert "Marden" not in slot
    MissingEpisode.objects.filter(pk=back["owed"].pk).update(return_interview_accepted=False)
    assert "No return interview is owed" in client.get(address).content.decode()


def test_the_manager_sets_when_the_coordinator_comes(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    series = series_of(cast)
    sent = {
        "name": "Daily", "takes": "days_list", "every": "week", "weekdays": ["0", "1"],
        "starts_at": "09:15", "since": "today", "missing_on": ["1"], "missing_at": "10.30",
    }  # fmt: skip
    client, address = client_for(dev), f"/meetings/plans/{series.pk}/"
    for wrong, field in (
        ({"missing_at": ""}, "missing_at"),
        ({"missing_at": "late"}, "missing_at"),
        ({"missing_on": ["4"]}, "missing_on"),
    ):
        refused = send(client, address, {**sent, **wrong})
        assert f'id="id_{field}_error"' in refused.content.decode()
    assert send(client, address, sent).status_code == 302
    series.refresh_from_db()
    assert (series.missing_on, series.missing_at) == ([1], time(10, 30))
    assert series.missing_slot(date(2026, 3, 10)) == time(10, 30)
    assert series.missing_slot(date(2026, 3, 9)) is None
    assert 'value="10:30"' in client.get(address).content.decode()


def test_a_slot_needs_its_day_and_its_time(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Give both"):
        series_of(cast, replace(DAILY, missing_on=ALL_WEEK))
    with pytest.raises(RuleBroken, match="Give both"):
        series_of(cast, replace(DAILY, missing_at=time(10)))
    assert today() >= series_of(cast, replace(DAILY, missing_on=(1,), missing_at=time(10))).since
