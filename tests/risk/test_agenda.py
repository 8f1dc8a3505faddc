"""The day's list: each child once, in the first group it has a reason for, as far as each person may see."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import add_working_days, london_date
from hub.errors import NotAllowed, RuleBroken
from referrals.checks.actions import ask_checks
from referrals.grants.actions import restrict, shut_out
from referrals.information.models import Information
from risk.agenda.actions import put_forward, take_back
from risk.agenda.models import PutForward
from risk.agenda.rules import (
    CARRIED,
    DUE,
    GROUPS,
    INFORMATION,
    MISSING,
    PLACES,
    REFERRAL,
    REFERRED,
    REVIEW,
    STILL_MISSING,
    TOLD,
    WENT_MISSING,
    Item,
    arranged,
    asked_day,
    day_after,
    day_of,
    group_of,
    nth,
    window_of,
)  # fmt: skip
from tests.cast import Cast, ClientFor
from tests.hub.rows import any_row
from tests.make import (
    allocate,
    make_child,
    make_episode,
    make_missing,
    make_note,
    make_referral,
    make_review,
    set_level,
)
from tests.recording import typed

TUESDAY = date(2026, 3, 10)
WINDOW = window_of(TUESDAY, time(9, 30))
BEFORE, WITHIN = (datetime(2026, 3, day, 9, 30, tzinfo=UTC) for day in (9, 10))
AFTER = WITHIN + timedelta(minutes=1)


# --- the rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "before", "within"),
    [
        (STILL_MISSING, MISSING, MISSING),
        (WENT_MISSING, None, MISSING),
        (REFERRED, CARRIED, REFERRAL),
        (TOLD, CARRIED, INFORMATION),
        (DUE, CARRIED, REVIEW),
    ],
)
def test_where_each_kind_stands_by_when_it_came(kind: str, before: int | None, within: int) -> None:
    found = [group_of(kind, at, WINDOW) for at in (BEFORE, WITHIN, AFTER)]
    assert found == [before, within, None]


def test_the_table_has_every_kind_and_the_groups_their_order() -> None:
    assert set(PLACES) == {STILL_MISSING, WENT_MISSING, REFERRED, TOLD, DUE}
    assert list(GROUPS) == sorted(GROUPS)


def test_what_is_new_came_since_the_meeting_of_the_working_day_before() -> None:
    monday = window_of(date(2026, 3, 9), time(9, 30))
    assert (monday.last_day, monday.until - monday.since) == (date(2026, 3, 6), timedelta(days=3))
    easter = window_of(date(2026, 4, 7), time(9, 30))
    assert easter.last_day == date(2026, 4, 2)


@pytest.mark.parametrize(
    ("now", "today", "after"),
    [
        (datetime(2026, 3, 6, 8, tzinfo=UTC), date(2026, 3, 6), date(2026, 3, 9)),
        (datetime(2026, 3, 7, 8, tzinfo=UTC), date(2026, 3, 9), date(2026, 3, 10)),
        (datetime(2026, 4, 3, 8, tzinfo=UTC), date(2026, 4, 7), date(2026, 4, 8)),
    ],
)
def test_on_a_rest_day_the_list_is_the_next_working_days(
    now: datetime, today: date, after: date
) -> None:
    assert (day_of(now), day_after(today)) == (today, after)
    assert asked_day("", now) == (today, "")
    assert asked_day(after.isoformat(), now) == (after, "")
    for typed_in in ("1/1/2015", "whenever"):
        shown, problem = asked_day(typed_in, now)
        assert shown == today
        assert problem


def test_a_child_stands_once_in_its_first_group_with_all_its_reasons() -> None:
    items = [
        Item(1, DUE, BEFORE, "Review due"), Item(1, TOLD, WITHIN, "Told"), Item(1, TOLD, WITHIN, "Told"),
        Item(2, REFERRED, WITHIN, "Referred"), Item(3, DUE, BEFORE, "Review due"),
        Item(4, DUE, AFTER, "Later"),
        Item(5, WENT_MISSING, BEFORE, "Back"),
    ]  # fmt: skip
    places = [(place.child, place.group, place.reasons) for place in arranged(items, WINDOW)]
    assert places == [
        (2, REFERRAL, ("Referred",)),
        (1, INFORMATION, ("Told", "Review due")),
        (3, CARRIED, ("Review due",)),
    ]


def test_which_of_several_episodes_it_is() -> None:
    assert [nth(number) for number in (1, 2, 3, 4, 11, 22)] == [
        "", "2nd episode", "3rd episode", "4th episode", "11th episode", "22nd episode",
    ]  # fmt: skip


# --- the page ---------------------------------------------------------------------------------------------


def new(day: date) -> datetime:
    """A moment that is new to the meeting of that day, and past."""
    return window_of(day, time(9, 30)).since + timedelta(minutes=1)


@pytest.fixture
def today() -> date:
    return day_of(timezone.now())


@pytest.fixture
def morning(cast: Cast, today: date) -> Cast:
    """Rae Quillan was referred since the last meeting; Kit Marden's review is due."""
    amira = cast.people["amira"]
    for episode in (cast.shared, cast.unshared):
        set_level(episode=episode, level="MEDIUM", by=amira, set_on=episode.referred_on)
    make_review(episode=cast.shared, due_on=today, by=amira)
    allocate(episode=cast.shared, worker=amira, by=amira)
    again = make_episode(
        child=cast.unshared.child,
        by=amira,
        referred_on=london_date(new(today)),
        known_from=new(today),
    )
    ask_checks(episode=again, why="new_referral", by=amira)
    return cast


