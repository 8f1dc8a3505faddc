"""The list of a past day is the one that was seen on that day, with what came of it."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import is_working_day, london_date, working_day_before
from referrals.children.models import Child
from referrals.grants.actions import restrict
from referrals.information.models import Information
from referrals.joinings.actions import join_records, take_apart
from referrals.joinings.models import Joining
from referrals.joinings.queries import all_kept
from referrals.missing.models import MissingEpisode
from risk.agenda.models import PutForward
from risk.agenda.queries import items_of
from risk.agenda.queries.then import items_then
from risk.agenda.rules import Place, Window, arranged, day_of, past_day, window_of, with_kept
from risk.levels.actions import set_level as decide_level
from risk.levels.rules import Decision
from risk.meetings.actions import note_discussed, open_meeting
from risk.meetings.models import Meeting, MeetingItem
from risk.meetings.queries.entries import Entry
from risk.places.models import PlaceForward
from risk.suspects.models import OccurrenceFact, Suspect, SuspectLevel, SuspectOccurrence
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
    refer_to_service,
    set_level,
)
from tests.risk.meeting import item_of, send, series_of
from tests.sampled import sampled

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


# --- as it was --------------------------------------------------------------------------------------------


class World:
    """Children with random histories of the last days, of whom two have one child's records."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.chance, self.by = cast, random.Random(seed), cast.people["amira"]
        self.window = window_of(day_of(timezone.now()), cast.bradford.meets_at)
        self.children = [make_child(partnership=cast.bradford, by=self.by) for _each in range(7)]
        for child in self.children:
            self.history(child)

    def moment(self) -> datetime:
        """Before now, in the last days; now and then since the meeting before."""
        return timezone.now() - timedelta(minutes=self.chance.randrange(1, 8 * 24 * 60))

    def history(self, child: Child) -> None:
        for _each in range(self.chance.randrange(3)):
            self.episode(child)
        if self.chance.random() < 0.5:
            start = self.moment()
            back = start + timedelta(minutes=5) if self.chance.random() < 0.5 else None
            MissingEpisode.objects.create(
                child=child, partnership=child.partnership, reference=f"M-{child.pk}", missing_from=start,
                found_at=back, to_known_from=back, known_from=start, recorded_by=self.by,
            )  # fmt: skip

    def episode(self, child: Child, known: datetime | None = None) -> None:
        """One more; those of later on are shown to no charity, for who sees what is asked of now."""
        shown, known = known is None and self.chance.random() < 0.3, known or self.moment()
        day = london_date(known)
        episode = make_episode(child=child, by=self.by, referred_on=day, known_from=known)
        if shown:
            refer_to_service(episode=episode, service="northlight", by=self.by, referred_on=day)
        if self.chance.random() < 0.6:
            level = self.chance.choice(["HIGH", "MEDIUM", "LOW"])
            set_level(episode=episode, level=level, by=self.by, set_on=day, known_from=known)
            due = self.window.day + timedelta(days=self.chance.randrange(-3, 4))
            make_review(episode=episode, due_on=due, by=self.by)
        if self.chance.random() < 0.5:
            note = make_note(child=child, by=self.by, kind="information")
            Information.objects.create(
                partnership=child.partnership, child=child, episode=episode, kind="sighting",
                note=note.position, source="5A", recorded_at=max(known, self.moment()), recorded_by=self.by,
            )  # fmt: skip

    def goes_on(self) -> None:
        """Much is decided, found, closed and taken apart since."""
        for child in self.children:
            for episode in child.episodes.filter(closed_on=None):
                if self.chance.random() < 0.7:
                    level = self.chance.choice(["HIGH", "MEDIUM", "NO_RISK"])
                    decision = Decision(level, london_date(timezone.now()), "Agreed.", "panel")
                    decide_level(
                        episode=episode, decision=decision, seen_level=episode.level, by=self.by
                    )
            if self.chance.random() < 0.5:
                self.episode(child, timezone.now())
        now = timezone.now()
        MissingEpisode.objects.filter(found_at=None).update(found_at=now, to_known_from=now)


def live(user: User, window: Window) -> list[Place]:
    return arranged(with_kept(items_of(user, window), all_kept(user)), window)


def then(user: User, window: Window, known_at: datetime) -> list[Place]:
    kept = all_kept(user, known_at)
    return arranged(with_kept(items_then(user, window, known_at), kept), window)


@pytest.mark.long
@pytest.mark.parametrize("seed", sampled(range(60), 3))
def test_what_stood_on_the_list_is_read_again_whatever_happened_since(
    cast: Cast, seed: int
) -> None:
    world = World(cast, seed)
    first, second, *_others = world.children
    fact: Joining = join_records(child=first, kept=second, reason="Same child.", by=world.by)
    people = [cast.people[name] for name in ("amira", "nora", "chloe")]
    moment = timezone.now()
    before = [live(user, world.window) for user in people]
    assert [then(user, world.window, moment) for user in people] == before
    world.goes_on()
    take_apart(fact=fact, reason="Two children.", by=world.by)
    assert [then(user, world.window, moment) for user in people] == before
    assert live(people[0], world.window) != before[0] or not before[0]


