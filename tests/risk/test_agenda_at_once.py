"""What may stand on a day's list, read at once, is what is read kind by kind; each wall stands by itself."""

from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hub.access.context import act_as
from hub.accounts.actions import operator
from hub.accounts.models import User
from partners.agencies.models import Agency, Post
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.grants.actions import restrict
from referrals.information.models import Information
from referrals.joinings.actions import join_records
from referrals.joinings.queries import all_kept, records_of
from referrals.notes.actions import withdraw_note
from referrals.notes.models import Note
from risk.agenda.queries import ASK, items_by_kind, items_of, missing_items
from risk.agenda.rules import REFERRED, TOLD, Item, Window, arranged, day_of, window_of, with_kept
from risk.levels.models import RiskLevel
from risk.meetings.queries.entries import without_episode
from tests.cast import Cast
from tests.drill.at_once import unnoticed
from tests.make import make_child, make_episode, make_missing, make_note, make_review, set_level
from tests.second_wall import as_application

PEOPLE = ("amira", "ben", "dev", "nora", "erin", "chloe", "ana")
# Conditions that change nothing while the others stand, and why.
CHANGE_NOTHING = {
    "i.partnership_id = ours": "the note's is asked as well",
    "n.partnership_id = ours": "the information's is asked as well",
    "n.child_id = i.child_id": "a note's number is its own in the whole hub",
    "n.seen_by = 'named'": "no other marking may name agencies: referrals_note_marked",
}
KINDS = 5  # of what may stand there: two of them tell of missing

pytestmark = pytest.mark.django_db


def again(who: User) -> User:
    """The same person in a request of their own."""
    found = User.objects.get(pk=who.pk)
    found.within_a_request = True
    return found


@pytest.fixture
def windows() -> list[Window]:
    day = day_of(timezone.now())
    return [window_of(day, time(9, 30)), window_of(day, time(23, 59))]


@pytest.fixture
def morning(cast: Cast, amira: User, ben: User, windows: list[Window]) -> Cast:
    """Something of every kind, and new information under every marking."""
    fresh = windows[0].since + timedelta(minutes=1)
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    for who, marking in (
        (amira, {"seen_by": "hub"}),
        (amira, {"seen_by": "everybody"}),
        (amira, {"seen_by": "own"}),
        (ben, {"seen_by": "own"}),
        (amira, {"seen_by": "named", "for_agencies": [police.pk]}),
    ):
        note = make_note(child=cast.shared.child, by=who, kind="information", **marking)
        Information.objects.create(
            partnership=cast.bradford, child=cast.shared.child, episode=cast.shared, kind="sighting",
            note=note.position, source="5A", recorded_at=fresh, recorded_by=who,
        )  # fmt: skip
    set_level(episode=cast.unshared, level="LOW", set_on=date(2026, 3, 9), by=amira)
    make_review(episode=cast.unshared, due_on=windows[0].day, by=amira)
    make_episode(child=cast.unshared.child, by=amira)
    make_missing(child=cast.shared.child, by=amira, start=fresh)
    make_missing(child=cast.shared.child, by=amira, start=fresh, found_at=fresh)
    return cast


def read(who: User, window: Window, *, for_the_hub: bool) -> list[Item]:
    """Read it in both ways, and give what both say."""
    at_once = items_of(again(who), window, for_the_hub=for_the_hub)
    by_kind = items_by_kind(again(who), window, for_the_hub=for_the_hub)
    assert sorted(map(repr, at_once)) == sorted(map(repr, by_kind)), who.username
    return at_once


def told_to(who: User, window: Window, wall: str) -> int:
    """Read it in both ways, for the person and for the hub; give how many are told of something new."""
    with as_application() if wall == "both" else nullcontext():
        act_as(again(who))
        read(who, window, for_the_hub=True)
        return sum(item.kind == TOLD for item in read(who, window, for_the_hub=False))


@pytest.mark.long
@pytest.mark.parametrize("wall", ["the application's alone", "both"])
def test_both_ways_of_reading_give_the_same(
    morning: Cast, windows: list[Window], wall: str
) -> None:
    people = {name: morning.people[name] for name in PEOPLE}
    kinds = {item.kind for item in read(people["dev"], windows[0], for_the_hub=False)}
    assert len(kinds) == KINDS
    told = {name: [told_to(who, each, wall) for each in windows] for name, who in people.items()}
    assert told["amira"] == told["ben"] == [4, 4], "hub's, all's, own, what names them"
    assert told["nora"] == [2, 2]
    for episode in (morning.shared, morning.unshared):
        restrict(child=episode.child, because="Confidential.", by=people["dev"])
    after = {name: [told_to(who, each, wall) for each in windows] for name, who in people.items()}
    assert after["nora"] == [0, 0]
    assert read(people["nora"], windows[1], for_the_hub=False) == [], "nothing of any kind"


def test_without_the_applications_wall_the_database_shows_nothing_that_is_not_theirs(
    morning: Cast, windows: list[Window]
) -> None:
    window = windows[1]

    def told_to(name: str) -> set[str]:
        with as_application():
            act_as(again(morning.people[name]))
            who = morning.people["amira"].pk
            told: list[Any] = [morning.bradford.pk, [], who, None]
            told += [window.since, window.until, window.day, False]
            with connection.cursor() as cursor:
                cursor.execute(ASK, told)
                return {kind for kind, *_told in cursor.fetchall()}

    assert told_to("nora") == {"missing", REFERRED, TOLD, "due"}
    assert told_to("erin") == set()
    assert told_to("chloe") <= {"missing", REFERRED, "due"}