def seen(client: Client, query: str = "") -> dict[str, list[Any]]:
    page = client.get(reverse("risk-agenda") + query).context["agenda"]
    return {group.title: group.rows for group in page.groups}


def test_a_social_worker_reads_why_each_child_is_there_and_what_is_outstanding(
    morning: Cast, amira: User, client_for: ClientFor
) -> None:
    groups = seen(client_for(amira))
    assert list(groups) == ["New referrals", "Reviews due"]
    [row], [due] = groups.values()
    assert (row.number, row.child, row.which, row.lead) == (1, "Quillan, Rae", "2nd episode", "")
    assert row.level == "MEDIUM"  # the older episode is open still
    assert row.outstanding == (
        "Checks 0 of 3 back: Children's Social Care, Community Health, Police outstanding",
    )
    assert (due.number, due.lead, due.level, due.outstanding) == (2, "Amira Sadler", "MEDIUM", ())
    event = AuditEvent.objects.get(event="agenda.viewed")
    assert set(event.about) >= {morning.shared.child.reference, morning.unshared.child.reference}


def test_missing_children_come_first_and_under_13s_need_social_care(
    morning: Cast, amira: User, today: date, client_for: ClientFor
) -> None:
    child = make_child(
        partnership=morning.bradford, by=amira, surname="Little", born=date(2016, 1, 1)
    )
    make_episode(child=child, by=amira, referred_on=london_date(new(today)), known_from=new(today))
    make_missing(child=child, by=amira, start=new(today))
    long_back = new(today) - timedelta(days=9)
    make_missing(child=morning.shared.child, by=amira, start=long_back, found_at=long_back)
    groups = seen(client_for(amira))
    [row] = groups["Missing"]
    assert row.child == "Little, Jodie"
    assert len(row.reasons) == 2
    assert row.outstanding == ("Social care referral needed (under 13 when referred)",)
    assert [row.child for row in groups["Reviews due"]] == ["Marden, Kit"]


def test_new_information_stands_until_it_is_decided_and_is_carried_over(
    morning: Cast, amira: User, today: date, client_for: ClientFor
) -> None:
    note = make_note(child=morning.shared.child, by=amira, kind="information")
    Information.objects.create(
        partnership=morning.bradford, child=morning.shared.child, episode=morning.shared, kind="sighting",
        note=note.position, source="5A", recorded_at=new(today), recorded_by=amira,
    )  # fmt: skip
    client = client_for(amira)
    assert [row.child for row in seen(client)["New information"]] == ["Marden, Kit"]
    the_next = seen(client, f"?day={day_after(today)}")
    assert {row.child for row in the_next["Carried over"]} == {"Marden, Kit", "Quillan, Rae"}
    set_level(
        episode=morning.shared,
        level="HIGH",
        by=amira,
        set_on=london_date(timezone.now()),
        known_from=timezone.now(),
    )
    assert "New information" not in seen(client)


def test_each_sees_what_they_may_and_a_charity_is_told_no_totals(
    morning: Cast, amira: User, ben: User, chloe: User, femi: User, client_for: ClientFor
) -> None:
    shut_out(
        child=morning.unshared.child, person=ben, because="A neighbour.", by=morning.people["dev"]
    )
    page = client_for(chloe).get(reverse("risk-agenda"))
    agenda = page.context["agenda"]
    [group] = agenda.groups
    assert [(row.number, row.child) for row in group.rows] == [(1, "Marden, Kit")]
    assert (group.counted, agenda.counted, agenda.forward) == (None, "", None)
    assert seen(client_for(femi)) == {}
    assert list(seen(client_for(ben))) == ["Reviews due"]
    restrict(child=morning.unshared.child, because="Confidential.", by=morning.people["dev"])
    assert list(seen(client_for(morning.people["nora"]))) == ["Reviews due"]
    assert client_for(morning.people["otto"]).get(reverse("risk-agenda")).status_code == 403


def test_a_referral_that_is_put_to_no_child_stands_on_the_hubs_list_alone(
    cast: Cast, amira: User, chloe: User, today: date, client_for: ClientFor
) -> None:
    waiting = make_referral(partnership=cast.bradford, by=amira)
    address = reverse("risk-agenda") + f"?day={day_after(today)}"
    [one] = client_for(amira).get(address).context["agenda"].waiting
    assert one.reference == waiting.reference
    assert client_for(amira).get(one.address).status_code == 200
    assert client_for(chloe).get(address).context["agenda"].waiting == []