# --- the page ---------------------------------------------------------------------------------------------


@pytest.fixture
def past_window(cast: Cast) -> Window:
    """The last day that had a meeting, and is past."""
    return window_of(working_day_before(day_of(timezone.now())), cast.bradford.meets_at)


@pytest.fixture
def address(past_window: Window) -> str:
    return f"/meetings/days/{past_window.day.isoformat()}/"


@pytest.fixture
def listed(cast: Cast, amira: User, past_window: Window) -> Any:
    """Rae Quillan's new episode was on the list of that day; nobody had decided."""
    known = past_window.since + timedelta(minutes=5)
    episode = make_episode(
        child=cast.unshared.child, by=amira, referred_on=london_date(known), known_from=known
    )
    set_level(episode=cast.unshared, level="MEDIUM", by=amira, set_on=cast.unshared.referred_on)
    set_level(episode=cast.shared, level="LOW", by=amira, set_on=cast.shared.referred_on)
    allocate(episode=episode, worker=amira, by=amira)
    return episode


def test_who_was_on_it_why_and_that_nobody_decided_or_what_followed(
    listed: Any, past_window: Window, amira: User, address: str, client_for: ClientFor
) -> None:
    client = client_for(amira)
    page = text(client, address)
    for words in ("Quillan, Rae", "2nd episode", "nobody has decided yet", "Medium",
                  "1 child was on the list", "Nobody has decided since"):  # fmt: skip
        assert words in page
    event = AuditEvent.objects.get(event="agenda.viewed")
    assert (event.reference, listed.child.reference in event.about) == (
        past_window.day.isoformat(),
        True,
    )
    today = london_date(timezone.now())
    set_level(episode=listed, level="HIGH", by=amira, set_on=today, known_from=timezone.now())
    page = text(client, address)
    assert f"High set on {today.day} {today:%b %Y}" in page
    assert "nobody has decided yet" in page, "it is the reason of that day"
    assert "Quillan" not in text(client, "/today/")


def test_what_that_days_meeting_decided_stands_beside_the_child_and_who_was_added_is_there(
    listed: Any, past_window: Window, cast: Cast, amira: User, address: str, client_for: ClientFor
) -> None:
    entries = [
        Entry(listed, "new_referrals", ("Referred",)),
        Entry(cast.shared, "by_hand", ("Asked for by the school.",)),
    ]
    meeting = open_meeting(series=series_of(cast), day=past_window.day, entries=entries, by=amira)
    said = {"outcome": "LOW", "rationale": "Agreed after the checks.", "decided_at": "23:59"}
    if past_window.day != london_date(timezone.now()):
        said["decided_at"] = "11:00"
    answer = send(client_for(amira), f"/meetings/items/{item_of(meeting, listed).pk}/", said)
    assert answer.status_code in (200, 302), answer.content.decode()
    page = text(client_for(amira), address)
    for words in ("Daily meeting: Low", "Added at the meeting", "Asked for by the school.", "Marden, Kit",
                  "Minutes: Daily meeting", f"/meetings/{meeting.pk}/minutes/"):  # fmt: skip
        assert words in page


def test_a_list_that_a_meeting_was_opened_with_before_its_hour_is_read_as_it_was_then(
    listed: Any, past_window: Window, cast: Cast, amira: User, address: str, client_for: ClientFor
) -> None:
    late = make_episode(
        child=cast.shared.child,
        by=amira,
        referred_on=past_window.day,
        known_from=past_window.until - timedelta(minutes=10),
    )
    client = client_for(amira)
    assert "2 children were on the list" in text(client, address)
    entries = [Entry(listed, "new_referrals", ("Referred",))]
    meeting = open_meeting(series=series_of(cast), day=past_window.day, entries=entries, by=amira)
    assert "2 children were on the list" in text(client, address), "it was opened afterwards"
    opened = past_window.until - timedelta(minutes=20)
    Meeting.objects.filter(pk=meeting.pk).update(opened_at=opened)
    page = text(client, address)
    assert "1 child was on the list" in page
    assert "Marden" not in page
    MeetingItem.objects.create(
        meeting=meeting, partnership=cast.bradford, child=late.child, episode=late, number=2,
        group="new_referrals", why=["Referred just before"],
    )  # fmt: skip
    page = text(client, address)
    assert "2 children were on the list" in page
    assert "Added at the meeting" not in page, "its group is that of the agenda"


