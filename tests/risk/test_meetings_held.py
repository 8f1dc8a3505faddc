"""Setting meetings up, opening them with what they must see, and doing what they agreed."""

from datetime import timedelta
from typing import Any

import pytest

from hub.accounts.actions import operator
from hub.accounts.models import User
from partners.agencies.models import Agency
from referrals.information.actions import add_information
from referrals.information.rules import Told
from referrals.notes.rules import Written
from risk.agenda.queries import items_of
from risk.agenda.rules import day_after, window_of
from risk.meetings.actions import (
    arrange,
)
from risk.meetings.models import Meeting, MeetingItem, MeetingSeries, MeetingTask
from risk.meetings.queries.entries import entries_for
from risk.meetings.rules.plan import Plan
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode
from tests.risk.meeting import (
    PANEL,
    REASON,
    at_level,
    item_of,
    meeting_of,
    send,
    series_of,
    today,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast: Cast, amira: User) -> Meeting:
    return meeting_of(cast, amira, cast.unshared, cast.shared)


def test_a_meeting_is_opened_with_what_waits_and_once(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    series = series_of(cast)
    opened = [client_for(by).post(f"/meetings/open/{series.pk}/") for by in (amira, dev)]
    assert opened[0].headers["Location"] == opened[1].headers["Location"]
    meeting = Meeting.objects.get()
    assert meeting.recorder == amira
    items = MeetingItem.objects.filter(meeting=meeting)
    assert set(items.values_list("episode", flat=True)) == {cast.unshared.pk, cast.shared.pk}


def test_kirklees_sees_its_low_cases_longest_undiscussed_first_and_no_more_than_it_may(
    cast: Cast, erin: User, client_for: ClientFor
) -> None:

    low = [
        at_level(
            make_episode(child=make_child(partnership=cast.kirklees, by=erin), by=erin), "LOW", erin
        )
        for _each in range(3)
    ]
    plan = Plan(
        "Briefing", "levels", (1,), PANEL.starts_at, PANEL.since, levels=("LOW",), most=2, quorum=()
    )
    series = arrange(partnership=cast.kirklees, code="briefing", plan=plan, by=operator())
    client_for(erin).post(f"/meetings/open/{series.pk}/")
    first = MeetingItem.objects.filter(meeting__series=series)
    assert list(first.values_list("episode", flat=True)) == [low[0].pk, low[1].pk]
    Meeting.objects.update(held_on=today() - timedelta(7))
    client_for(erin).post(f"/meetings/open/{series.pk}/")
    second = MeetingItem.objects.filter(meeting__held_on=today()).order_by("number")
    assert list(second.values_list("episode", flat=True)) == [low[2].pk, low[0].pk]


def test_an_agenda_that_all_read_says_nothing_of_what_is_for_some_agencies_alone(
    cast: Cast, amira: User
) -> None:
    told = Told("sighting", "5A")
    for episode, seen_by in ((cast.unshared, "own"), (cast.shared, "hub")):
        at_level(episode, "LOW", amira, days_ago=3)
        written = Written(today(), "Seen in town with adults.", seen_by=seen_by)
        add_information(episode=episode, told=told, written=written, by=amira)
    day = day_after(today())
    entries = entries_for(series_of(cast), day, amira)
    assert [entry.episode for entry in entries] == [cast.shared]
    assert "New information" in entries[0].why[0]
    own_list = items_of(amira, window_of(day, cast.bradford.meets_at))
    assert {item.child for item in own_list} == {cast.unshared.child_id, cast.shared.child_id}


def test_the_manager_sets_a_meeting_up_and_changes_it(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    client = client_for(dev)
    sent = {
        "name": "Monthly panel", "takes": "levels", "levels": ["MEDIUM", "HIGH"], "settles": "on",
        "every": "month", "weekdays": ["3"], "starts_at": "10.30", "since": "today",
        "quorum": ["police"], "terms": "All medium and high cases.",
    }  # fmt: skip
    address = "/meetings/plans/new/"
    wrong = send(client, address, {**sent, "weekdays": ["3", "4"]})
    assert "choose one" in wrong.content.decode()
    assert "All medium and high cases." in wrong.content.decode()
    assert send(client, address, sent).status_code == 302
    assert "there already" in send(client, address, sent).content.decode()
    series = MeetingSeries.objects.get()
    assert (series.settles, series.levels, series.quorum) == (True, ["MEDIUM", "HIGH"], ["police"])
    change = f"/meetings/plans/{series.pk}/"
    assert send(client, change, {**sent, "name": "Panel"}).status_code == 302
    series.refresh_from_db()
    assert (series.name, series.code) == ("Panel", "monthly-panel")


def test_an_action_stands_in_its_agencys_list_until_it_is_ended(
    cast: Cast, meeting: Meeting, amira: User, ben: User, nora: User, client_for: ClientFor
) -> None:
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    address = f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    act = {"what_1": "Visit the address", "who_1": str(police.pk), "by_1": "today"}
    send(client_for(amira), address, {"outcome": "LOW", "rationale": REASON, **act})
    task = MeetingTask.objects.get()
    assert "Visit the address" in client_for(ben).get("/my-work/").content.decode()
    assert "Visit the address" not in client_for(nora).get("/my-work/").content.decode()
    done = {"came_of_it": "Nobody was in."}
    assert send(client_for(nora), f"/meetings/actions/{task.pk}/", done).status_code == 422
    assert send(client_for(ben), f"/meetings/actions/{task.pk}/", done).status_code == 302
    assert "Visit the address" not in client_for(ben).get("/my-work/").content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("starts_at", "noon"), ("most", "0"), ("most", "many"), ("weeks", "0"), ("weekdays", [])],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(
    cast: Cast, dev: User, client_for: ClientFor, field: str, typed: Any
) -> None:
    sent: dict[str, Any] = {
        "name": "Weekly", "takes": "days_list", "every": "week", "weekdays": ["1"],
        "starts_at": "09:15", "since": "today",
    }  # fmt: skip
    answer = send(client_for(dev), "/meetings/plans/new/", {**sent, field: typed})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not MeetingSeries.objects.exists()