def test_of_many_referrals_that_wait_the_oldest_stand_on_the_list_and_the_rest_a_link_away(
    cast: Cast, amira: User, today: date, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("risk.agenda.views.WAITING_SHOWN", 2)
    first, second = (make_referral(partnership=cast.bradford, by=amira) for _each in range(2))
    address = reverse("risk-agenda") + f"?day={day_after(today)}"
    browser = client_for(amira)
    assert "All referrals that wait" not in browser.get(address).content.decode()
    make_referral(partnership=cast.bradford, by=amira)
    answer = browser.get(address)
    agenda = answer.context["agenda"]
    assert [one.reference for one in agenda.waiting] == [first.reference, second.reference]
    looked = AuditEvent.objects.filter(event="agenda.viewed").latest("pk")
    assert {first.reference, second.reference} <= set(looked.about)
    page = answer.content.decode()
    assert "Referrals put to no child yet (3)" in page
    assert f'href="{reverse("referrals-waiting")}">All referrals that wait' in page


def test_a_day_without_a_list_says_so_and_shows_todays(
    morning: Cast, amira: User, client_for: ClientFor
) -> None:
    page = client_for(amira).get(reverse("risk-agenda") + "?day=1/1/2015")
    assert page.status_code == 422
    assert "for today" in page.content.decode()
    assert len(page.context["agenda"].groups) == 2


def test_a_long_list_is_paged_and_asks_no_more_of_the_database(
    morning: Cast, amira: User, today: date, client_for: ClientFor
) -> None:
    client, counts = client_for(amira), []
    for many in (1, 60):
        for _ in range(many):
            child = make_child(partnership=morning.bradford, by=amira)
            make_episode(
                child=child, by=amira, referred_on=london_date(new(today)), known_from=new(today)
            )
        client.get(reverse("risk-agenda"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("risk-agenda"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    second = client.get(reverse("risk-agenda") + "?page=2").context["agenda"]
    assert second.groups[0].rows[0].number == 51
    assert second.counted == "63 children on the list."


# --- suspects put forward ---------------------------------------------------------------------------------


@pytest.fixture
def suspect(cast: Cast) -> Any:
    from risk.suspects.models import Suspect

    return any_row(Suspect, cast.bradford)


def test_the_police_put_a_suspect_forward_and_nobody_else_sees_a_trace(
    morning: Cast, suspect: Any, ben: User, amira: User, today: date, client_for: ClientFor
) -> None:
    client, address = client_for(ben), reverse("risk-agenda-forward")
    answers = {
        "suspect": suspect.reference,
        "for_day": f"{today:%d/%m/%Y}",
        "because": "Two children name the same car.",
    }
    assert client.post(address, typed(client.get(address), **answers)).status_code == 302
    [one] = client.get(reverse("risk-agenda")).context["agenda"].forward
    assert one.reference == suspect.reference
    page = client_for(amira).get(reverse("risk-agenda"))
    assert page.context["agenda"].forward is None
    assert "uspect" not in page.content.decode()
    again = client.post(address, typed(client.get(address), **answers))
    assert again.status_code == 422
    back = client.post(one.back, typed(client.get(one.back), reason="Wrong reference."))
    assert back.status_code == 302
    assert client.get(reverse("risk-agenda")).context["agenda"].forward == []


def test_only_a_real_suspect_and_a_day_with_a_meeting_will_do(
    cast: Cast, suspect: Any, ben: User, dev: User, today: date, client_for: ClientFor
) -> None:
    client, address = client_for(ben), reverse("risk-agenda-forward")
    nobody = typed(client.get(address), suspect="X-1", for_day="today", because="Because.")
    assert b"No suspect of this hub" in client.post(address, nobody).content
    sunday = add_working_days(today, 0) + timedelta(days=(6 - today.weekday()) % 7)
    for day, why in ((sunday, "Because."), (today - timedelta(days=1), "Because."), (today, " ")):
        with pytest.raises(RuleBroken):
            put_forward(suspect=suspect, for_day=day, because=why, by=ben)
    with pytest.raises(NotAllowed):
        put_forward(suspect=suspect, for_day=today, because="Because.", by=dev)
    fact = put_forward(suspect=suspect, for_day=today, because="Because.", by=ben)
    with pytest.raises(NotAllowed):
        take_back(forward=fact, reason="Wrong.", by=dev)
    assert PutForward.objects.visible_to(dev).count() == 1


def test_a_suspect_stands_on_the_list_until_a_level_was_recorded(
    cast: Cast, suspect: Any, ben: User, today: date
) -> None:
    from risk.suspects.models import OccurrenceFact, Suspect, SuspectLevel, SuspectOccurrence

    fact = put_forward(suspect=suspect, for_day=today, because="Because.", by=ben)
    occurrence = any_row(SuspectOccurrence, cast.bradford)
    any_row(OccurrenceFact, cast.bradford, {SuspectOccurrence: occurrence, Suspect: suspect})
    assert list(PutForward.objects.undecided()) == [fact]
    SuspectLevel.objects.create(
        occurrence=occurrence, partnership=cast.bradford, set_on=today, level="HIGH",
        known_from=timezone.now(), recorded_by=ben,
    )  # fmt: skip
    assert list(PutForward.objects.undecided()) == []