def test_what_else_was_on_it_a_referral_a_place_a_suspect_and_what_came_of_each(
    cast: Cast,
    past_window: Window,
    amira: User,
    ben: User,
    nora: User,
    address: str,
    client_for: ClientFor,
) -> None:
    known: dict[str, Any] = {
        "partnership": cast.bradford, "for_day": past_window.day, "known_from": past_window.since,
        "recorded_by": ben,
    }  # fmt: skip
    referral = make_referral(
        partnership=cast.bradford, by=ben, about="place", forenames="", surname="", age_about=None,
        address="Mill Lane Arcade", description="Open late.",
    )  # fmt: skip
    place = PlaceForward.objects.create(referral=referral, because="Named again.", **known)
    suspect = any_row(Suspect, cast.bradford)
    PutForward.objects.create(suspect=suspect, because="Two children name the car.", **known)
    page = text(client_for(ben), address)
    assert page.count("Still on the list") == 2
    assert "Mill Lane Arcade: Open late. Named again." in page
    open_meeting(series=series_of(cast), day=past_window.day, entries=[], by=amira)
    note_discussed(forward=place, came_of_it="Police pass by.", on=past_window.day, by=amira)
    occurrence = any_row(SuspectOccurrence, cast.bradford)
    any_row(OccurrenceFact, cast.bradford, {SuspectOccurrence: occurrence, Suspect: suspect})
    SuspectLevel.objects.create(
        occurrence=occurrence, partnership=cast.bradford, set_on=london_date(timezone.now()), level="HIGH",
        known_from=timezone.now(), recorded_by=ben,
    )  # fmt: skip
    page = text(client_for(ben), address)
    assert "The meeting said: Police pass by." in page
    assert "Level High set since" in page
    assert suspect.reference not in text(client_for(nora), address)
    assert "uspect" not in text(client_for(nora), address)


def test_each_sees_what_they_may_now_and_a_charity_is_told_no_totals(
    listed: Any, cast: Cast, past_window: Window, dev: User, address: str, client_for: ClientFor
) -> None:
    make_review(episode=cast.shared, due_on=past_window.day, by=dev)
    charity = text(client_for(cast.people["chloe"]), address)
    assert "Marden, Kit" in charity
    for words in ("Quillan", "on the list.", "(1)", "put forward", "put to no child"):
        assert words not in charity
    assert "2 children" in text(client_for(cast.people["nora"]), address)
    restrict(child=cast.unshared.child, because="Confidential.", by=dev)
    page = text(client_for(cast.people["nora"]), address)
    assert "Quillan" not in page
    assert "1 child " in page
    for name in ("otto", "ana", "bea"):
        assert client_for(cast.people[name]).get(address).status_code == 403


def test_who_was_missing_and_is_back_is_said_so(
    cast: Cast, past_window: Window, amira: User, address: str, client_for: ClientFor
) -> None:
    make_missing(
        child=cast.unshared.child, by=amira, start=past_window.since + timedelta(minutes=1)
    )
    assert "Still missing since" in text(client_for(amira), address)
    now = timezone.now()
    MissingEpisode.objects.update(found_at=now, to_known_from=now)
    page = text(client_for(amira), address)
    assert "Still missing since" in page
    assert "Back " in page


@pytest.mark.parametrize(
    ("typed", "good"),
    [("1/1/1999", False), ("whenever", False), ("", False), ("29/3/2016", True), ("2016-03-29", True),
     ("28/3/2016", False)],
)  # fmt: skip
def test_a_day_without_a_meeting_has_no_list(typed: str, good: bool) -> None:
    day, problem = past_day(typed, timezone.now())
    assert (day == date(2016, 3, 29)) is good
    assert bool(problem) is not good


def test_a_day_that_is_typed_leads_to_its_list_and_today_to_todays(
    cast: Cast, amira: User, past_window: Window, address: str, client_for: ClientFor
) -> None:
    client = client_for(amira)
    typed = f"{past_window.day:%d/%m/%Y}"
    assert client.get("/meetings/days/", {"day": typed}).headers["Location"] == address
    today = day_of(timezone.now())
    assert client.get(f"/meetings/days/{today}/").headers["Location"] == f"/today/?day={today}"
    for where in ("/meetings/days/?day=never", "/meetings/days/2016-03-27/"):
        answer = client.get(where)
        assert answer.status_code == 422
        assert "Give" in answer.content.decode()
    assert address in text(client, "/today/")
    old = text(client, "/meetings/days/2016-03-29/")
    assert "No child was on the list" in old
    assert "Tuesday 29 March 2016" in old


def test_a_long_list_is_paged_and_asks_no_more_of_the_database(
    listed: Any, cast: Cast, past_window: Window, amira: User, address: str, client_for: ClientFor
) -> None:
    client, counts = client_for(amira), []
    known = past_window.since + timedelta(minutes=5)
    for many in (1, 60):
        for _ in range(many):
            child = make_child(partnership=cast.bradford, by=amira)
            make_episode(child=child, by=amira, referred_on=london_date(known), known_from=known)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "62 children were on the list." in text(client, f"{address}?page=2")
    assert is_working_day(past_window.day)