def test_outside_a_request_it_is_read_kind_by_kind(morning: Cast, windows: list[Window]) -> None:
    found = items_of(operator(), windows[1])
    assert {item.kind for item in found} >= {TOLD, REFERRED}


def inform(cast: Cast, episode: Episode, at: datetime, seen_by: str = "everybody") -> Note:
    amira = cast.people["amira"]
    note = make_note(child=episode.child, by=amira, kind="information", seen_by=seen_by)
    Information.objects.create(
        partnership=cast.bradford, child=episode.child, episode=episode, kind="sighting",
        note=note.position, source="5A", recorded_at=at, recorded_by=amira,
    )  # fmt: skip
    return note


@pytest.fixture
def crowded(morning: Cast, amira: User, windows: list[Window]) -> Cast:
    """Beside it whatever looks like it and does not count: corrected, decided, closed, later, another's."""
    since, until = windows[0].since, windows[0].until
    fresh, later = since + timedelta(minutes=1), windows[1].until + timedelta(hours=1)
    child = morning.shared.child
    gone: dict[str, Any] = {"superseded_at": timezone.now(), "superseded_by": amira}
    make_missing(child=child, by=amira, start=fresh, **gone)
    make_missing(child=child, by=amira, start=later)
    make_episode(child=child, by=amira, known_from=since - timedelta(days=400))
    closed = make_episode(child=child, by=amira, closed_on=date(2026, 3, 9))
    Episode.objects.filter(pk=closed.pk).update(review_due_on=windows[0].day)
    inform(morning, morning.shared, until + timedelta(seconds=1))
    inform(morning, closed, fresh)
    decided, undecided = (make_episode(child=child, by=amira) for _each in range(2))
    minute = timedelta(minutes=1)
    made = [
        set_level(episode=episode, level="LOW", set_on=date(2026, 3, 9), by=amira,
                  known_from=fresh + apart, position=number)
        for number, (episode, apart) in enumerate(
            ((decided, minute), (undecided, -minute), (undecided, minute)), 1
        )
    ]  # fmt: skip
    RiskLevel.objects.filter(pk=made[-1].pk).update(**gone)
    for episode in (decided, undecided):
        inform(morning, episode, fresh)
    withdraw_note(note=inform(morning, morning.shared, fresh), reason="Another child.", by=amira)
    inform(morning, morning.shared, fresh, "own")
    Post.objects.filter(user=amira).update(agency=Agency.objects.get(code="health"))
    return morning


def expected_without(who: User, window: Window) -> list[tuple[int, tuple[str, ...]]]:
    """Who is missing and has no open episode on any record, each child looked at by itself."""
    kept = all_kept(again(who))
    places = arranged(with_kept(missing_items(again(who), window), kept), window)
    seen = Episode.objects.visible_to(again(who)).open()
    return [
        (place.child, place.reasons)
        for place in places
        if not seen.filter(child__in=records_of(kept, [place.child])).exists()
    ]


def test_who_is_missing_and_has_no_open_episode_is_named_beside_the_agenda(
    morning: Cast, windows: list[Window], amira: User
) -> None:
    fresh = windows[0].since + timedelta(minutes=1)

    def missing(*, closed: bool = False, joined: bool = False, joined_open: bool = False) -> Child:
        """A missing child; with a closed episode, a second record, and an open episode on that one."""
        child = make_child(partnership=morning.bradford, by=amira)
        if closed:
            make_episode(child=child, by=amira, closed_on=date(2026, 3, 9))
        if joined:
            second = make_child(partnership=morning.bradford, by=amira)
            make_missing(child=second, by=amira, start=fresh)
            if joined_open:
                make_episode(child=second, by=amira)
            join_records(child=second, kept=child, reason="Entered twice.", by=amira)
        make_missing(child=child, by=amira, start=fresh)
        return child

    named = [missing(), missing(closed=True), missing(joined=True)]
    missing(joined=True, joined_open=True)
    hidden = missing(closed=True)
    restrict(child=hidden, because="Confidential.", by=morning.people["dev"])
    for name in ("amira", "ben", "dev", "nora", "erin"):
        who = again(morning.people[name])
        found = without_episode(windows[0], who, all_kept(again(who)))
        assert [(child.pk, why) for child, why in found] == expected_without(who, windows[0]), name
        told = {"erin": [], "dev": [*named, hidden]}.get(name, named)
        assert {child for child, _why in found} == set(told), name


@pytest.mark.drill
def test_each_condition_of_the_function_is_needed(crowded: Cast, windows: list[Window]) -> None:
    morning = crowded

    def compare() -> None:
        for who in morning.people.values():
            for window in windows:
                told_to(who, window, "the application's alone")

    def hidden_too() -> None:
        compare()
        for episode in (morning.shared, morning.unshared):
            restrict(child=episode.child, because="Confidential.", by=morning.people["dev"])
        compare()

    assert sorted(unnoticed("risk_agenda_items", hidden_too)) == sorted(CHANGE_NOTHING)
